"""The oracle beside its definition, written out by loops."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pipeline.sample_crm.clock import DAY, HOUR, NEVER, Clock
from pipeline.sample_crm.clocks import clocks_of
from pipeline.sample_crm.doing import (
    DECAY,
    EXCITATION,
    NIGHTLY_LOAD,
    OWN_RATE,
    UPLOAD_LAGS,
    UPLOAD_SHARES,
    UPLOADED_RATE,
)
from pipeline.sample_crm.events import Events
from pipeline.sample_crm.grids import (
    CLASSES,
    INTEREST_DAYS,
    INTEREST_SHARES,
    activity_factors,
    intents,
    lapsed_factor,
)
from pipeline.sample_crm.hazard import CALL_DELAYS, FIT_IN_HAZARD, SCALE, SHAPE, kappa
from pipeline.sample_crm.kinds import TRACKED, marks
from pipeline.sample_crm.oracle import best_scores
from pipeline.sample_crm.routing import CALL_SHARES
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.shapes import sigmoid
from pipeline.sample_crm.truth import Truth, draw_truth

STEP = HOUR // 2


@dataclass(frozen=True)
class Case:
    """One lead under one class, looked at before a moment."""

    truth: Truth
    lead: int
    before: int
    buyer: int
    intent: int
    interest: int

    @property
    def created(self) -> int:
        """Moment of arrival."""
        return int(self.truth.leads.created[self.lead])

    @property
    def lapse(self) -> int:
        """Moment at which interest ends."""
        return self.created + INTEREST_DAYS[self.interest] * DAY

    @property
    def own(self) -> float:
        """w · m_c · rho(x)."""
        settings = self.truth.settings
        factor = activity_factors(settings)[self.buyer] * intents(settings)[self.intent]
        return float(factor * self.truth.leads.activity[self.lead])

    @property
    def factor(self) -> float:
        """w · exp(.35 f)."""
        score = self.truth.leads.score[self.lead]
        return float(intents(self.truth.settings)[self.intent]) * math.exp(FIT_IN_HAZARD * score)

    def slowed(self, times: np.ndarray) -> np.ndarray:
        """What is left of hazard and activity at these times."""
        return np.where(times < self.lapse, 1.0, lapsed_factor(self.truth.settings))

    def gain(self, events: Events, row: int) -> float:
        """Log-ratio of the marks of one event."""
        one = [getattr(events, name)[row : row + 1] for name in ("kind", "asset", "product")]
        wanted = self.truth.leads.product[self.lead : self.lead + 1]
        return self.buyer * float(marks(self.truth.settings.effect_scale).log_ratio(*one, wanted)[0])

    def rows(self, events: Events) -> list[int]:
        """Rows of the lead's events on record."""
        return np.flatnonzero((events.lead == self.lead) & (events.recorded < self.before)).tolist()


def test_equal_to_a_plain_sum():
    """The vectorised best score equals its definition, written out event by event and hour by hour."""
    truth = draw_truth(Settings(leads=400, seed=2))
    at = truth.leads.created + 20 * DAY
    best = best_scores(truth, list(truth.ids), at * 1000, 30)
    events, uploads = (
        np.bincount(part.lead[part.recorded <= at[part.lead]], minlength=400)
        for part in (truth.tracked, truth.uploaded)
    )
    seen = ~np.isnan(best) & (events > 3) & (events < 20)
    called = truth.leads.called_at <= at
    groups = (seen & called, seen & ~called & (truth.leads.handed_at < NEVER), seen & ~called & (uploads > 0))
    chosen = [lead for group in groups for lead in np.flatnonzero(group)[:2].tolist()]
    assert len(chosen) == 5
    expected = [plain_best(truth, lead, int(at[lead]) + 1, 30) for lead in chosen]
    np.testing.assert_allclose(best[chosen], expected, rtol=2e-3)


def plain_best(truth: Truth, lead: int, before: int, days: int) -> float:
    cases = [Case(truth, lead, before, *z) for z in np.ndindex(*CLASSES)]
    weights = [math.exp(log_likelihood(case)) for case in cases]
    reached = [
        weight * plain_reach(case, days) * case.buyer for case, weight in zip(cases, weights, strict=True)
    ]
    return sum(reached) / sum(weights)


