"""The law of the room: a clause says the same of a row in a table and of a lead alone."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crm_tables import NOW, agreed, leads_with
from data_checks.agreement import Agreement
from data_checks.clause import RowClause
from data_checks.clauses import RULES
from data_checks.columns import Column
from data_checks.expectations import validate
from data_checks.instant import LeadChecker
from data_checks.plans import plan
from data_checks.reading import as_text
from nasty_texts import NASTY, texts

KNOWN = {"campaigns.campaign_id": frozenset({"C1"})}
CLAUSES: list[dict[str, object]] = [
    {"rule": "required"},
    *({"rule": "type", "is": kind} for kind in ("number", "integer", "date", "boolean", "email", "url")),
    {"rule": "range", "min": 1, "max": 5000},
    {"rule": "range", "min": 0},
    {"rule": "range", "max": 1e308},
    {"rule": "range", "min": "1990-01-01", "max": "2026-06-30"},
    {"rule": "range", "max": "2026-06-30"},
    {"rule": "allowed", "values": {"Software": ["SaaS"], "Finance": [], "straße": []}},
    {"rule": "pattern", "matches": "[A-Z]{2}-[0-9]+"},
    {"rule": "pattern", "matches": r"(?!x).*\d|\w+"},
    {"rule": "scale", "scale": "bbb", "at_least": "B"},
    {"rule": "scale", "scale": "dnb", "at_least": ["CC3", "1R3"]},
    {"rule": "scale", "scale": "medal"},
    {"rule": "reference", "to": "campaigns.campaign_id"},
    {"rule": "recent", "within_days": 365},
]


def agreement_with(clause: dict[str, object], field: str) -> Agreement:
    return agreed({**clause, "field": field}, scales={"medal": ["gold", "silver", "bronze"]})


AGREEMENTS = {f"value.{number}": agreement_with(clause, "value") for number, clause in enumerate(CLAUSES)}


def broken_in_table(agreements: dict[str, Agreement], values: pd.Series) -> dict[str, list[int]]:
    """Which rows break each agreement's one clause, by Great Expectations."""
    column, plans = Column(values), {}
    for name, agreement in agreements.items():
        planned = plan(agreement.lead_data[0], column, agreement.terms(known=KNOWN, now=NOW))
        assert planned is not None
        plans[name] = planned
    return {
        verdict.identifier: sorted(verdict.rows.tolist()) for verdict in validate("leads", plans).verdicts
    }


def broken_alone(agreement: Agreement, values: list[str | None]) -> list[int]:
    """Which of the values, each as a lead of its own, break the agreement's one clause."""
    clause, checker = agreement.lead_data[0], LeadChecker(agreement, KNOWN)
    asked = [checker.check({"created_at": "2026-01-01", clause.field: value}, NOW) for value in values]
    blamed = [any((one.field, one.rule) == (clause.field, clause.name) for one in issues) for issues in asked]
    return [row for row, blame in enumerate(blamed) if blame]


def test_every_row_rule_is_held_against_the_law():
    """The law speaks of every rule that a row can keep or break."""
    rules = {name for name, clause in RULES.items() if issubclass(clause, RowClause)}
    assert {clause["rule"] for clause in CLAUSES} == rules


@settings(max_examples=4)
@example(values=[None, *NASTY])
@given(values=st.lists(texts, min_size=1, max_size=200))
def test_the_table_and_the_lead_alone_agree_on_every_text(values):
    """Whatever stands in a field, the table's check and the single lead's check give one answer."""
    in_table = broken_in_table(AGREEMENTS, leads_with("value", values)["value"])
    assert in_table == {name: broken_alone(agreement, values) for name, agreement in AGREEMENTS.items()}


@pytest.mark.parametrize(
    ("clause", "label"),
    [
        ({"rule": "pattern", "matches": "[0-9]+"}, "matches"),
        ({"rule": "type", "is": "integer"}, "integer"),
        ({"rule": "reference", "to": "campaigns.campaign_id"}, "found"),
    ],
)
def test_no_text_passes_by_saying_what_a_good_one_is_seen_as(clause, label):
    """A field that holds the very word for a kept rule breaks it all the same."""
    values = [label, f"«{label}»"]
    agreement = agreement_with(clause, "value")
    assert broken_alone(agreement, values) == [0, 1]
    assert broken_in_table({"one": agreement}, pd.Series(values, dtype="str")) == {"one": [0, 1]}


MOMENTS = {
    "required": {"rule": "required"},
    "range": {"rule": "range", "min": "1990-01-01", "max": "2026-06-30"},
    "recent": {"rule": "recent", "within_days": 30},
    "date": {"rule": "type", "is": "date"},
}


@settings(max_examples=4)
@given(
    values=st.lists(
        st.none()
        | st.datetimes(datetime(1970, 1, 1), datetime(2261, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
        | st.sampled_from([datetime(2026, 6, 30, tzinfo=UTC), datetime(1990, 1, 1, tzinfo=UTC)]),
        min_size=1,
        max_size=40,
    )
)
def test_a_time_column_and_its_iso_text_agree(values):
    """A column of times is judged as its ISO texts are."""
    agreements = {name: agreement_with(clause, "converted_at") for name, clause in MOMENTS.items()}
    in_table = broken_in_table(agreements, pd.Series(values, dtype="datetime64[us, UTC]"))
    written = [as_text(value) for value in values]
    assert in_table == {name: broken_alone(agreement, written) for name, agreement in agreements.items()}


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: "-".join(map(str, clause.values()))[:40])
def test_no_rule_but_required_blames_a_missing_value(clause):
    """What is not there breaks nothing but `required`."""
    nothing = [None, "", "  ", "N/A", "nan", "--"]
    blamed = broken_alone(agreement_with(clause, "value"), nothing)
    assert blamed == (list(range(len(nothing))) if clause["rule"] == "required" else [])
