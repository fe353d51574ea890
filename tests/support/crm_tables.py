"""Small CRM histories and agreements for tests, written with only what a test is about."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from data_checks.agreement import Agreement
from data_checks.reading import parse_time
from data_checks.tables import SHAPES, TIME_DTYPE, CrmHistory, empty_table

NOW = parse_time("2026-06-30T00:00:00Z") or 0
DEFAULT_AGREEMENT = Path(__file__).parents[2] / "agreement.yaml"
STAGES = {"inquiry": ["New"], "mql": ["MQL"], "sql": ["Qualified"], "lost": ["Closed Lost"]}


def agreed(*lead_data: Mapping[str, object], **keys: object) -> Agreement:
    """An agreement with these clauses, each flagging and about leads unless it says otherwise."""
    clauses = [{"breach": "flag", **clause} for clause in lead_data]
    basis = {
        "version": "1",
        "stages": STAGES,
        "target": {"stage": "sql", "within_days": 90},
        "handoff": {"by": "probability", "at_least": 0.2},
        "lead_data": clauses,
    }
    return Agreement.model_validate({**basis, **keys})


def table(name: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """A table with the columns of its shape, in its types, and further columns as text."""
    shape, data = SHAPES[name].columns, {}
    for column in dict.fromkeys([*shape, *(key for row in rows for key in row)]):
        values = [row.get(column) for row in rows]
        if shape.get(column) == "time":
            times = [None if value is None else pd.Timestamp(value) for value in values]
            data[column] = pd.Series([t if t is None or t.tz else t.tz_localize("UTC") for t in times])
            data[column] = data[column].astype(TIME_DTYPE)
        elif shape.get(column) in {"number", "boolean"}:
            data[column] = pd.Series(values, dtype=empty_table(name)[column].dtype)
        else:
            data[column] = pd.Series(values, dtype="str")
    return pd.DataFrame(data)


def lead(number: int, **fields: object) -> dict[str, object]:
    """A lead that keeps every house rule, created half a year before ``NOW``."""
    return {"lead_id": f"L{number}", "created_at": "2026-01-01T09:00:00Z", "stage": "New", **fields}


def leads_with(field: str, values: Sequence[str | None]) -> pd.DataFrame:
    """Leads that differ in one field."""
    return table("leads", [lead(number, **{field: value}) for number, value in enumerate(values)])


def history(leads: Sequence[Mapping[str, object]], **tables: Sequence[Mapping[str, object]]) -> CrmHistory:
    """A history of these rows; tables that are not given are absent."""
    absent = frozenset(SHAPES) - {"leads", *tables}
    frames = {name: table(name, rows) for name, rows in tables.items()}
    return CrmHistory(leads=table("leads", leads), absent=absent, **frames)
