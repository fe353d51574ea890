"""How the model does for each kind of leads, with minimum support; kinds of few leads are told together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from models.look_rates import rate_of_looks
from models.metric_intervals import mean_of_weights
from models.metrics import Floats
from models.paired import Interval, losses, resampled_intervals
from models.ranking import auc_of_weights
from models.window import Window


@dataclass(frozen=True)
class SliceFigures:
    """Leads of one kind: counts, the share that converted, and how the model did for them.

    ``name`` is None for the kinds too small to be told alone, of which there are ``folded``; "" is not known.
    ``ratio`` is the conversions foretold by those that came (above 1 the model promises too much).
    ``gain`` is how much lower its log-loss is than that of the base rate. All but the counts are None where
    even together there are too few conversions, or too few leads without one.
    """

    way: str
    name: str | None
    leads: int
    conversions: int
    rate: Interval
    auc: Interval | None = None
    log_loss: Interval | None = None
    ratio: Interval | None = None
    gain: Interval | None = None
    folded: int = 0


def slice_figures(window: Window, base_rate: str, at_least: int, seed: int) -> list[SliceFigures]:
    """Return the figures of each kind with so many conversions and as many leads without one.

    ``base_rate`` is the name of that scorer among the window's others. In each way of parting leads the
    largest kinds come first, and the folded ones last.
    """
    return [one for way in window.kinds for one in _of_way(window, way, base_rate, at_least, seed)]


def _of_way(window: Window, way: str, base_rate: str, at_least: int, seed: int) -> Iterator[SliceFigures]:
    kinds = window.kinds[way]
    names, place = np.unique(kinds, return_inverse=True)
    parts = [window[place == number] for number in range(len(names))]
    large = [_told(part, at_least) for part in parts]
    for number in sorted(np.flatnonzero(large).tolist(), key=lambda number: -parts[number].leads):
        yield _figures(way, str(names[number]), parts[number], base_rate, at_least, seed)
    small = np.flatnonzero(~np.array(large, bool))
    if len(small):
        alone = str(names[small[0]]) if len(small) == 1 else None
        rest = window[np.isin(place, small)]
        yield _figures(way, alone, rest, base_rate, at_least, seed, folded=len(small))


def _told(part: Window, at_least: int) -> bool:
    return min(part.conversions, part.leads - part.conversions) >= at_least


def _figures(  # noqa: PLR0913, PLR0917 - a row of a table has as many columns
    way: str, name: str | None, part: Window, base_rate: str, at_least: int, seed: int, folded: int = 0
) -> SliceFigures:
    rate = rate_of_looks(part.label, part.weight, part.lead)
    counted = SliceFigures(way, name, part.leads, part.conversions, rate, folded=folded)
    if not _told(part, at_least):
        return counted
    own, others = losses(part.own, part.label), losses(part.others[base_rate], part.label)
    asked = [
        auc_of_weights(part.own, part.label),
        mean_of_weights(own),
        foretold_by_came(part),
        mean_of_weights(others - own),
    ]
    auc, log_loss, ratio, gain = resampled_intervals(
        lambda drawn: [one(drawn) for one in asked], part.weight, part.lead, seed
    )
    return replace(counted, auc=auc, log_loss=log_loss, ratio=ratio, gain=gain)


def foretold_by_came(part: Window) -> Callable[[Floats], float]:
    """Return what gives, for weights of the rows, conversions foretold by those that came, or NaN."""

    def ratio(weight: Floats) -> float:
        came = float(weight @ part.label)
        return float(weight @ part.own) / came if came else float("nan")

    return ratio
