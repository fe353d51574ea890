"""How much more an older model loses than a fresh one on the same leads, by its age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from features.moments import DAY, Moments
from models.back_test.hindsight import during, first_looks
from models.back_test.periods import Kind, counted
from models.back_test.replay import Replay
from models.metrics import Floats
from models.paired import losses, mean_interval
from models.training_rows import TrainingRows

TYPICAL: Final = 3
"""The age, in periods, that the sentence speaks of, if there is one so old."""

DAYS_OF_A_MONTH: Final = 365.25 / 12


@dataclass(frozen=True)
class Stale:
    """Models of one age beside the fresh ones of the same time, on the same leads.

    ``age_days`` is how much older they are on average, ``periods`` and ``months`` the same in other units,
    and ``models`` how many there are. ``more_loss`` is by how much their log-loss is higher, with its 95 %
    interval over the ``leads``, and ``of_gain`` that as a share of what the fresh ones gain over the
    base rate known then (None where they gain nothing).
    """

    age_days: float
    months: float
    periods: int
    models: int
    leads: int
    more_loss: float
    low: float
    high: float
    of_gain: float | None


def staleness(rows: TrainingRows, replay: Replay, kind: Kind, seed: int) -> tuple[Stale, ...]:
    """Return each age that any of the replayed models reached, the youngest first.

    Models of one age are pooled over all their starts, each lead counting once in each of its periods, by
    its first look. An older model has seen fewer leads, too: what is measured is the price of not learning
    anew.
    """
    length = 7 if kind == "week" else DAYS_OF_A_MONTH
    by_age: dict[int, list[_Pair]] = {}
    for new in range(len(replay.served)):
        for old in range(new):
            pair = _pair(rows, replay, old, new)
            by_age.setdefault(round(pair.days / length), []).append(pair)
    return tuple(_pooled(pairs, age, seed) for age, pairs in sorted(by_age.items()))


def in_words(found: Sequence[Stale], kind: Kind) -> str:
    """Say what an old model costs, and from which age on every older one surely costs something."""
    if not found:
        return "How soon a model grows stale cannot be told: there is no older one to compare with."
    told = next((one for one in found if one.periods == TYPICAL), found[-1])
    old = f"A model of {counted(told.periods, kind)}"
    lost = f"loses {abs(told.more_loss):.4f} {'more' if told.more_loss >= 0 else 'less'} than a fresh one"
    if told.of_gain:
        lost += f", {100 * abs(told.of_gain):.0f} % of what that one gains on the base rate"
    sure = f"log-loss; 95 % interval {told.low:+.4f} to {told.high:+.4f}; {told.leads:,} leads"
    from_here = (one for place, one in enumerate(found) if all(other.low > 0 for other in found[place:]))
    surely = next(from_here, None)
    if surely is None:
        last = f"No age up to {counted(found[-1].periods, kind)} is surely worse."
    else:
        last = f"From {counted(surely.periods, kind)} on an old model surely loses more."
    return f"{old} {lost} ({sure}). {last}"


@dataclass(frozen=True)
class _Pair:
    """An old model on a later period's leads: what it lost ``more`` than the fresh one, row by row, and what
    that one gained on the base rate."""

    days: float
    lead: Moments
    more: Floats
    gain: Floats


def _pair(rows: TrainingRows, replay: Replay, old: int, new: int) -> _Pair:
    served = replay.served[new]
    fresh, stale = (
        first_looks(during(replay.said[model], served.period, rows), rows) for model in (new, old)
    )
    own = rows[fresh.rows]
    lost = losses(fresh.probability, own.label)
    return _Pair(
        days=(served.period.start - replay.served[old].period.start) / DAY,
        lead=own.lead,
        more=losses(stale.probability, own.label) - lost,
        gain=losses(np.full(len(own), served.base_rate), own.label) - lost,
    )


def _pooled(pairs: Sequence[_Pair], periods: int, seed: int) -> Stale:
    lead, more, gain = (
        np.concatenate([getattr(pair, name) for pair in pairs]) for name in ("lead", "more", "gain")
    )
    found, gained = mean_interval(more, np.ones(len(more)), lead, seed), float(gain.mean())
    days = float(np.mean([pair.days for pair in pairs]))
    return Stale(
        age_days=days,
        months=round(days / DAYS_OF_A_MONTH, 1),
        periods=periods,
        models=len(pairs),
        leads=len(np.unique(lead)),
        more_loss=found.value,
        low=found.low,
        high=found.high,
        of_gain=found.value / gained if gained > 0 else None,
    )
