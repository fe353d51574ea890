"""Pictures of what drives qualification."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from serving.figures.drivers import Band, Split
from serving.figures.rates import Estimate
from serving.pages.row_chart import Axis, mark_of, row_chart
from serving.pages.writing import percent

MOST_SHOWN: Final = 12
MOST_PANELS: Final = 4


def strength_chart(named: Sequence[tuple[str, Estimate]]) -> Markup | None:
    """Return how far each of the named moves the probability; None without any."""
    marks = tuple(mark for name, one in named if (mark := mark_of(name, one, written=_points)))
    return row_chart(marks, Axis("Points of probability, on average", "points")) if marks else None


def bands_chart(bands: Sequence[Band], target: str, average: float) -> Markup | None:
    """Return the share of leads with each value that reached the target, beside the share of all."""
    marks = tuple(mark for one in bands[:MOST_SHOWN] if (mark := mark_of(one.label, one.rate)))
    axis = Axis(f"Became {target}", line=average, line_told=f"all leads: {percent(average)}")
    return row_chart(marks, axis) if marks else None


def split_chart(bands: Sequence[Band], split: Split, target: str) -> Markup | None:
    """Return a panel for each of the commonest values of a feature: its rate in each part of the leads.

    Parts of too few leads are left out.
    """
    common = {one.place for one in sorted(bands, key=lambda one: -one.rate.of)[:MOST_PANELS]}
    marks = tuple(
        mark
        for one in bands
        if one.place in common
        for value in split.parts
        if (rate := split.rates.get((one.place, value))) is not None
        and not rate.is_few
        and (mark := mark_of(value, rate, panel=one.label))
    )
    return row_chart(marks, Axis(f"Became {target}"), "points") if marks else None


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"
