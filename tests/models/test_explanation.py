"""Reasons that add up, and that people can check."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tables import agreed
from features.from_inputs import records_from_inputs
from features.lead_input import Activity, LeadInput
from features.moments import DAY, HOUR, to_time
from models.calibration.beta import Beta
from models.calibration.isotonic import Isotonic
from models.calibration.none import NoCalibration
from models.calibration.platt import Platt
from models.explanation import MOST_REASONS, base_probabilities, effects, strongest
from models.scorer import load_scorer
from tiny_bundle import NOW, save_tiny_bundle

LOG_ODDS = st.lists(st.lists(st.floats(-5, 5), min_size=4, max_size=4), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def scorer(tmp_path_factory):
    """The tiny model, ready to score."""
    folder = tmp_path_factory.mktemp("bundle")
    save_tiny_bundle(agreed(stages={"inquiry": ["New"], "sql": ["Qualified"]}), folder)
    return load_scorer(folder)


def a_lead(name: str, employees: str, visits: int) -> LeadInput:
    created = NOW - 40 * DAY
    fields = {"created_at": to_time(created).isoformat(), "number_of_employees": employees}
    seen = tuple(Activity("Web Visit", created + hour * HOUR) for hour in range(visits))
    return LeadInput(name, NOW, fields, seen)


@pytest.fixture(scope="module")
def leads():
    """Small and large companies that came back seldom or often."""
    return [a_lead(f"L-{size}-{visits}", size, visits) for size in ("20", "900") for visits in range(6)]


CALIBRATIONS = st.one_of(
    st.just(NoCalibration()),
    st.builds(Platt, slope=st.floats(0.2, 3), intercept=st.floats(-2, 2)),
    st.builds(Beta, up=st.floats(0.2, 3), down=st.floats(0, 3), intercept=st.floats(-2, 2)),
    st.just(Isotonic(raw=(-3.0, -1.0, 0.5), calibrated=(-4.0, -0.5, -0.4))),
)


@given(LOG_ODDS, CALIBRATIONS)
def test_effects_add_up_to_what_the_probability_moved(parts, calibration):
    """Whatever the contributions and the calibration, base probability and effects make the probability."""
    contributions = np.array(parts)
    base = base_probabilities(contributions, calibration)
    probability = calibration.probability(contributions.sum(axis=1))
    assert base + effects(contributions, calibration).sum(axis=1) == pytest.approx(probability, abs=1e-9)


def test_effects_that_cancel_out_are_as_large_as_a_small_step():
    """Two facts that weigh the same, one for and one against, each have the effect of the local slope."""
    found = effects(np.array([[0.5, -0.5, 0.0]]), Platt(slope=2.0, intercept=0.0))
    assert found == pytest.approx(np.array([[0.25, -0.25]]), rel=1e-3)


def test_an_answer_adds_up(scorer, leads):
    """In every score, base probability and the effects of all families make the probability."""
    for score in scorer.score(leads):
        assert score.base_probability + sum(one.effect for one in score.families) == pytest.approx(
            score.probability, abs=1e-12
        )


def test_a_reason_says_what_became_of_leads_alike(scorer, leads):
    """A reason's band holds the lead's own value, and leads and rate are those of the bundle's table."""
    table = {one.feature: one for one in scorer.bundle.effects.features}
    reasons = [reason for score in scorer.score(leads) for reason in score.reasons]
    for reason in reasons:
        band = table[reason.feature].band(np.nan if reason.value is None else reason.value)
        assert (reason.alike, reason.leads) == (band.label, band.leads)
        assert reason.rate == (None if band.leads < 20 else band.rate)
    assert any(reason.rate for reason in reasons)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40))
def test_the_strongest_are_taken_from_both_sides(moved):
    """Up to five up and five down, none left out that is stronger than one taken, strongest first."""
    effect = np.array(moved)
    taken = strongest(effect)
    sizes = np.abs(effect[taken])
    assert (np.diff(sizes) <= 0).all()
    for side in (effect > 0, effect < 0):
        own = [column for column in taken if side[column]]
        assert len(own) == min(MOST_REASONS, side.sum())
        left = np.setdiff1d(np.flatnonzero(side), own)
        assert not own or not len(left) or np.abs(effect[left]).max() <= np.abs(effect[own]).min()


def test_without_reasons_a_lead_is_scored_the_same(scorer, leads):
    """Leads of whom nobody asked why have the same probability, and their neighbours the same reasons."""
    full = scorer.score(leads)
    half = scorer.score(leads, [number % 2 == 0 for number in range(len(leads))])
    for number, (one, other) in enumerate(zip(full, half, strict=True)):
        assert one.probability == other.probability
        assert one.reasons
        if number % 2 == 0:
            assert other == one
        else:
            assert (other.reasons, other.families, other.base_probability) == ((), (), None)


def test_reasons_do_not_depend_on_company(scorer, leads):
    """A lead alone has the same reasons, families and base probability as among others, to the last bit."""
    assert tuple(scorer.score([lead])[0] for lead in leads) == scorer.score(leads)


def test_of_no_leads_nothing_is_said(scorer):
    """A part of a history in which no lead is open is scored, too."""
    records, snapshots = records_from_inputs(())
    assert scorer.score_records(records, snapshots, []) == ()
