"""Leads as they were looked at, and the factors of the laws that hold for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats, Times
from pipeline.sample_crm.clock import Clock
from pipeline.sample_crm.grids import activity_factors, intents, lapse_times, lapsed_factor
from pipeline.sample_crm.truth import Truth


@dataclass(frozen=True)
class Snapshots:
    """Positions of leads, and the moments before which their record is read, shape (snapshots,) each."""

    lead: Codes
    before: Times


def own_rates(truth: Truth, snapshots: Snapshots, base: float) -> Floats:
    """Return w · m_c · rho(x) · ``base``, own acts a day, shape (snapshots, 2, intents)."""
    by_class = activity_factors(truth.settings)[:, None] * intents(truth.settings)
    return np.asarray(base * truth.leads.activity[snapshots.lead][:, None, None] * by_class)


def interested_time(truth: Truth, clock: Clock, lead: Codes, until: Times) -> Floats:
    """Return ∫ l from arrival to ``until`` on this clock, in days, shape (leads, interests)."""
    created, lapses = truth.leads.created[lead][:, None], lapse_times(truth.leads.created[lead])
    ends = np.maximum(until[:, None], created)
    awake = clock.at(np.minimum(ends, lapses)) - clock.at(created)
    return awake + lapsed_factor(truth.settings) * (clock.at(ends) - clock.at(created) - awake)
