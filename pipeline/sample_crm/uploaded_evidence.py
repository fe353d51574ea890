"""The evidence of uploaded lists: a Poisson process, thinned by what has not been loaded yet."""

from __future__ import annotations

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats
from pipeline.sample_crm.clocks import clocks_of
from pipeline.sample_crm.doing import UPLOAD_LAGS, UPLOAD_SHARES, UPLOADED_RATE, last_load
from pipeline.sample_crm.grids import activity_factors, intents, lapse_times, lapsed_factor
from pipeline.sample_crm.kinds import TRACKED, marks
from pipeline.sample_crm.search import RecordSearch, running
from pipeline.sample_crm.snapshots import Snapshots, interested_time, own_rates
from pipeline.sample_crm.truth import Truth


def uploaded_evidence(truth: Truth, snapshots: Snapshots) -> Floats:
    """Return the log-likelihood of what the loads brought until each moment, shape (snapshots, *CLASSES).

    An event with a lag of d days is on record if it occurred d days before the last load. Lags do not depend
    on the class, so what is on record is Poisson too: at the sum over lags of P(d) times the rate of what
    occurred early enough.
    """
    created = truth.leads.created
    events = truth.uploaded.of_leads(snapshots.lead)
    search = RecordSearch(events.lead, events.recorded)
    opens, closes = (
        search.before(snapshots.lead, created[snapshots.lead]),
        search.before(snapshots.lead, snapshots.before),
    )
    lapsed = events.occurred[:, None] >= lapse_times(created[events.lead])
    lapsed_events = np.stack([_between(column, opens, closes) for column in lapsed.T], axis=1)
    marked = np.stack([_between(gain, opens, closes) for gain in _log_marks(truth, snapshots)], axis=1)
    by_class = np.log(activity_factors(truth.settings))[:, None] + np.log(intents(truth.settings))
    own = own_rates(truth, snapshots, UPLOADED_RATE)
    return np.asarray(
        (closes - opens)[:, None, None, None] * by_class[:, :, None]
        + marked[:, :, None, None]
        + np.log(lapsed_factor(truth.settings)) * lapsed_events[:, None, None, :]
        - own[:, :, :, None] * _loaded_time(truth, snapshots)[:, None, None, :]
    )


def _log_marks(truth: Truth, snapshots: Snapshots) -> Floats:
    """Return the log-probability of kind and marks of each event, shape (2, events)."""
    events = truth.uploaded.of_leads(snapshots.lead)
    laws = marks(truth.settings.effect_scale)
    gain = laws.log_ratio(events.kind, events.asset, events.product, truth.leads.product[events.lead])
    return np.log(laws.uploaded[:, events.kind - len(TRACKED)]) + np.array([[0.0], [1.0]]) * gain


def _loaded_time(truth: Truth, snapshots: Snapshots) -> Floats:
    """Return the days of interest that the loads so far have covered, shape (snapshots, interests)."""
    load, clock = last_load(snapshots.before), clocks_of(truth.settings).plain
    covered = [interested_time(truth, clock, snapshots.lead, load - lag) for lag in UPLOAD_LAGS.tolist()]
    return np.asarray((UPLOAD_SHARES[:, None, None] * np.stack(covered)).sum(axis=0))


def _between(terms: Floats, opens: Codes, closes: Codes) -> Floats:
    sums = running(terms)
    return np.asarray(sums[closes] - sums[opens])
