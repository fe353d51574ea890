"""What the record of a lead says about its hidden class: the exact posterior of z = (c, w, τ)."""

from __future__ import annotations

import numpy as np

from pipeline.sample_crm.arrays import Floats
from pipeline.sample_crm.clocks import clocks_of
from pipeline.sample_crm.grids import CLASSES, INTEREST_SHARES, lapse_times
from pipeline.sample_crm.hazard import exposure_of, hazard_factors
from pipeline.sample_crm.snapshots import Snapshots
from pipeline.sample_crm.tracked_evidence import tracked_evidence
from pipeline.sample_crm.truth import Truth
from pipeline.sample_crm.uploaded_evidence import uploaded_evidence


def posterior(truth: Truth, snapshots: Snapshots) -> Floats:
    """Return P(z | record of an open lead), shape (snapshots, *CLASSES).

    With A the integrated hazard so far without its factors w and exp(.35 f):
    ``log L_z = log P(c|x) + log P(w) + log P(τ|c) + Σ log λ_z(t_i) - ∫ λ_z + Σ log q_c(k_i) - 1[c=1] w e^{.35
    f} A``, up to what is equal for all classes: routing, calls, the review and the moves of stage.
    """
    joint = _log_prior(truth, snapshots)
    joint += tracked_evidence(truth, snapshots)
    joint += uploaded_evidence(truth, snapshots)
    factors = hazard_factors(truth.settings, truth.leads.score[snapshots.lead])
    joint[:, 1] -= factors[:, :, None] * _exposed(truth, snapshots)[:, None, :]
    joint = np.exp(joint - joint.max(axis=(1, 2, 3), keepdims=True))
    return np.asarray(joint / joint.sum(axis=(1, 2, 3), keepdims=True))


def _log_prior(truth: Truth, snapshots: Snapshots) -> Floats:
    log_odds = truth.leads.log_odds[snapshots.lead]
    by_buyer = np.stack([-np.logaddexp(0, log_odds), -np.logaddexp(0, -log_odds)], axis=1)
    prior = by_buyer[:, :, None, None] + np.log(INTEREST_SHARES)[:, None, :]
    return np.broadcast_to(prior, (len(log_odds), *CLASSES)).copy()


def _exposed(truth: Truth, snapshots: Snapshots) -> Floats:
    """Return A for each end of interest, shape (snapshots, interests)."""
    contact, desk = truth.leads.contact(snapshots.lead), clocks_of(truth.settings).desk
    exposures = (
        exposure_of(truth.settings, desk, contact, lapses) for lapses in lapse_times(contact.created).T
    )
    return np.stack([exposure.until(snapshots.before) for exposure in exposures], axis=1)
