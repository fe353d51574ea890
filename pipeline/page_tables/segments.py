"""What each lead is, by the things that marketing aims by, with spelling variants as one value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import pandas as pd

from data_checks.agreement import Agreement
from data_checks.folding import fold, is_missing
from data_checks.stages import StageName
from features.lead_clauses import canonical_of, spellings_of
from features.text_column import from_series
from features.vocabulary import written_labels
from pipeline.page_tables.leads import TEXTS

VALUES: Final = """
select lead_id, source, campaign_id, industry, size, country, line_of_business from leads order by lead_id
"""
OF_LEADS: Final = ("source", "industry", "size", "country", "line_of_business")
"""What a lead is whatever campaigns it met."""

WRITTEN_BY_PEOPLE: Final = ("source", "industry", "country", "line_of_business")
"""Columns of free text: the others are ids and bands."""


def segment_values(leads: pd.DataFrame, agreement: Agreement) -> pd.DataFrame:
    """Return what `VALUES` finds with each value as the agreement writes it, or else as its plainest writing.

    A word for none is none. So ``SW`` is Software here, as it is to the model.
    """
    spellings, canonical = spellings_of(agreement), canonical_of(agreement)
    evened = {
        name: _evened(leads[name], spellings.get(TEXTS[name], {}), canonical.get(TEXTS[name], {}))
        for name in WRITTEN_BY_PEOPLE
    }
    # A column without a value would be one without a type.
    return leads.assign(**evened).astype("str")


def segments_sql(target: StageName, now: datetime) -> str:
    """Return the query for the table ``segments``: the values of each lead, and what came of it.

    ``days_to_target`` are those from its creation until it reached the target, rounded up; ``days_seen``
    those until now, rounded down, of a lead that has not reached it. ``predicted`` is what the model of its
    time said at the lead's first look in the back-test, ``came`` whether it came true; later looks are at
    leads that had not converted meanwhile, so their mean would depend on what came of it.
    """
    seen = _days(f"timestamptz '{now.isoformat()}'")
    return f"""
with first_looks as (
  select lead_id::varchar as lead_id, probability::double as predicted, converted::boolean as came
  from past_scores
  qualify row_number() over (partition by lead_id order by as_of, model desc) = 1
)
select g.*, l.created_at, l.mql_at is not null as is_mql,
  case when l.{target}_at is not null then ceil(greatest({_days(f"l.{target}_at")}, 0))::integer end
    as days_to_target,
  case when l.{target}_at is null then floor(greatest({seen}, 0))::integer end as days_seen,
  f.predicted, f.came
from given g join leads l using (lead_id) left join first_looks f using (lead_id)
order by g.lead_id
"""


def _days(until: str) -> str:
    return f"(epoch_us({until}) - epoch_us(l.created_at)) / 86400e6"


def _evened(texts: pd.Series, spellings: Mapping[str, str], canonical: Mapping[str, str]) -> pd.Series:
    written = {**written_labels(from_series(texts), spellings), **canonical}
    known = {text: fold(text) for text in texts.dropna().unique() if not is_missing(text)}
    names = {text: written[spellings.get(folded, folded)] for text, folded in known.items()}
    return texts.map(names)
