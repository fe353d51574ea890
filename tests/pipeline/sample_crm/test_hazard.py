"""The hazard: its integral and its inverse agree, and what should help helps."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sample_crm.clock import DAY, NEVER, WORLD_ENDS, office, world_starts
from pipeline.sample_crm.hazard import CALL_DELAYS, Contact, Exposure, Window, exposure_of, kappa
from pipeline.sample_crm.settings import Settings

DESK = office(world_starts(18))
ARRIVED = WORLD_ENDS - 300 * DAY
days = st.floats(0, 200)


def exposure(call_after: float | None, lapse_after: float, delay: int = 3) -> Exposure:
    called = NEVER if call_after is None else ARRIVED + round(call_after * DAY)
    contact = Contact(np.array([ARRIVED]), np.array([called]), np.array([delay]))
    return exposure_of(Settings(), DESK, contact, np.array([ARRIVED + round(lapse_after * DAY)]))


@given(call_after=st.none() | days, lapse_after=days, integrated=st.floats(1e-6, 5))
def test_when_inverts_until(call_after, lapse_after, integrated):
    """The integrated hazard until the moment at which it reaches a value is that value."""
    one = exposure(call_after, lapse_after)
    moment = one.when(np.array([integrated]))
    if moment[0] < NEVER:
        assert np.isclose(one.until(moment)[0], integrated, rtol=1e-3, atol=1e-5)


@given(call_after=days, lapse_after=days, ends=st.floats(1, 300))
def test_calls_help_and_lapses_hurt(call_after, lapse_after, ends):
    """A call never lowers the chance, nor does interest that lasts longer."""
    until = np.array([ARRIVED + round(ends * DAY)])
    usual = exposure(call_after, lapse_after).until(until)[0]
    assert usual >= exposure(None, lapse_after).until(until)[0] - 1e-12
    assert usual <= exposure(call_after, lapse_after + 10).until(until)[0] + 1e-12


def test_late_calls_help_less():
    """κ is one within the agreed hours, falls with the delay after them, and never below that of no call."""
    before, after = kappa(Settings())
    assert (after[:-1][CALL_DELAYS <= 4] == 1).all()
    assert (np.diff(after) <= 0).all()
    assert after.min() >= before


@given(kept=st.floats(0, 1), review=days)
def test_a_review_costs_what_comes_after_it(kept, review):
    """The chance is between that of a lead that is never reviewed and that of one that never survives."""
    begins, ends = np.array([ARRIVED]), np.array([ARRIVED + 200 * DAY])
    window = Window(begins, np.array([ARRIVED + round(review * DAY)]), ends)
    one, factors = exposure(1.0, 60.0), np.array([[0.5, 2.0]])
    chance, best, worst = (one.reached(factors, window, np.array([share])) for share in (kept, 1.0, 0.0))
    np.testing.assert_allclose(chance, kept * best + (1 - kept) * worst)
    np.testing.assert_allclose(best[0], 1 - np.exp(-factors[0] * one.until(ends)))
