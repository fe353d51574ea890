"""The best possible score: the probability of SQL within the horizon, given everything on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from data_checks.errors import BatonError
from pipeline.sample_crm.arrays import Codes, Flags, Floats, Times
from pipeline.sample_crm.clock import DAY
from pipeline.sample_crm.clocks import clocks_of
from pipeline.sample_crm.grids import lapse_times
from pipeline.sample_crm.hazard import Contact, Window, exposure_of, hazard_factors
from pipeline.sample_crm.posterior import posterior
from pipeline.sample_crm.routing import CALL_SHARES, ROUTING_TAKES, call_options
from pipeline.sample_crm.snapshots import Snapshots
from pipeline.sample_crm.truth import Truth, read_truth

_AT_ONCE: Final = 20_000


def best_possible(folder: Path, lead_ids: Sequence[str], as_of_us: ArrayLike, horizon_days: float) -> Floats:
    """Return π of each (lead, as of), shape (leads,); NaN where the lead is not open at that moment.

    ``folder`` is a sample CRM with its ``truth``; ``as_of_us`` are microseconds since the epoch, one for all
    or one for each lead. π is the probability of reaching SQL within ``horizon_days`` after the moment,
    without having been disqualified first, given all that was *recorded* up to it. The copy of a lead typed
    twice has 0.

    Raises:
        BatonError: The folder holds no truth, or does not know one of the leads.
    """
    return best_scores(read_truth(folder / "truth"), lead_ids, as_of_us, horizon_days)


def best_scores(truth: Truth, lead_ids: Sequence[str], as_of_us: ArrayLike, horizon_days: float) -> Floats:
    """Return what `best_possible` returns, of a truth already read.

    Raises:
        BatonError: The truth does not know one of the leads.
    """
    lead = _positions(truth, lead_ids)
    moments = np.broadcast_to(np.asarray(as_of_us, dtype=np.int64), lead.shape)
    snapshots = Snapshots(lead, moments // 1000 + 1)
    scores = np.full(len(lead), np.nan)
    for rows in _parts(np.flatnonzero(_open(truth, snapshots))):
        scores[rows] = _best(truth, Snapshots(lead[rows], snapshots.before[rows]), horizon_days)
    copies = np.array([lead_id in truth.originals for lead_id in lead_ids], dtype=np.bool_)
    return np.where(copies, 0.0, scores)


def has_truth(folder: Path) -> bool:
    """Tell whether ``folder`` is a sample CRM, of which the best possible score is known."""
    return (folder / "truth" / "settings.json").is_file()


def _positions(truth: Truth, lead_ids: Sequence[str]) -> Codes:
    wanted = pd.Index([truth.originals.get(lead_id, lead_id) for lead_id in lead_ids], dtype="str")
    lead = truth.ids.get_indexer(wanted)
    if (lead < 0).any():
        unknown = repr(lead_ids[int(np.argmax(lead < 0))])
        raise BatonError(
            "the oracle knows the leads of its sample only", unknown, "ask for a lead of the sample"
        )
    return np.asarray(lead, dtype=np.int64)


def _parts(rows: Codes) -> Iterator[Codes]:
    for begins in range(0, len(rows), _AT_ONCE):
        yield rows[begins : begins + _AT_ONCE]


def _open(truth: Truth, snapshots: Snapshots) -> Flags:
    leads, lead = truth.leads, snapshots.lead
    closed = np.minimum(leads.sql_at[lead], leads.refused_at[lead]) < snapshots.before
    return np.asarray((leads.created[lead] < snapshots.before) & ~closed)


def _best(truth: Truth, snapshots: Snapshots, horizon_days: float) -> Floats:
    """Return Σ_z P(z | record) · P(SQL within the horizon | z).

    For some leads the first call is still to come: the hazard's κ is then a mixture over the delays that are
    left, so a snapshot counts as several cases.
    """
    leads, desk = truth.leads, clocks_of(truth.settings).desk
    calls, weights = _calls_to_come(truth, snapshots)
    snapshot, delay = np.nonzero(weights)
    lead, begins = snapshots.lead[snapshot], snapshots.before[snapshot]
    contact = Contact(leads.created[lead], calls[snapshot, delay], delay)
    ends = begins + round(horizon_days * DAY)
    window = Window(begins, leads.reviewed_at[lead].clip(begins, ends), ends)
    kept = np.where(leads.reviewed_at[lead] < begins, 1.0, 1 - leads.refusal[lead])
    factors = hazard_factors(truth.settings, leads.score[lead])
    buyers = posterior(truth, snapshots)[snapshot, 1]
    reached = np.zeros(len(lead))
    for interest, lapses in enumerate(lapse_times(contact.created).T):
        exposure = exposure_of(truth.settings, desk, contact, lapses)
        reached += (buyers[:, :, interest] * exposure.reached(factors, window, kept)).sum(axis=1)
    return np.asarray(
        np.bincount(snapshot, weights[snapshot, delay] * reached, len(snapshots.lead)), np.float64
    )


def _calls_to_come(truth: Truth, snapshots: Snapshots) -> tuple[Times, Floats]:
    """Return the possible first calls and their probabilities, shape (snapshots, delays + 1) each.

    Before the routing has run nobody knows of a hand-off. After it, a call that has not come comes later or
    never.
    """
    leads, lead = truth.leads, snapshots.lead
    calls = call_options(leads.created[lead], clocks_of(truth.settings).desk)
    routed = leads.created[lead] + ROUTING_TAKES < snapshots.before
    handed = np.where(routed, leads.handed_at[lead] < snapshots.before, leads.propensity[lead])
    weights = np.where(calls >= snapshots.before[:, None], CALL_SHARES, 0.0)
    weights *= (handed / weights.sum(axis=1))[:, None]
    weights[:, -1] += 1 - handed
    called = leads.called_at[lead] < snapshots.before
    weights[called] = np.eye(len(CALL_SHARES))[leads.delay[lead][called]]
    return calls, weights