def log_likelihood(case: Case) -> float:
    prior = sigmoid(case.truth.leads.log_odds[case.lead])
    value = math.log(prior if case.buyer else 1 - prior) + math.log(
        INTEREST_SHARES[case.buyer, case.interest]
    )
    called = int(case.truth.leads.called_at[case.lead])
    spent = case.factor * plain_hazard(case, (case.created, case.before), called)
    return value + plain_tracked(case) + plain_uploaded(case) - case.buyer * spent


def plain_tracked(case: Case) -> float:
    events, clock = case.truth.tracked, clocks_of(case.truth.settings).tracking
    laws, value, times = marks(case.truth.settings.effect_scale), 0.0, list[int]()
    for row in case.rows(events):
        now = int(events.occurred[row])
        excited = sum(EXCITATION * DECAY * math.exp(-DECAY * (now - time) / DAY) for time in times)
        rate = (
            OWN_RATE * case.own * float(case.slowed(np.array(now))) * float(clock.pace(np.array([now]))[0])
            + excited
        )
        if not events.entry[row]:
            value += math.log(rate) + math.log(laws.tracked[case.buyer, events.kind[row]])
        value += case.gain(events, row)
        times.append(now)
    return value - OWN_RATE * case.own * interested(case, clock, np.ones(len(steps(case)) - 1))


def plain_uploaded(case: Case) -> float:
    events, laws = case.truth.uploaded, marks(case.truth.settings.effect_scale)
    value = 0.0
    for row in case.rows(events):
        value += math.log(case.own * float(case.slowed(events.occurred[row]))) + case.gain(events, row)
        value += math.log(laws.uploaded[case.buyer, events.kind[row] - len(TRACKED)])
    load = (case.before - 1) - (case.before - 1 - NIGHTLY_LOAD) % DAY
    ends, lags = steps(case)[1:], zip(UPLOAD_LAGS, UPLOAD_SHARES, strict=True)
    loaded = np.sum([share * (ends <= load - lag) for lag, share in lags], axis=0)
    return value - UPLOADED_RATE * case.own * interested(case, clocks_of(case.truth.settings).plain, loaded)


def steps(case: Case) -> np.ndarray:
    return np.append(np.arange(case.created, case.before, STEP), case.before)


def interested(case: Case, clock: Clock, weight: np.ndarray) -> float:
    slow = case.slowed(steps(case)[:-1])
    return float((weight * slow * np.diff(clock.at(steps(case)))).sum())


def plain_hazard(case: Case, between: tuple[int, int], called: int) -> float:
    desk = clocks_of(case.truth.settings).desk
    before_call, after_call = kappa(case.truth.settings)
    delay = np.flatnonzero(np.abs(call_times(case) - called) < 2)
    after = after_call[delay[0]] if len(delay) else before_call
    times = np.append(np.arange(*between, STEP), between[1])
    spent = np.diff(((desk.at(times) - float(desk.at(case.created))) / SCALE) ** SHAPE)
    middle = (times[:-1] + times[1:]) / 2
    slow = case.slowed(middle)
    return float((np.where(middle < called, before_call, after) * slow * spent).sum())


def call_times(case: Case) -> np.ndarray:
    desk = clocks_of(case.truth.settings).desk
    return desk.when(desk.at(case.created + 600_000) + CALL_DELAYS * 7 / 50)


def plain_reach(case: Case, days: int) -> float:
    """P(SQL within the days and before a disqualification), over the first calls that may still come."""
    leads, before = case.truth.leads, case.before
    ends, review = before + days * DAY, int(leads.reviewed_at[case.lead])
    called = int(leads.called_at[case.lead])
    calls = {called if called < before else NEVER: 1.0}
    if int(leads.handed_at[case.lead]) < before <= called:
        options = zip(call_times(case).tolist(), CALL_SHARES[:-1], strict=True)
        calls = {time: share for time, share in options if time >= before} | {NEVER: CALL_SHARES[-1]}
    total = 0.0
    for call, share in calls.items():
        whole = 1 - math.exp(-case.factor * plain_hazard(case, (before, ends), call))
        if before <= review < ends:
            early = 1 - math.exp(-case.factor * plain_hazard(case, (before, review), call))
            whole = early + (1 - leads.refusal[case.lead]) * (whole - early)
        total += share * whole
    return total / sum(calls.values())
