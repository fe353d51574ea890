"""Whether leads of different groups are handed off, found and foretold alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.forbidden_groups import LEADS_AT_LEAST
from models.hand_off_yield import Counts, JudgedLeads, intervals_of
from models.intervals import ratio_interval
from models.paired import Interval, resampled_interval
from models.slice_figures import foretold_by_came
from models.window import Kinds, Window

FOUR_FIFTHS: Final = 0.8
"""A rule of thumb: a group selected less than four fifths as often as the most selected one is looked into.

Source: U.S. Equal Employment Opportunity Commission, Uniform Guidelines on Employee Selection
Procedures, 1978, section 1607.4 D.
"""


@dataclass(frozen=True)
class GroupFigures:
    """The leads of one group in the forward test, each counted once.

    ``handed`` of them were handed off and ``reached`` converted; ``rate`` is the share that converted,
    ``selected`` the share handed off and ``caught`` that of those that converted (the true positive rate).
    ``selected_ratio`` and ``caught_ratio`` hold them against the group with the highest one; they are
    None of that group itself. ``foretold`` is the conversions foretold at all looks by those that came.
    ``caught`` and ``foretold`` are None where too few converted.
    """

    name: str
    leads: int
    reached: int
    handed: int
    rate: Interval
    selected: Interval
    selected_ratio: Interval | None = None
    caught: Interval | None = None
    caught_ratio: Interval | None = None
    foretold: Interval | None = None

    @property
    def below_four_fifths(self) -> bool:
        """Whether it is selected less than four fifths as often as the most selected group."""
        return self.selected_ratio is not None and self.selected_ratio.value < FOUR_FIFTHS


def fairness(window: Window, groups: Kinds, cut: float, at_least: int, seed: int) -> list[GroupFigures]:
    """Return the figures of each group, the largest first.

    ``groups`` has the group of each lead, in the order of their numbers; ``cut`` is the probability from
    which on a lead is handed off at any look; at least ``at_least`` leads must have converted for what is
    said of those that did.
    """
    leads = JudgedLeads.of(window.own, window.label, window.lead, window.as_of)
    names, place = np.unique(groups, return_inverse=True)
    handed = leads.best >= cut
    counts, reached, selected, caught = (
        np.bincount(place, one, len(names)).astype(np.int64)
        for one in (np.ones(len(leads)), leads.reached, handed, handed & leads.reached)
    )
    rate, of_all, of_reached = (
        intervals_of(reached, counts),
        intervals_of(selected, counts),
        intervals_of(caught, reached),
    )
    enough = reached >= at_least
    of_look = place[np.unique(window.lead, return_inverse=True)[1]]
    of_best = _ratios(selected, counts, counts >= LEADS_AT_LEAST)
    of_best_caught = _ratios(caught, reached, enough)
    found = []
    for group in np.argsort(-counts, kind="stable").tolist():
        told = bool(enough[group])
        found.append(
            GroupFigures(
                name=str(names[group]),
                leads=int(counts[group]),
                reached=int(reached[group]),
                handed=int(selected[group]),
                rate=_known(rate[group]),
                selected=_known(of_all[group]),
                selected_ratio=of_best[group],
                caught=of_reached[group] if told else None,
                caught_ratio=of_best_caught[group],
                foretold=_foretold(window[of_look == group], seed) if told else None,
            )
        )
    return found


def _ratios(some: Counts, of: Counts, enough: NDArray[np.bool_]) -> list[Interval | None]:
    """Return each rate by the highest one, of groups that are large enough; None of the highest itself."""
    rates = np.where(enough, some / np.maximum(of, 1), -1.0)
    best = int(np.argmax(rates))
    if rates[best] <= 0:
        return [None] * len(some)
    return [
        None if group == best or not enough[group] else _ratio(group, best, some, of)
        for group in range(len(some))
    ]


def _ratio(group: int, best: int, some: Counts, of: Counts) -> Interval:
    value = float(some[group] / of[group] / (some[best] / of[best]))
    low, high = ratio_interval(some[group], of[group], some[best], of[best])
    return Interval(value, min(low, value), max(high, value))


def _foretold(part: Window, seed: int) -> Interval:
    return resampled_interval(foretold_by_came(part), part.weight, part.lead, seed)


def _known(interval: Interval | None) -> Interval:
    if interval is None:
        raise ValueError("a group has leads")
    return interval
