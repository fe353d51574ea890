"""One lead: who it is, and what the model says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from serving.figures.file import Figures, Row
from serving.figures.why import Changes, Why, changes_of, families_of, issues_of, reasons_of


@dataclass(frozen=True)
class Score:
    """What the model says of an open lead now; ``decision`` is ``reject`` where it may not be scored."""

    probability: float | None
    probability_low: float | None
    probability_high: float | None
    base_probability: float | None
    grade: str | None
    decision: str
    week_ago: float | None
    month_ago: float | None
    reasons: tuple[Why, ...]
    families: tuple[tuple[str, float], ...]
    issues: tuple[tuple[str, str], ...]
    changes: Changes | None

    @property
    def reasons_for(self) -> tuple[Why, ...]:
        """What speaks for the lead."""
        return tuple(one for one in self.reasons if one.effect > 0)

    @property
    def reasons_against(self) -> tuple[Why, ...]:
        """What speaks against it."""
        return tuple(one for one in self.reasons if one.effect < 0)


def lead_row(figures: Figures, lead_id: str) -> Row | None:
    """Return what the CRM knows of a lead; None if it knows no such lead."""
    found = figures.rows(
        """
        select l.*, c.name as campaign
        from leads l left join campaigns c using (campaign_id)
        where l.lead_id = $lead_id limit 1
        """,
        {"lead_id": lead_id},
    )
    return found[0] if found else None


def lead_score(figures: Figures, lead_id: str) -> Score | None:
    """Return the score of a lead, if it is open."""
    found = figures.rows("select * from scores where lead_id = $lead_id limit 1", {"lead_id": lead_id})
    return _score(found[0]) if found else None


def facts_of(row: Row) -> Mapping[str, object]:
    """Return who a lead is, by what people call it; what is not known is left out."""
    told: dict[str, Any] = {
        "Title": row["title"],
        "Industry": row["industry"],
        "Country": row["country"],
        "Employees": None if row["employees"] is None else f"{row['employees']:,.0f}",
        "Line of business": row["line_of_business"],
        "Source": row["source"],
        "Campaign": row["campaign"] or row["campaign_id"],
        "Owner": row["owner"],
    }
    return {name: value for name, value in told.items() if value is not None}


def _score(row: Row) -> Score:
    read = {"reasons": reasons_of, "families": families_of, "issues": issues_of, "changes": changes_of}
    told = {name: row[name] for name in Score.__dataclass_fields__}
    return Score(**told | {name: reading(told[name]) for name, reading in read.items()})
