"""The ideal customer as measured: what is more common among qualified leads than among all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from serving.figures.contrasts import Contrast
from serving.figures.dimensions import Dimension
from serving.figures.rates import Estimate, Rate


@dataclass(frozen=True)
class Trait:
    """A value that is more common among the leads that reach the target than among all.

    ``lift`` is how many times as common: the shrunk rate of its leads by the rate of all, which is the same.
    Its interval holds for all values at once. ``of_leads`` is its share of all leads, ``of_sqls`` of
    those that reached the target. ``is_sure`` tells whether chance alone would hardly make it so.
    """

    dimension: Dimension
    value: str
    lift: Estimate
    of_leads: Rate
    of_sqls: Rate
    rate: Estimate
    is_sure: bool


def target_profile(found: Sequence[Contrast], overall: float, leads: int, sqls: int) -> tuple[Trait, ...]:
    """Return the traits of each thing that leads differ in, the most telling first.

    ``overall`` is the rate of all ``leads``, of which ``sqls`` reached the target.
    """
    if not overall:
        return ()
    traits = [_trait(one, overall, leads, sqls) for one in found]
    more = [trait for trait in traits if trait.lift.value is not None and trait.lift.value > 1]
    places = {one: place for place, one in enumerate(dict.fromkeys(one.dimension for one in found))}
    return tuple(
        sorted(
            more, key=lambda one: (places[one.dimension], not one.is_sure, -(one.lift.value or 0), one.value)
        )
    )


def _trait(one: Contrast, overall: float, leads: int, sqls: int) -> Trait:
    segment, shrunk = one.segment, one.sure_shrunk
    low, middle, high = (
        None if end is None else float(end / overall) for end in (shrunk.low, shrunk.value, shrunk.high)
    )
    return Trait(
        one.dimension,
        str(segment.key[0]),
        Estimate(middle, low, high, segment.leads),
        Rate(segment.leads, leads),
        Rate(segment.sqls, sqls),
        segment.rate,
        one.direction > 0,
    )
