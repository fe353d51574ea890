"""What is said of one lead, before it has an id and a place in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data_checks.instant import Issue
from features.lead_input import LeadInput
from models.explanation import Explanation
from serving.lead_reading import UnreadableLeadError, read_lead
from serving.messages import LeadMessage

if TYPE_CHECKING:
    from models.explanation import FamilyEffect, Reason
    from models.scorer import LeadScore


@dataclass(frozen=True)
class Verdict:
    """A score, or the refusal of one. ``lead`` is what it was made from, None if that could not be read."""

    lead_id: str
    as_of: int | None
    decision: str
    lead: LeadInput | None = None
    probability: float | None = None
    grade: str | None = None
    reasons: Sequence[Reason] = ()
    issues: Sequence[Issue] = ()
    base_probability: float | None = None
    families: Sequence[FamilyEffect] = ()
    probability_low: float | None = None
    probability_high: float | None = None

    @property
    def why(self) -> Explanation:
        """Why the lead has its probability."""
        return Explanation(self.base_probability, tuple(self.reasons), tuple(self.families))


# A lead that the model is to see, with what is to be said of it besides; or the verdict without it.
Draft = tuple[LeadInput, tuple[Issue, ...]] | Verdict


def draft_of(message: LeadMessage, now: int) -> Draft:
    """Read a lead of a request; ``now`` stands for an absent as-of moment."""
    try:
        return read_lead(message, now)
    except UnreadableLeadError as fault:
        return Verdict(message.lead_id, fault.as_of, "reject", issues=fault.issues)


def verdict_of(draft: tuple[LeadInput, tuple[Issue, ...]], score: LeadScore) -> Verdict:
    """Return what a model says of a lead that it was shown, and what is to be said besides."""
    lead, remarks = draft
    return Verdict(
        score.lead_id,
        score.as_of,
        score.decision,
        lead,
        score.probability,
        score.grade,
        score.reasons,
        (*remarks, *score.issues),
        score.base_probability,
        score.families,
        score.probability_low,
        score.probability_high,
    )
