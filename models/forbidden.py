"""What a model looks at although it may not."""

from __future__ import annotations

from features.exclusions import Exclusions
from features.profile import Profile
from models.findings import Finding, Objection


def looks_at_forbidden(profile: Profile, forbidden: Exclusions) -> Finding:
    """Ask whether features can look at a column or an activity type that is never to be used."""
    named = set(profile.columns) | set(profile.vocabularies)
    named |= {"account_id"} if profile.has_accounts else set()
    named |= {"campaign_id"} if "campaigns.channel" in profile.vocabularies else set()
    columns = sorted(named & forbidden.columns)
    types = sorted(forbidden.activity_types - set(profile.unused_activity_types))
    found = [*columns, *(f"activity type {name}" for name in types)]
    objection = None
    if found:
        objection = Objection(
            "a model uses nothing that the agreement or the leakage audit forbids",
            ", ".join(found),
            "build it again with `dvc repro`, or let both teams change the agreement's never_use or known_at",
            binding=True,
        )
    return Finding("forbidden", "features", {"used": ", ".join(found)}, objection)
