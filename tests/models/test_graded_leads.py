"""What the grades are worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.graded_leads import graded_leads
from models.hand_off_yield import JudgedLeads, yields
from training import rows_of

GRADES = {"A": 0.4, "B": 0.2, "C": 0.1, "D": 0.0}
LOOKS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.2, 0.4]) | st.floats(0, 1), st.booleans(), st.integers(0, 9)),
    min_size=1,
    max_size=30,
)


def arrays(looks):
    probability, label, lead = (np.array(column) for column in zip(*looks, strict=True))
    return rows_of({"x": probability}, label, lead=lead.astype(np.int64)), probability


def grade_of(probability: float) -> str:
    return next(grade for grade, least in GRADES.items() if probability >= least)


@given(LOOKS)
def test_a_lead_has_the_best_grade_of_its_looks(looks):
    """A plain loop that gives each lead the best grade that any look at it had counts the same."""
    rows, probability = arrays(looks)
    best = {lead: max(p for p, _, other in looks if other == lead) for _, _, lead in looks}
    sqls = {lead for _, label, lead in looks if label}
    for one in graded_leads(GRADES, rows, probability, seed=0):
        own = {lead for lead, highest in best.items() if grade_of(highest) == one.grade}
        assert (one.leads, one.sqls) == (len(own), len(own & sqls))
        assert (one.rate is None) == (not own)
        if one.rate:
            assert one.rate.value == pytest.approx(len(own & sqls) / len(own))
            assert one.rate.low <= one.rate.value <= one.rate.high


@given(LOOKS)
def test_the_looks_of_a_grade_are_counted_by_their_own_probability(looks):
    """The rate of looks is that of a plain loop over the looks with this grade."""
    rows, probability = arrays(looks)
    for one in graded_leads(GRADES, rows, probability, seed=0):
        own = [label for p, label, _ in looks if grade_of(p) == one.grade]
        assert (one.look_rate is None) == (not own)
        if one.look_rate:
            assert one.look_rate.value == pytest.approx(np.mean(own))


@given(LOOKS)
def test_the_best_grades_are_what_their_boundary_hands_off(looks):
    """The leads and SQLs of a grade and of all better ones are those of a cut-off at its boundary."""
    rows, probability = arrays(looks)
    leads = JudgedLeads.of(probability, rows.label, rows.lead, rows.as_of)
    told = graded_leads(GRADES, rows, probability, seed=0)
    found = yields(leads, np.array([one.at_least for one in told]))
    assert [one.handed for one in found] == np.cumsum([one.leads for one in told]).tolist()
    assert [one.caught.value for one in found] == np.cumsum([one.sqls for one in told]).tolist()
