"""The form to try a lead by hand: which fields it has, and the lead that it describes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from data_checks.agreement import PERSONAL_FIELDS, Agreement
from data_checks.clause import Clause, RowClause, TableName
from data_checks.row_clauses import Allowed, OnScale, Required
from serving.lead_fields import LeadFields

TRIAL: Final = "trial-"
"""What the id of a lead begins with that somebody made up."""

ACTIVITIES: Final = 4
_MOST_SUGGESTIONS: Final = 200
# A trial cannot know them, or they are what is to be found out.
_NOT_ASKED: Final = PERSONAL_FIELDS | {
    "lead_id",
    "account_id",
    "owner_id",
    "campaign_id",
    "stage",
    "converted_at",
}


_LABELS: Final[Mapping[str, str]] = MappingProxyType({"dnb_rating": "D&B rating", "bbb_rating": "BBB rating"})


@dataclass(frozen=True)
class FormField:
    """One input: its name in the form, what people call it, and what helps to fill it in."""

    name: str
    label: str
    value: str
    kind: str = "text"
    required: bool = False
    hint: str = ""
    suggestions: tuple[str, ...] = ()


def lead_inputs(agreement: Agreement, filled: Mapping[str, str]) -> list[FormField]:
    """Return the inputs of a lead's fields: those of the agreement first, then the usual columns."""
    clauses: dict[str, list[Clause]] = {"created_at": []}
    for clause in agreement.lead_data:
        if clause.table == "leads" and isinstance(clause, RowClause):
            clauses.setdefault(clause.field, []).append(clause)
    for column in LeadFields.model_fields:
        clauses.setdefault(column, [])
    hidden = _NOT_ASKED | set(agreement.never_use)
    return [_input(name, found, agreement, filled) for name, found in clauses.items() if name not in hidden]


def activity_inputs(agreement: Agreement, filled: Mapping[str, str]) -> list[list[FormField]]:
    """Return the inputs of each activity."""
    types = _suggestions(_clauses_of(agreement, "activities", "activity_type"), agreement)
    return [
        [
            FormField(
                name := f"activity.{row}.activity_type",
                "What it did",
                filled.get(name, ""),
                suggestions=types,
            ),
            FormField(
                name := f"activity.{row}.occurred_at", "When (UTC)", filled.get(name, ""), "datetime-local"
            ),
            FormField(name := f"activity.{row}.asset", "Page, form, mail or event", filled.get(name, "")),
        ]
        for row in range(1, ACTIVITIES + 1)
    ]


def lead_of(filled: Mapping[str, str]) -> dict[str, Any]:
    """Return the lead that a filled-in form describes, as a request would, under an id that no lead has."""
    said = {name: value.strip() for name, value in filled.items() if value.strip()}
    rows = [_activity(said, row) for row in range(1, ACTIVITIES + 1)]
    return {
        "lead_id": f"{TRIAL}{uuid.uuid4()}",
        "as_of": said.get("as_of"),
        "fields": {
            name.removeprefix("field."): value for name, value in said.items() if name.startswith("field.")
        },
        "activities": [row for row in rows if row],
    }


def _activity(said: Mapping[str, str], row: int) -> dict[str, str]:
    names = ("activity_type", "occurred_at", "asset")
    found = {name: said[key] for name in names if (key := f"activity.{row}.{name}") in said}
    # Without a type or a time it is among the issues, as in any request.
    return {"activity_type": "", "occurred_at": "", **found} if found else {}


def _input(name: str, clauses: list[Clause], agreement: Agreement, filled: Mapping[str, str]) -> FormField:
    key = f"field.{name}"
    suggestions = _suggestions(clauses, agreement)
    hints = [clause.sentence() for clause in clauses if not isinstance(clause, Required | Allowed)]
    required = name == "created_at" or any(
        isinstance(clause, Required) and clause.breach == "reject" for clause in clauses
    )
    label = _LABELS.get(name) or (name[:1].upper() + name[1:]).replace("_", " ")
    if name == "created_at":
        return FormField(
            key, f"{label} (UTC)", filled.get(key, ""), "datetime-local", required, "; ".join(hints)
        )
    return FormField(key, label, filled.get(key, ""), "text", required, "; ".join(hints), suggestions)


def _clauses_of(agreement: Agreement, table: TableName, field: str) -> list[Clause]:
    return [clause for clause in agreement.lead_data if clause.table == table and clause.field == field]


def _suggestions(clauses: list[Clause], agreement: Agreement) -> tuple[str, ...]:
    """Return the values that the agreement allows, where it lists them."""
    values: dict[str, None] = {}
    for clause in clauses:
        if isinstance(clause, Allowed):
            values |= dict.fromkeys(clause.values)
        elif isinstance(clause, OnScale):
            values |= dict.fromkeys(clause.passing(agreement.scales))
    return tuple(values)[:_MOST_SUGGESTIONS]
