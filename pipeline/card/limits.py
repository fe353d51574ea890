"""What the figures do not say, derived from the facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from features.wording import words
from pipeline.card.document import Points, Section, short
from pipeline.card.facts import CardFacts
from pipeline.card.numbers import count, share, share_with_interval
from pipeline.card.quality import name_of

FEW_CONVERSIONS: Final = 100
"""With fewer conversions in the test intervals are so wide that most comparisons stay open."""

MOST_NAMED: Final = 5


def limits_section(facts: CardFacts) -> Section:
    """Return the limits of the model and of its test."""
    return Section("Limits", (Points((*_of_the_test(facts), *_of_the_data(facts), *_of_every_model(facts))),))


def _of_the_test(facts: CardFacts) -> Iterator[str]:
    tested, horizon = facts.tested, facts.bundle.facts.horizon_days
    if facts.bundle.model.rung == "base_rate":
        yield (
            "No usable signal was found: every lead gets the same probability, and nobody can be ranked "
            "by it."
        )
    if facts.gap_days < horizon:
        yield (
            f"The gap before the test is {facts.gap_days:g} days, shorter than the horizon of {horizon}: "
            "some outcomes learned from "
            "were not yet known when the test began, so the figures flatter every scorer."
        )
    if tested.conversions < FEW_CONVERSIONS:
        yield (
            f"Only {count(tested.conversions)} leads of the test reached {facts.target}: intervals are "
            "wide, and most comparisons stay open."
        )
    before, then = tested.rate_before, tested.rate
    if then.low > before.high or then.high < before.low:
        word = "higher" if then.value > before.value else "lower"
        yield (
            f"The share that reaches {facts.target} was {word} in the test ({share_with_interval(then)}) "
            "than before it "
            f"({share_with_interval(before)}): times change, and probabilities lag behind."
        )
    worse = [one for one in facts.slices if one.gain is not None and one.gain.high < 0]
    open_ = [one for one in facts.slices if one.gain is not None and one.gain.low <= 0 <= one.gain.high]
    for some, said in (
        (worse, "It does worse than giving everybody the base rate"),
        (open_, "It cannot be told from giving everybody the base rate"),
    ):
        if some and facts.bundle.model.rung != "base_rate":
            named = [f"{words(one.way).lower()} {name_of(one)}" for one in some]
            yield f"{said} for these leads: {_some(named)}. Of many kinds a few look so by chance."


def _of_the_data(facts: CardFacts) -> Iterator[str]:
    if facts.unseen:
        sentences = {feature.name: feature.sentence for feature in facts.bundle.features.features}
        named = [f"{short(sentences[one.feature])} ({share(one.share)} of leads)" for one in facts.unseen]
        yield f"Values came in the test that nothing had been learned of: {_some(named)}."
    if facts.suspects.periods:
        yield (
            f"{len(facts.suspects.periods)} periods of the history were not learned from; what was "
            "special about them the model does not know."
        )
    checked = any(check.groups for check in facts.forbidden)
    if not checked:
        yield (
            "Whether groups of people fare alike could not be checked: a group that is not in the data, "
            "or that the agreement does not name, stays unseen."
        )


def _of_every_model(facts: CardFacts) -> Iterator[str]:
    yield (
        "An outcome is known only of leads that somebody worked. A good lead that sales never called "
        "counts as one that did not reach "
        f"{facts.target}, so the model learns past attention along with interest."
    )
    yield (
        "The served model has learned from all leads, those of the test included; where the horizon is not "
        "over, from the outcome to be expected. What was tested is its twin, the same recipe learned from "
        "earlier leads only."
    )
    yield (
        f"One stretch of time was tested, {facts.tested.begin} to {facts.tested.end}. Intervals say how "
        "other leads of that time would have come out, not how another time would."
    )
    if facts.staleness is None:
        yield "How fast the model ages is not known."


def _some(named: list[str]) -> str:
    rest = len(named) - MOST_NAMED
    return "; ".join(named[:MOST_NAMED]) + (f"; and {rest} more" if rest > 0 else "")
