"""What drives qualification: families, features, and what became of the leads with each value of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from serving.figures.file import Figures, Row
from serving.figures.rates import Estimate, shared_rate

WAYS: Final[Mapping[str, str]] = {
    "period": "Quarter that the lead came in",
    "source": "Source",
    "industry": "Industry",
    "size": "Employees",
    "country": "Country",
}
"""How what became of a feature's values can be parted further."""

ENOUGH: Final = 50
"""The best of many values of few leads each would be chance."""

UNNAMED: Final = ("any other", "not known")


@dataclass(frozen=True)
class Family:
    """Features of a kind; ``moves`` is their mean absolute effect on the probability, taken together."""

    name: str
    features: int
    moves: Estimate


@dataclass(frozen=True)
class Value:
    """A value of a feature, and the share of the leads with it that reached the target."""

    label: str
    rate: Estimate


@dataclass(frozen=True)
class Driver:
    """A feature; ``moves`` is its mean absolute effect on the probability, over the leads of the test.

    ``best`` is the value that speaks most for a lead, ``worst`` the one that speaks most against it, of those
    that at least 50 leads have.
    """

    feature: str
    family: str
    sentence: str
    moves: Estimate
    best: Value | None
    worst: Value | None


@dataclass(frozen=True)
class Band:
    """A value of a feature: the share of its leads that reached the target, and its mean effect."""

    place: int
    label: str
    rate: Estimate
    effect: Estimate


@dataclass(frozen=True)
class Split:
    """The rate of each band (by place) in each part of the leads; ``parts`` are in order."""

    way: str
    parts: tuple[str, ...]
    rates: Mapping[tuple[int, str], Estimate]


def families(figures: Figures) -> tuple[Family, ...]:
    """Return the families, the strongest first."""
    rows = figures.rows("select * from families order by effect desc, family")
    return tuple(Family(row["family"], row["features"], _moves(row, tested(figures))) for row in rows)


def tested(figures: Figures) -> int:
    """Return how many leads the strength of drivers was measured on."""
    return int(figures.fact("metrics")["test"]["leads"])


def drivers(figures: Figures, family: str | None = None) -> tuple[Driver, ...]:
    """Return the features that move scores at all, of a family or of all, the strongest first."""
    rows = figures.rows(
        """
        select i.*, e.best, e.worst from importance i left join (
          select feature,
            arg_max({label: label, leads: leads, rate: rate, low: rate_low, high: rate_high}, effect) as best,
            arg_min({label: label, leads: leads, rate: rate, low: rate_low, high: rate_high}, effect) as worst
          from effects where leads >= $few group by feature
        ) e using (feature)
        where $family is null or i.family = $family order by i.effect desc, i.feature
        """,
        {"few": ENOUGH, "family": family},
    )
    leads = tested(figures)
    return tuple(
        Driver(
            row["feature"],
            row["family"],
            row["sentence"],
            _moves(row, leads),
            _value(row["best"]),
            _value(row["worst"]),
        )
        for row in rows
    )


def bands(figures: Figures, feature: str) -> tuple[Band, ...]:
    """Return the values of a feature that leads have: numbers in order, many labels the commonest first."""
    rows = figures.rows(
        "select * from effects where feature = $feature and leads > 0 order by place", {"feature": feature}
    )
    found = [
        Band(
            row["place"],
            row["label"],
            Estimate(row["rate"], row["rate_low"], row["rate_high"], row["leads"]),
            Estimate(row["effect"], row["effect_low"], row["effect_high"], row["leads"]),
        )
        for row in rows
    ]
    if not has_labels(found):
        return tuple(found)
    return tuple(sorted(found, key=lambda one: (one.label in UNNAMED, -one.rate.of, one.place)))


def has_labels(found: list[Band]) -> bool:
    """Tell whether the values are labels and no bands of numbers, which are at most seven."""
    return len(found) > 8 or any(one.label == UNNAMED[0] for one in found)


def split(figures: Figures, feature: str, way: str) -> Split | None:
    """Return what became of a feature's values, parted further; None if it is not kept for the feature."""
    rows = figures.rows(
        "select place, value, leads, looks, won from banded where feature = $feature and way = $way",
        {"feature": feature, "way": way},
    )
    if not rows:
        return None
    leads: dict[str, float] = {}
    for row in rows:
        leads[row["value"]] = leads.get(row["value"], 0.0) + row["leads"]
    rates = {
        (row["place"], row["value"]): shared_rate(row["won"] / row["looks"] * row["leads"], row["leads"])
        for row in rows
    }
    return Split(way, tuple(sorted(leads, key=lambda value: _order(way, value, leads[value]))), rates)


def _order(way: str, value: str, leads: float) -> tuple[bool, float, str]:
    """Sort quarters by time, sizes by size, and anything else by leads; what has no name comes last."""
    if way == "period":
        return value in UNNAMED, 0.0, value
    smallest = value.split(" ", maxsplit=1)[0].replace(",", "")
    if way == "size" and smallest.isdigit():
        return False, float(smallest), value
    return value in UNNAMED, -leads, value


def _value(told: Mapping[str, Any] | None) -> Value | None:
    if told is None:
        return None
    return Value(told["label"], Estimate(told["rate"], told["low"], told["high"], told["leads"]))


def _moves(row: Row, leads: int) -> Estimate:
    return Estimate(row["effect"], row["low"], row["high"], leads)
