"""The values of a feature cut into a few bands, each with a name that people understand."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature
from features.wording import number

Floats = NDArray[np.float64]
MOST_BANDS: Final = 6
MOST_COUNTED: Final = 1000
"""Beyond it, a whole number is an amount: nobody counts from 2,800,001."""
ANY_OTHER: Final = "any other"
NOT_KNOWN: Final = "not known"


def cuts_of(feature: Feature, value: Floats, weight: Floats) -> tuple[float, ...]:
    """Return where bands end: a band holds what is above the end before it, up to its own end.

    There is one band more than there are ends, for what is above them all. Each category is a band.
    So is each of a few values; more are cut so that the bands hold about equal weight, at two
    significant digits. Values of great weight stay alone.
    """
    if feature.categories is not None:
        return tuple(map(float, range(len(feature.categories))))
    known = ~np.isnan(value)
    seen, place = np.unique(value[known], return_inverse=True)
    if len(seen) <= MOST_BANDS:
        return tuple(seen[:-1].tolist())
    mass = np.bincount(place, weight[known]).astype(np.float64)
    band = np.floor((np.cumsum(mass) - mass / 2) / mass.sum() * MOST_BANDS)
    ends = sorted({float(f"{end:.2g}") for end in seen[np.flatnonzero(np.diff(band))].tolist()})
    return _without_thin(ends, seen, mass)


def places_of(cuts: tuple[float, ...], value: Floats) -> NDArray[np.intp]:
    """Return the number of each value's band; the one after the last is for missing values."""
    return np.where(np.isnan(value), len(cuts) + 1, np.searchsorted(cuts, value, side="left"))


def labels_of(feature: Feature, cuts: tuple[float, ...], value: Floats) -> tuple[str, ...]:
    """Return what the bands are called, that of missing values included."""
    if feature.categories is not None:
        return (*feature.categories, ANY_OTHER, NOT_KNOWN)
    if not cuts:
        return ("any", NOT_KNOWN)
    known = value[~np.isnan(value)]
    whole = cuts[-1] < MOST_COUNTED and _counts_whole(feature) and bool((known == np.floor(known)).all())
    lowest = float(known.min())
    upto = "0 to" if lowest == 0 else "up to"
    first = number(lowest) if lowest == cuts[0] else f"{upto} {number(cuts[0])}"
    between = [_span(low, high, whole) for low, high in pairwise(cuts)]
    last = f"{number(np.floor(cuts[-1]) + 1)} or more" if whole else f"above {number(cuts[-1])}"
    return (first, *between, last, NOT_KNOWN)


def _without_thin(ends: list[float], seen: Floats, mass: Floats) -> tuple[float, ...]:
    """Join each band that holds less than a quarter of a fair share to a neighbour."""
    least = mass.sum() / MOST_BANDS / 4
    while ends:
        held = np.bincount(places_of(tuple(ends), seen), mass, len(ends) + 1)
        thin = int(np.argmin(held))
        if held[thin] >= least:
            break
        ends.pop(min(thin, len(ends) - 1))
    return tuple(ends)


def _counts_whole(feature: Feature) -> bool:
    # Training looks at leads on whole days, scoring at any moment: whole days are no law.
    return "days" not in feature.name.split("_")


def _span(low: float, high: float, whole: bool) -> str:
    if not whole:
        return f"above {number(low)} to {number(high)}"
    first = np.floor(low) + 1
    return number(high) if first == high else f"{number(first)} to {number(high)}"
