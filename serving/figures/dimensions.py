"""What marketing can aim by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from serving.figures.file import Figures


@dataclass(frozen=True)
class Dimension:
    """A thing that leads differ in: a column of table ``segments``, and ``field`` of the CRM's leads."""

    name: str
    label: str
    column: str
    field: str
    missing: str = "not known"

    def say(self, value: str | None, names: Mapping[str, str]) -> str:
        """Return what people call a value; ``names`` are those of the campaigns."""
        if value is None:
            return self.missing
        return names.get(value, value) if self.column == "campaign_id" else value


DIMENSIONS: Final = (
    Dimension("source", "Source", "source", "lead_source"),
    Dimension("campaign", "Campaign", "campaign_id", "campaign_id", "no campaign"),
    Dimension("industry", "Industry", "industry", "industry"),
    Dimension("size", "Employees", "size", "number_of_employees"),
    Dimension("country", "Country", "country", "country"),
    Dimension("line_of_business", "Line of business", "line_of_business", "line_of_business"),
)


def named_columns(alias: str) -> str:
    """Return the columns of ``segments``, which a query calls so, each by the name of its dimension."""
    return ", ".join(f"{alias}.{one.column} as {one.name}" for one in DIMENSIONS)


def offered(figures: Figures) -> tuple[Dimension, ...]:
    """Return what leads can be told apart by: the CRM fills it in, and the agreement does not hide it."""
    counts = ", ".join(f"count({one.column}) as {one.name}" for one in DIMENSIONS)
    values = figures.row(f"select {counts} from segments")
    return tuple(one for one in DIMENSIONS if values[one.name])


def campaign_names(figures: Figures) -> Mapping[str, str]:
    """Return what each campaign is called; two of one name are told apart by their ids."""
    rows = figures.rows("select campaign_id, nullif(trim(name), '') as name from campaigns")
    uses = Counter(row["name"] for row in rows)
    return {
        row["campaign_id"]: row["name"] if uses[row["name"]] == 1 else f"{row['name']} ({row['campaign_id']})"
        for row in rows
        if row["name"] is not None
    }
