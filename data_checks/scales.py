"""Ordered scales: the D&B composite rating, the BBB letters, and those an agreement adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from data_checks.folding import fold

# Tangible net worth falls along the list, from US$50 million and over (5A) to less than US$5,000 (HH).
STATED_STRENGTHS: Final = (
    "5A", "4A", "3A", "2A", "1A", "BA", "BB", "CB", "CC", "DC", "DD", "EE", "FF", "GG", "HH",
)  # fmt: skip
# Businesses without a current financial statement, by employees: ten or more, fewer than ten.
# A composite appraisal of 1 is out of their reach.
UNSTATED_STRENGTHS: Final = ("1R", "2R")
_BBB_LETTERS: Final = ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F")


@dataclass(frozen=True)
class Scale:
    """An ordered scale.

    ``ratings`` are its values, best first; ``unrated`` the designations that say "no rating", which
    count as missing and never against a lead; both are kept folded and without white space.
    """

    name: str
    ratings: tuple[str, ...]
    unrated: frozenset[str] = frozenset()

    def rating(self, text: str) -> str | None:
        """Return the rating that ``text`` spells, however it is cased or spaced, or None.

        >>> BBB.rating(" a +"), DNB.rating("5 a 1"), DNB.rating("6A1")
        ('A+', '5A1', None)
        """
        return self._spelled.get(_squeeze(text))

    def is_unrated(self, text: str) -> bool:
        """Tell whether ``text`` is a designation that means the absence of a rating."""
        return _squeeze(text) in self.unrated

    def rank(self, text: str) -> float | None:
        """Return the place of ``text`` counted from the worst rating (0), or None when it is no rating."""
        rating = self.rating(text)
        return None if rating is None else float(len(self.ratings) - 1 - self.ratings.index(rating))

    def meeting(self, floor: str) -> tuple[str, ...]:
        """Return the ratings that are at least ``floor``, best first; none when ``floor`` is no rating.

        >>> BBB.meeting("B+")
        ('A+', 'A', 'A-', 'B+')
        >>> DNB.meeting("4A2")
        ('5A1', '5A2', '4A1', '4A2')
        """
        lowest = self.rating(floor)
        if lowest is None:
            return ()
        if self.name != "dnb":
            return self.ratings[: self.ratings.index(lowest) + 1]
        return tuple(rating for rating in self.ratings if _dnb_meets(rating, lowest))

    @property
    def title(self) -> str:
        """What people call the scale."""
        return {"bbb": "BBB", "dnb": "D&B"}.get(self.name, self.name)

    @property
    def _spelled(self) -> Mapping[str, str]:
        return _spellings(self.ratings)


def scale_named(name: str, scales: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> Scale | None:
    """Return the scale called ``name``: built in (``bbb``, ``dnb``) or one of ``scales`` (best first)."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    return Scale(name, tuple(scales[name])) if name in scales else None


def scale_rank(
    scale_name: str, text: str | None, scales: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> float | None:
    """Return the place of a rating on its scale, higher is better, or None without a rating.

    D&B composite ratings are put into one order here, financial strength first and composite
    appraisal within it, because a model needs one number. 1R and 2R, which know employees and no net
    worth, stand below CB and below DC, where D&B's earlier definition by estimated net worth had them.
    """
    scale = scale_named(scale_name, scales)
    return None if scale is None or text is None else scale.rank(text)


def _squeeze(text: str) -> str:
    return fold(text).replace(" ", "").replace("\u2212", "-")


_CACHE: dict[tuple[str, ...], Mapping[str, str]] = {}


def _spellings(ratings: tuple[str, ...]) -> Mapping[str, str]:
    if ratings not in _CACHE:
        _CACHE[ratings] = {_squeeze(rating): rating for rating in ratings}
    return _CACHE[ratings]


def _dnb_meets(rating: str, floor: str) -> bool:
    strengths = STATED_STRENGTHS if floor[:2] in STATED_STRENGTHS else UNSTATED_STRENGTHS
    if rating[:2] not in strengths:
        return False
    return strengths.index(rating[:2]) <= strengths.index(floor[:2]) and rating[2] <= floor[2]


def _dnb_ratings() -> tuple[str, ...]:
    ratings: list[str] = []
    for strength in STATED_STRENGTHS:
        ratings += [strength + appraisal for appraisal in "1234"]
        unstated = {"CB": "1R", "DC": "2R"}.get(strength)
        ratings += [unstated + appraisal for appraisal in "234"] if unstated else []
    return tuple(ratings)


BBB: Final = Scale("bbb", _BBB_LETTERS, frozenset({"nr"}))
DNB: Final = Scale(
    "dnb",
    _dnb_ratings(),
    frozenset({"--", "-", "nq", "ds", "inv", "ern", *(f"er{number}" for number in range(1, 9))}),
)
BUILT_IN: Final[Mapping[str, Scale]] = MappingProxyType({"bbb": BBB, "dnb": DNB})
