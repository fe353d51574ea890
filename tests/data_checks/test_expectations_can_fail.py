"""An expectation that cannot fail protects nobody: each meets a column that keeps it, and one that fails."""

import pandas as pd
import pytest

from crm_tables import NOW, agreed
from data_checks.clauses import RULES
from data_checks.columns import Column
from data_checks.errors import BatonError
from data_checks.expectations import Verdict, validate
from data_checks.plans import Plan, plan

GOOD_AND_BAD = {
    "required": ({}, ["a", "b"], ["a", None], [1]),
    "unique": ({}, ["a", "b"], ["a", " A ", "b"], [0, 1]),
    "type": ({"is": "integer"}, ["1", "2"], ["1", "1.5"], [1]),
    "range": ({"min": 0, "max": 9}, ["0", "9"], ["-1", "9", "10"], [0, 2]),
    "allowed": ({"values": ["Software"]}, ["software"], ["Software", "Retail"], [1]),
    "pattern": ({"matches": "[0-9]{5}"}, ["10115"], ["10115", "1011"], [1]),
    "scale": ({"scale": "bbb", "at_least": "B"}, ["A+", "b"], ["A+", "B-"], [1]),
    "reference": ({"to": "campaigns.campaign_id"}, ["C1"], ["C1", "C2"], [1]),
    "recent": ({"within_days": 10}, ["2026-06-20"], ["2026-06-20", "2026-06-19"], [1]),
    "freshness": ({"within_days": 10}, ["2020-01-01", "2026-06-20"], ["2026-06-19", "2026-07-05"], []),
    "missing_share": ({"at_most": 0.5}, ["a", None], ["a", None, " "], [1, 2]),
}


def verdicts(which: int) -> dict[str, Verdict]:
    plans: dict[str, Plan] = {}
    frames = {rule: pd.Series(case[which], dtype="str") for rule, case in GOOD_AND_BAD.items()}
    length = max(map(len, frames.values()))
    for rule, (keys, *_) in GOOD_AND_BAD.items():
        clause = agreed({"rule": rule, "field": "value", **keys}).lead_data[0]
        terms = agreed().terms(known={"campaigns.campaign_id": frozenset({"C1"})}, now=NOW)
        values = (
            frames[rule] if rule in {"required", "missing_share"} else frames[rule].reindex(range(length))
        )
        planned = plan(clause, Column(values), terms)
        assert planned is not None
        plans[rule] = planned
    return {rule: validate(rule, {rule: planned}).verdicts[0] for rule, planned in plans.items()}


def test_every_rule_has_its_proof():
    """Each rule of the agreement is shown to hold and to fail."""
    assert set(GOOD_AND_BAD) == set(RULES)


def test_each_expectation_is_kept_by_a_column_that_keeps_it():
    """A column within the rule meets the expectation, and no row is blamed."""
    for rule, verdict in verdicts(1).items():
        assert verdict.kept, rule
        assert rule == "missing_share" or not len(verdict.rows), rule


def test_each_expectation_is_broken_by_a_column_that_breaks_it():
    """A column outside of the rule fails the expectation, and exactly the rows at fault are named."""
    for rule, verdict in verdicts(2).items():
        assert not verdict.kept, rule
        assert verdict.rows.tolist() == GOOD_AND_BAD[rule][3], rule


def test_an_expectation_that_cannot_be_carried_out_is_an_error():
    """A check that did not take place never passes for one that was kept."""
    clause = agreed({"rule": "range", "field": "value", "min": 0}).lead_data[0]
    broken = Plan(
        clause,
        "as text",
        pd.Series(["a"], dtype=object),
        "expect_column_values_to_be_between",
        {"min_value": 0},
    )
    with pytest.raises(BatonError, match=r"leads\.value\.range can be checked"):
        validate("leads", {"leads.value.range": broken})


def test_tolerance_lets_an_expectation_pass_up_to_its_share():
    """With `tolerate`, a column fails only when more than that share of its values is at fault."""
    clause = {"rule": "range", "field": "value", "min": 0, "tolerate": 0.25}
    terms = agreed().terms()
    for values, kept in ((["-1", "1", "1", "1"], True), (["-1", "-1", "1", "1"], False)):
        planned = plan(agreed(clause).lead_data[0], Column(pd.Series(values, dtype="str")), terms)
        assert planned is not None
        assert validate("leads", {"one": planned}).verdicts[0].kept is kept
