"""What changed between two scores of one lead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.explanation import Explanation, FamilyEffect, Reason


@dataclass(frozen=True, slots=True)
class Told:
    """A score as it was told: the probability and why."""

    probability: float
    why: Explanation


@dataclass(frozen=True, slots=True)
class Moved:
    """A feature among the reasons of both scores: its values, and by how many points its effect changed."""

    feature: str
    family: str
    text: str
    former_value: float | str | None
    value: float | str | None
    effect: float


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """By how many points a probability changed, and through what; the strongest first.

    ``effect`` is the sum of ``base_effect`` (another model expects another score of any lead) and of the
    effects of ``families``. Both are empty if one of the scores came without reasons. ``features`` are
    those among the reasons of both scores, so they need not add up.
    """

    effect: float
    base_effect: float | None = None
    families: tuple[FamilyEffect, ...] = ()
    features: tuple[Moved, ...] = ()


def score_change(former: Told, present: Told) -> ScoreChange:
    """Return what changed since the former score."""
    effect = present.probability - former.probability
    before, now = former.why.base_probability, present.why.base_probability
    if before is None or now is None:
        return ScoreChange(effect)
    families = _families(former.why.families, present.why.families)
    return ScoreChange(effect, now - before, families, _features(former.why.reasons, present.why.reasons))


def _families(former: Iterable[FamilyEffect], present: Iterable[FamilyEffect]) -> tuple[FamilyEffect, ...]:
    before, now = ({one.family: one.effect for one in found} for found in (former, present))
    moved = (FamilyEffect(name, now.get(name, 0.0) - before.get(name, 0.0)) for name in {*before, *now})
    return tuple(sorted((one for one in moved if one.effect), key=lambda one: (-abs(one.effect), one.family)))


def _features(former: Iterable[Reason], present: Iterable[Reason]) -> tuple[Moved, ...]:
    before = {one.feature: one for one in former}
    both = ((before[one.feature], one) for one in present if one.feature in before)
    moved = (
        Moved(now.feature, now.family, now.text, old.value, now.value, now.effect - old.effect)
        for old, now in both
        if (now.value, now.effect) != (old.value, old.effect)
    )
    return tuple(sorted(moved, key=lambda one: (-abs(one.effect), one.feature)))
