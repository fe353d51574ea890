"""The three ways to agree on a hand-off, side by side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_checks.agreement import Agreement
from models.cut_off import cut_off
from models.hand_off_ways import Way, ways
from models.hand_off_yield import JudgedLeads, yields
from training import rows_of
from whole_catalogue import AGREEMENT

RULES = st.one_of(
    st.builds(lambda least: {"by": "probability", "at_least": least}, st.sampled_from([0.2, 0.35, 1.0])),
    st.builds(lambda number: {"by": "capacity", "leads_per_week": number}, st.integers(1, 9)),
    st.builds(lambda least: {"by": "precision", "at_least": least}, st.sampled_from([0.3, 0.45, 1.0])),
)
LOOKS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.2, 0.35, 0.7]) | st.floats(0, 1), st.booleans(), st.integers(0, 9)),
    min_size=1,
    max_size=30,
)


def agreed(**handoff) -> Agreement:
    return Agreement.model_validate({**AGREEMENT.model_dump(mode="json"), "handoff": handoff})


def found(agreement: Agreement, looks) -> tuple[list[Way], float, JudgedLeads]:
    """Return the ways, the agreed cut-off and the leads of some looks, a day apart."""
    probability, label, lead = (np.array(column) for column in zip(*looks, strict=True))
    rows = rows_of({"x": probability}, label, lead=lead.astype(np.int64))
    leads = JudgedLeads.of(probability, rows.label, rows.lead, rows.as_of)
    cut = cut_off(agreement, probability, rows.label, rows.lead, rows.as_of)
    return ways(agreement, rows, probability, leads), cut, leads


@given(RULES, LOOKS)
def test_the_agreed_rule_is_among_them_once(rule, looks):
    """Whatever was agreed stands among the ways once, with the cut-off that scores are decided by."""
    told, cut, leads = found(agreed(**rule), looks)
    (own,) = (way for way in told if way.agreed)
    assert {"by": own.by, own_key(own): own.setting} == rule
    assert own.brings == yields(leads, np.array([cut]))[0]
    assert own.cut_off == (cut if cut <= 1 else None)


def own_key(way: Way) -> str:
    return "leads_per_week" if way.by == "capacity" else "at_least"


@given(RULES, LOOKS)
def test_each_way_goes_from_few_leads_to_many(rule, looks):
    """Down the rules of a way the leads handed off never become fewer, and no setting comes twice."""
    told, _, _ = found(agreed(**rule), looks)
    for by in ("probability", "capacity", "precision"):
        own = [way for way in told if way.by == by]
        assert all(np.diff([way.brings.handed for way in own]) >= 0)
        assert len({way.setting for way in own}) == len(own) > 0


@given(RULES, LOOKS)
def test_where_nobody_is_handed_off_it_says_why(rule, looks):
    """A rule that hands off nobody always says so in words, and one without a shortfall never does."""
    told, _, _ = found(agreed(**rule), looks)
    for way in told:
        assert (way.brings.handed > 0) or "nobody would be handed off" in (way.shortfall or "")
        assert way.brings.handed == 0 or "nobody" not in (way.shortfall or "")


def test_the_neighbours_of_a_capacity_are_half_and_twice_of_it():
    """Beside fifty leads a week stand twenty-five and a hundred, and the boundaries of the grades."""
    agreement = agreed(by="capacity", leads_per_week=50)
    told, _, _ = found(agreement, [(0.3, True, 0)])
    assert [way.setting for way in told if way.by == "capacity"] == [25, 50, 100]
    bounds = sorted((least for least in agreement.grades.values() if least), reverse=True)
    assert [way.setting for way in told if way.by == "probability"] == bounds
    assert [way.setting for way in told if way.by == "precision"] == [0.6, 0.5, 0.4, 0.3, 0.2]


def test_without_an_agreed_capacity_the_observed_one_is_compared():
    """Under a fixed probability the capacities are around the number of leads that it hands off a week."""
    looks = [(0.9 if number % 2 else 0.1, False, number) for number in range(8 * 7 + 1)]
    told, _, _ = found(agreed(by="probability", at_least=0.5), looks)
    assert [way.setting for way in told if way.by == "capacity"] == [2, 4, 8]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"by": "precision", "at_least": 0.9}, "No cut-off reaches this share"),
        ({"by": "capacity", "leads_per_week": 1}, "More leads share the highest probability"),
        ({"by": "capacity", "leads_per_week": 7}, "There are fewer leads than that"),
        ({"by": "probability", "at_least": 0.8}, "No lead of the test was given so high a probability"),
    ],
)
def test_a_rule_that_cannot_be_met_says_why(rule, words):
    """Each rule that asks for more than the leads have says what is in its way."""
    told, _, _ = found(agreed(**rule), [(0.7, True, 0), (0.7, False, 1), (0.2, False, 2)])
    (own,) = (way for way in told if way.agreed)
    assert own.shortfall is not None
    assert own.shortfall.startswith(words)
