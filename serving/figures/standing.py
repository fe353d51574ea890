"""Where each open lead stands: the CRM's stage, or what was said in Baton since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from serving.figures.dimensions import named_columns
from serving.figures.file import Figures
from serving.ledger.latest_words import Word

Standing = Literal["open", "contacted", "accepted", "rejected", "recycled", "marketing"]

STANDINGS: Final[Mapping[Standing, str]] = {
    "open": "With sales, waits for a call",
    "contacted": "With sales, called or mailed",
    "accepted": "Accepted by sales",
    "rejected": "Rejected by sales",
    "recycled": "Back with marketing",
    "marketing": "With marketing",
}
"""Where a lead can stand, in words."""


@dataclass(frozen=True)
class LedgerView:
    """What the ledger adds to a file: the last word on each lead, and who is not to be shown.

    ``clock`` is the moment of the look. ``is_down`` says that hand-offs could not be read.
    """

    words: Mapping[str, Word]
    erased: Collection[str]
    clock: datetime
    is_down: bool = False


_WORD: Final = (
    ("lead_id", "varchar"),
    ("state", "varchar"),
    ("at", "timestamp"),
    ("handed_at", "timestamp"),
    ("due_at", "timestamp"),
    ("until", "timestamp"),
    ("reason", "varchar"),
    ("by", "varchar"),
    ("handoff_id", "varchar"),
)


_SCORED: Final = (
    *("lead_id", "probability", "probability_low", "probability_high"),
    *("grade", "decision", "week_ago", "month_ago"),
)
"""What every list tells of a score. Its reasons are long, and are fetched for those that are shown."""


def _open_leads() -> str:
    """Return the common table ``open_leads``: one row for each lead that is open and was not erased.

    What a lead is, is told as in the table ``segments``. A word of Baton's counts unless the CRM moved the
    lead after it. Whether sales has called, the CRM knows up to the moment of the history; what was said in
    Baton, up to now. ``place`` is that of the score.
    """
    scored = ", ".join(f"s.{name}" for name in _SCORED)
    words = ", ".join(f"unnest(${name}::{kind}[]) as w_{name}" for name, kind in _WORD)
    return f"""
with words as (select {words}),
given as (
  select lead_id as h_lead_id, handed_at as h_handed_at, contacted_at as h_contacted_at, due_at as h_due_at
  from handoffs
),
open_leads as (
  select s.rowid as place, {scored}, l.company, l.title, l.owner, l.created_at, l.last_activity_at,
    {named_columns("g")},
    w_state is not null and not coalesce(l.stage_since > w_at and l.stage_since <= $clock, false) as by_baton,
    case
      when by_baton then w_state
      when l.stage = 'recycled' then 'recycled'
      when l.stage in ('sal', 'sql', 'opportunity', 'won') then 'accepted'
      when l.stage = 'mql' and h_contacted_at is not null then 'contacted'
      when l.stage = 'mql' and h_lead_id is not null then 'open'
      else 'marketing' end as standing,
    case when by_baton then w_at when standing <> 'marketing' then coalesce(l.stage_since, h_handed_at) end
      as standing_since,
    case when standing <> 'open' then null when by_baton then w_due_at else h_due_at end as due_at,
    case when by_baton then w_until end as until,
    case when by_baton then w_reason when standing = 'recycled' then l.sent_back_for end as reason,
    case when by_baton then w_by end as said_by,
    case when by_baton then w_handoff_id end as handoff_id,
    case when by_baton then $clock else $now end as counted_to,
    coalesce(due_at < counted_to, false) as overdue,
    s.probability - s.month_ago as rise
  from scores s join leads l using (lead_id) join segments g using (lead_id)
  left join given on h_lead_id = s.lead_id
  left join words on w_lead_id = s.lead_id
  where s.lead_id not in (select unnest($erased::varchar[]))
)
"""


OPEN_LEADS: Final = _open_leads()
"""The beginning of a query over ``open_leads``, which takes `standing_parameters`."""


def standing_parameters(figures: Figures, ledger: LedgerView) -> dict[str, Any]:
    """Return the parameters of `OPEN_LEADS`."""
    told = [[getattr(word, name) for word in ledger.words.values()] for name, _ in _WORD]
    return {
        **dict(zip((name for name, _ in _WORD), told, strict=True)),
        "erased": list(ledger.erased),
        "clock": ledger.clock,
        "now": figures.now,
    }
