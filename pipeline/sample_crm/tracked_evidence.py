"""The evidence of tracked events: the likelihood of a self-exciting process under each class."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from pipeline.sample_crm.arrays import Codes, Floats, Times
from pipeline.sample_crm.clock import DAY
from pipeline.sample_crm.clocks import clocks_of
from pipeline.sample_crm.doing import DECAY, EXCITATION, OWN_RATE
from pipeline.sample_crm.events import Events, gateway_rate
from pipeline.sample_crm.grids import CLASSES, activity_factors, intents, lapse_times, lapsed_factor
from pipeline.sample_crm.kinds import marks
from pipeline.sample_crm.search import RecordSearch, running
from pipeline.sample_crm.snapshots import Snapshots, interested_time, own_rates
from pipeline.sample_crm.truth import Truth


def tracked_evidence(truth: Truth, snapshots: Snapshots) -> Floats:
    """Return Σ log (λ_z(t_i) q_c(k_i) + b(t_i)) - ∫ w m_c rho μ l s, shape (snapshots, *CLASSES).

    Excitation is the same for all classes, so its integral cancels. Sums over a lead's events before a moment
    are differences of running sums, at positions found by search.
    """
    created = truth.leads.created[snapshots.lead]
    events = truth.tracked.of_leads(snapshots.lead)
    search = RecordSearch(events.lead, events.recorded)
    opens, closes = search.before(snapshots.lead, created), search.before(snapshots.lead, snapshots.before)
    switches = [
        np.minimum(closes, search.before(snapshots.lead, lapses)) for lapses in lapse_times(created).T
    ]
    exposed = interested_time(truth, clocks_of(truth.settings).tracking, snapshots.lead, snapshots.before)
    total = -own_rates(truth, snapshots, OWN_RATE)[:, :, :, None] * exposed[:, None, None, :]
    log_rate = _log_rate(truth, events)
    for buyer, intent in np.ndindex(*CLASSES[:2]):
        awake, lapsed = (running(terms) for terms in log_rate(buyer, intent))
        for interest, switch in enumerate(switches):
            total[:, buyer, intent, interest] += (
                awake[switch] - awake[opens] + lapsed[closes] - lapsed[switch]
            )
    return np.asarray(total)


def excitation(lead: Codes, occurred: Times) -> Floats:
    """Return alpha β Σ exp(-β (t_i - t_j)) over a lead's earlier events, per day, shape (events,).

    Events are in order of lead and time. The recursion runs over the rank of an event within its lead, for
    all leads at once, so it takes as many rounds as the busiest lead has events.
    """
    rank = np.arange(len(lead)) - np.searchsorted(lead, lead)
    fade = np.where(rank > 0, np.exp(-DECAY * np.abs(np.diff(occurred, prepend=0)) / DAY), 0.0)
    excited = np.zeros(len(lead))
    by_rank = np.argsort(rank, kind="stable")
    bounds = np.searchsorted(rank[by_rank], np.arange(1, int(rank.max(initial=0)) + 2))
    for begins, ends in pairwise(bounds.tolist()):
        here = by_rank[begins:ends]
        excited[here] = fade[here] * (excited[here - 1] + EXCITATION * DECAY)
    return excited


def _log_rate(truth: Truth, events: Events) -> Callable[[int, int], tuple[Floats, Floats]]:
    """Return the function (buyer, intent) → log rates of the events, interested and lapsed.

    The event that brought a lead in was certain to come, and its kind follows from the source: only its marks
    count.
    """
    settings, laws = truth.settings, marks(truth.settings.effect_scale)
    own = OWN_RATE * truth.leads.activity[events.lead] * clocks_of(settings).tracking.pace(events.occurred)
    excited = excitation(events.lead, events.occurred)
    gateway = gateway_rate(settings, events.kind, events.occurred)
    gain = laws.log_ratio(events.kind, events.asset, events.product, truth.leads.product[events.lead])
    factors = activity_factors(settings)[:, None] * intents(settings)

    def log_rate(buyer: int, intent: int) -> tuple[Floats, Floats]:
        rates = (
            (factors[buyer, intent] * interest * own + excited) * laws.tracked[buyer][events.kind] + gateway
            for interest in (1.0, lapsed_factor(settings))
        )
        awake, lapsed = (np.log(np.where(events.entry, 1.0, rate)) + buyer * gain for rate in rates)
        return awake, lapsed

    return log_rate
