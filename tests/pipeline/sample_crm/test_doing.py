"""What leads do follows the self-exciting law that the oracle assumes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from pipeline.sample_crm.clock import DAY, WORLD_ENDS
from pipeline.sample_crm.clocks import clocks_of, outage
from pipeline.sample_crm.doing import DECAY, EXCITATION, NIGHTLY_LOAD, OWN_RATE, UPLOADED_RATE
from pipeline.sample_crm.events import Events
from pipeline.sample_crm.grids import activity_factors, intents, lapse_times, lapsed_factor
from pipeline.sample_crm.kinds import EMAIL_OPENED, TRACKED, marks
from pipeline.sample_crm.tracked_evidence import excitation
from pipeline.sample_crm.truth import Truth

LEADS = 4_000


def own_compensator(truth: Truth, base: float, lead: np.ndarray, until: np.ndarray) -> np.ndarray:
    """Integrated rate of what a lead does of its own accord, under its true class."""
    leads, settings = truth.leads, truth.settings
    clock = clocks_of(settings).plain
    rate = base * leads.activity * intents(settings)[leads.intent]
    rate = rate * activity_factors(settings)[leads.buyer.astype(int)]
    lapses = lapse_times(leads.created)[np.arange(len(rate)), leads.interest]
    awake = clock.at(np.minimum(until, lapses[lead])) - clock.at(leads.created[lead])
    after = clock.at(np.maximum(until, lapses[lead])) - clock.at(lapses[lead])
    return rate[lead] * (awake + lapsed_factor(settings) * after)


def excited_compensator(events: Events, until: int) -> tuple[np.ndarray, np.ndarray]:
    """Integrated excitation at each event, and at the end of the world by lead, by plain recursion."""
    at_event, at_end = np.zeros(len(events.lead)), np.zeros(LEADS)
    rows_of = np.split(np.arange(len(events.lead)), np.searchsorted(events.lead, np.arange(1, LEADS)))
    for lead, rows in enumerate(rows_of):
        live, passed, last = 0.0, 0.0, 0
        for row in rows.tolist():
            now = int(events.occurred[row])
            fade = np.exp(-DECAY * (now - last) / DAY)
            passed += live * (1 - fade)
            at_event[row] = passed
            live, last = live * fade + EXCITATION, now
        at_end[lead] = passed + live * (1 - np.exp(-DECAY * (until - last) / DAY))
    return at_event, at_end


def of_first(events: Events) -> Events:
    return events.take(np.flatnonzero((events.lead < LEADS) & (events.occurred < WORLD_ENDS)))


def waiting_times(lead: np.ndarray, at_event: np.ndarray, at_end: np.ndarray) -> np.ndarray:
    """Rescaled waiting times: the leads' rescaled lives are laid end to end, so none is cut off."""
    begins = np.concatenate([[0.0], np.cumsum(at_end)])[:-1]
    return np.diff(np.sort(begins[lead] + at_event))


def test_tracked_waiting_times_are_exponential(usual):
    """Under the true class, the rescaled times between tracked events are Exp(1)."""
    events = of_first(usual.tracked)
    at_event, at_end = excited_compensator(events, WORLD_ENDS)
    lead, ends = np.arange(LEADS), np.full(LEADS, WORLD_ENDS)
    at_event += own_compensator(usual, OWN_RATE, events.lead, events.occurred)
    at_end += own_compensator(usual, OWN_RATE, lead, ends)
    own = ~events.entry
    waits = waiting_times(events.lead[own], at_event[own], at_end)
    assert len(waits) > 50_000
    assert stats.kstest(waits, "expon").pvalue > 0.01


def test_uploaded_waiting_times_are_exponential(usual):
    """Under the true class, the rescaled times between uploaded events are Exp(1)."""
    events = of_first(usual.uploaded)
    lead, ends = np.arange(LEADS), np.full(LEADS, WORLD_ENDS)
    at_event = own_compensator(usual, UPLOADED_RATE, events.lead, events.occurred)
    waits = waiting_times(events.lead, at_event, own_compensator(usual, UPLOADED_RATE, lead, ends))
    assert stats.kstest(waits, "expon").pvalue > 0.01


def test_kinds_follow_the_class(usual):
    """What buyers and others do is distributed as the marks say."""
    events = usual.tracked.take(np.flatnonzero(~usual.tracked.entry))
    for buyer in (0, 1):
        kinds = events.kind[usual.leads.buyer[events.lead] == buyer]
        counts = np.bincount(kinds, minlength=len(TRACKED))
        assert stats.chisquare(counts, marks(1.0).tracked[buyer] * counts.sum()).pvalue > 0.01


def test_excitation_is_the_double_sum():
    """The recursion over ranks equals the sum over all earlier events of the lead."""
    rng = np.random.default_rng(0)
    lead = np.sort(rng.integers(0, 5, 60))
    times = np.sort(rng.integers(0, 20 * DAY, 60))
    times = times[np.lexsort((times, lead))]
    expected = [
        sum(
            EXCITATION * DECAY * np.exp(-DECAY * (times[row] - times[other]) / DAY)
            for other in range(row)
            if lead[other] == lead[row]
        )
        for row in range(60)
    ]
    np.testing.assert_allclose(excitation(lead, times), expected)


def test_uploads_wait_for_a_load(usual):
    """What is uploaded is recorded by a nightly load, at or after it occurred."""
    assert (usual.uploaded.recorded >= usual.uploaded.occurred).all()
    assert ((usual.uploaded.recorded - NIGHTLY_LOAD) % DAY == 0).all()
    assert (usual.uploaded.recorded - usual.uploaded.occurred).max() < 16 * DAY


def test_nothing_is_tracked_in_an_outage(drifting):
    """In an outage nothing is tracked but the forms that bring leads in."""
    begins, ends = outage(drifting.settings)
    silent = (drifting.tracked.occurred >= begins) & (drifting.tracked.occurred < ends)
    assert drifting.tracked.entry[silent].all()
    assert ends - begins == 20 * DAY


def test_gateways_open_mails(drifting, usual):
    """A gateway that opens mails shows in the share of mails opened after the drift has set in."""
    _, ends = outage(drifting.settings)

    def opened(truth: Truth) -> float:
        return float((truth.tracked.kind[truth.tracked.occurred >= ends] == EMAIL_OPENED).mean())

    assert opened(drifting) > opened(usual) + 0.1


@pytest.mark.parametrize("scale", [0.0, 0.5, 1.0])
def test_marks_are_shares(scale):
    """Whatever the strength of effects, shares of kinds and assets sum to one, and without effects agree."""
    laws = marks(scale)
    for shares in (laws.tracked, laws.uploaded, laws.download, laws.webinar):
        np.testing.assert_allclose(shares.sum(axis=1), 1)
        if scale == 0:
            np.testing.assert_allclose(shares[0], shares[1])
