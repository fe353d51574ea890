"""Leads that come back: recycled or old, and likelier now than a month ago."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from serving.figures.file import Figures
from serving.figures.open_leads import long_texts
from serving.figures.standing import OPEN_LEADS, STANDINGS, LedgerView, Standing, standing_parameters
from serving.figures.trend import Trend
from serving.figures.why import Changes, changes_of

POINTS: Final = 3.0
"""Percentage points by which a probability has to have risen within a month, unless the address says more."""

MONTH: Final = timedelta(days=30)

Kind = Literal["recycled", "old"]
KINDS: Final[Mapping[Kind, str]] = {"recycled": "Back with marketing", "old": "Older than the agreed days"}


@dataclass(frozen=True)
class ComeBack:
    """A lead that marketing had let go, and that is likelier now.

    ``since`` counts what it did within the month; ``latest`` is the newest of that, at ``latest_at``.
    """

    lead_id: str
    company: str | None
    title: str | None
    owner: str | None
    created_at: datetime | None
    standing: Standing
    standing_since: datetime | None
    until: datetime | None
    grade: str | None
    probability: float
    probability_low: float | None
    probability_high: float | None
    week_ago: float | None
    month_ago: float
    rise: float
    last_activity_at: datetime | None
    since: int
    latest: str | None
    latest_at: datetime | None
    changes: Changes | None

    @property
    def trend(self) -> Trend:
        """Where its probability is going."""
        return Trend(self.probability, self.week_ago, self.month_ago)

    @property
    def where(self) -> str:
        """Where it stands, in words."""
        return STANDINGS[self.standing]


@dataclass(frozen=True)
class ComeBacks:
    """The leads that rose most, and how many there are in all."""

    total: int
    leads: tuple[ComeBack, ...]


def come_backs(
    figures: Figures,
    ledger: LedgerView,
    points: float = POINTS,
    kind: Kind | None = None,
    most: int | None = None,
) -> ComeBacks:
    """Return the leads whose probability rose by at least ``points``, those that rose most first."""
    rows = figures.rows(
        f"""{OPEN_LEADS},
        risen as (
          select *, standing = 'recycled' as is_recycled, created_at < $old_before as is_old
          from open_leads
          where rise >= $points and (is_recycled or is_old)
        ),
        back as materialized (
          select *, count(*) over () as total from risen
          where $kind is null or ($kind = 'recycled' and is_recycled) or ($kind = 'old' and is_old)
          order by rise desc, lead_id limit $most
        ),
        did as (
          select lead_id, count(*) as since, max(occurred_at) as latest_at,
            arg_max(activity_type || coalesce(': ' || nullif(trim(asset), ''), ''), occurred_at) as latest
          from activities
          where direction is distinct from 'outbound' and occurred_at > $month_ago and occurred_at <= $now
            and lead_id in (select lead_id from back)
          group by lead_id
        )
        select back.*, coalesce(did.since, 0) as since, did.latest, did.latest_at
        from back left join did using (lead_id)
        order by rise desc, lead_id
        """,
        {
            **standing_parameters(figures, ledger),
            "points": points / 100,
            "kind": kind,
            "most": most,
            "old_before": figures.now - timedelta(days=figures.agreement.target.within_days),
            "month_ago": figures.now - MONTH,
        },
    )
    changes = long_texts(figures, "changes", rows)
    own = [name for name in ComeBack.__dataclass_fields__ if name != "changes"]
    told = ({name: row[name] for name in own} for row in rows)
    leads = tuple(
        ComeBack(**one, changes=changes_of(changes[row["place"]]))
        for one, row in zip(told, rows, strict=True)
    )
    return ComeBacks(rows[0]["total"] if rows else 0, leads)
