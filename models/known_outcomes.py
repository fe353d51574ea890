"""The dated reference of outcomes: what was known of past leads, and from which moment on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from data_checks.agreement import Agreement
from data_checks.folding import fold
from features.account_book import NO_ACCOUNTS, AccountBook
from features.fields_as_of import field_as_of
from features.moments import DAY
from features.profile import Profile
from features.records import Records, Snapshots, by_blocks
from features.reference import ALL, KnownOutcomes, Reference
from features.text_column import Codes
from models.gaps import Gaps, in_gaps
from models.outcomes import reached_at


def reference_of(  # noqa: PLR0913, PLR0917 - each is another source of what is known
    records: Records,
    campaigns: pd.DataFrame,
    agreement: Agreement,
    profile: Profile,
    now: int,
    gaps: Gaps = (),
) -> Reference:
    """Return the reference of all that was known at ``now``, but for leads that came within ``gaps``.

    An outcome is known for good when the horizon has passed since the lead was created, be it a
    success or not: counting successes as they come would favour the young.
    """
    horizon = agreement.target.within_days * DAY
    accounts = _accounts(records, agreement) if profile.has_accounts else NO_ACCOUNTS
    if not profile.settings.known_rates:
        return Reference(_channels(campaigns), horizon=horizon, accounts=accounts)
    mature = np.flatnonzero((records.created <= now - horizon) & ~in_gaps(records.created, gaps))
    known = records.created[mature] + horizon
    converted = reached_at(records, agreement)[mature] <= known
    arrival = Snapshots(mature.astype(np.int64), records.created[mature])
    outcomes = {ALL: KnownOutcomes.of(np.zeros(len(mature), np.int32), known, converted)}
    for column in profile.settings.known_rates:
        if column in profile.vocabularies:
            codes = by_blocks(partial(_codes, column=column, profile=profile), records, arrival)
            outcomes[column] = KnownOutcomes.of(codes, known, converted)
    return Reference(_channels(campaigns), outcomes, horizon, accounts)


def _accounts(records: Records, agreement: Agreement) -> AccountBook:
    arrival = Snapshots(np.arange(len(records), dtype=np.int64), records.created)
    account = field_as_of(records, arrival, "account_id")
    return AccountBook.of(account, records.created, reached_at(records, agreement))


def _codes(records: Records, snapshots: Snapshots, column: str, profile: Profile) -> Codes:
    return profile.vocabularies[column].codes(field_as_of(records, snapshots, column))


def _channels(campaigns: pd.DataFrame) -> Mapping[str, str]:
    # Sorted, so that of two spellings of one id the same wins however the rows arrive.
    named = campaigns.dropna(subset=["campaign_id", "channel"]).sort_values(["campaign_id", "channel"])
    return {fold(name): channel for name, channel in zip(named["campaign_id"], named["channel"], strict=True)}
