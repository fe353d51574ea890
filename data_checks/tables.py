"""The six tables of a CRM's history, as the whole house reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pandas as pd

ColumnType = Literal["text", "number", "time", "boolean"]
TIME_DTYPE: Final = "datetime64[us, UTC]"


@dataclass(frozen=True)
class TableShape:
    """Which columns a table has, of what type, and which it cannot do without.

    ``custom`` says whether further columns of the CRM are welcome; they are read as text.
    """

    name: str
    columns: Mapping[str, ColumnType]
    required: tuple[str, ...]
    custom: bool = False


def _shape(name: str, required: str, custom: bool = False, /, **columns: ColumnType) -> TableShape:
    return TableShape(name, MappingProxyType(columns), tuple(required.split()), custom)


# Numbers of `leads` stay text until the agreement's checks have seen them: "about 200" is a breach
# to report, not a missing value to swallow.
SHAPES: Final[Mapping[str, TableShape]] = MappingProxyType(
    {
        shape.name: shape
        for shape in (
            _shape(
                "leads",
                "lead_id created_at",
                True,
                lead_id="text",
                created_at="time",
                company="text",
                email="text",
                title="text",
                industry="text",
                number_of_employees="text",
                annual_revenue="text",
                country="text",
                lead_source="text",
                campaign_id="text",
                line_of_business="text",
                dnb_rating="text",
                bbb_rating="text",
                account_id="text",
                owner_id="text",
                stage="text",
                converted_at="time",
            ),
            _shape(
                "activities",
                "lead_id occurred_at activity_type",
                lead_id="text",
                occurred_at="time",
                activity_type="text",
                activity_id="text",
                recorded_at="time",
                asset="text",
                product="text",
                campaign_id="text",
                direction="text",
            ),
            _shape(
                "stage_changes",
                "lead_id changed_at stage",
                lead_id="text",
                changed_at="time",
                stage="text",
                reason="text",
                changed_by="text",
            ),
            _shape(
                "field_changes",
                "lead_id field changed_at",
                lead_id="text",
                field="text",
                changed_at="time",
                old_value="text",
                new_value="text",
            ),
            _shape(
                "campaigns",
                "campaign_id",
                campaign_id="text",
                name="text",
                channel="text",
                cost="number",
                started_at="time",
                ended_at="time",
            ),
            _shape(
                "opportunities",
                "opportunity_id lead_id",
                opportunity_id="text",
                lead_id="text",
                created_at="time",
                closed_at="time",
                amount="number",
                is_won="boolean",
            ),
        )
    }
)

_DTYPES: Final[Mapping[ColumnType, str]] = MappingProxyType(
    {"text": "str", "number": "float64", "time": TIME_DTYPE, "boolean": "boolean"}
)


def empty_table(name: str) -> pd.DataFrame:
    """Return the table ``name`` with all its columns, typed, and no rows."""
    import pandas as pd

    return pd.DataFrame(
        {column: pd.Series(dtype=_DTYPES[kind]) for column, kind in SHAPES[name].columns.items()}
    )


@dataclass(frozen=True)
class CrmHistory:
    """A CRM's history: one frame per table, each with every column of its shape.

    Ids and texts are pandas strings (missing is NaN), times are UTC microseconds (missing is NaT),
    and every custom column of ``leads`` is text. ``absent`` names the tables that the source does
    not have: their features are switched off, which is not the same as a table without rows.
    """

    leads: pd.DataFrame
    activities: pd.DataFrame = field(default_factory=lambda: empty_table("activities"))
    stage_changes: pd.DataFrame = field(default_factory=lambda: empty_table("stage_changes"))
    field_changes: pd.DataFrame = field(default_factory=lambda: empty_table("field_changes"))
    campaigns: pd.DataFrame = field(default_factory=lambda: empty_table("campaigns"))
    opportunities: pd.DataFrame = field(default_factory=lambda: empty_table("opportunities"))
    absent: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Iterate over (table name, frame), in the order of the design."""
        for entry in fields(self):
            if entry.name != "absent":
                yield entry.name, getattr(self, entry.name)
