"""Where a probability is going: now, against a week and a month ago."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from serving.pages.writing import percent

STILL: Final = 0.005
"""A probability that moved by less than half a point did not move."""

WIDTH, HEIGHT, EDGE = 52, 20, 3
_LEAST_SPAN: Final = 0.1
_DAYS: Final = (30, 7, 0)


@dataclass(frozen=True)
class Trend:
    """The probability of a lead now, a week and a month ago; None of a day at which it was not there yet."""

    now: float | None
    week_ago: float | None
    month_ago: float | None

    @property
    def rise(self) -> float | None:
        """By how much it rose in a month, or else in a week."""
        before = self.week_ago if self.month_ago is None else self.month_ago
        return None if before is None or self.now is None else self.now - before

    @property
    def span(self) -> str:
        """Over what it rose: a ``month``, or a ``week`` of a lead that is younger."""
        return "week" if self.month_ago is None else "month"

    @property
    def direction(self) -> str:
        """``up``, ``down``, ``still``, or ``new`` of a lead that is younger than a week."""
        if self.rise is None:
            return "new"
        return "still" if abs(self.rise) < STILL else "up" if self.rise > 0 else "down"

    @property
    def words(self) -> str:
        r"""What the picture shows, for those who do not see it.

        >>> Trend(0.3, 0.25, 0.1).words, Trend(0.3, None, None).words
        ('Up: 10\xa0% a month ago, 25\xa0% a week ago, 30\xa0% now', 'New: not a week old')
        """
        if self.rise is None:
            return "New: not a week old" if self.now is not None else "Not scored"
        past = ((self.month_ago, "a month ago"), (self.week_ago, "a week ago"), (self.now, "now"))
        told = ", ".join(f"{percent(value)} {when}" for value, when in past if value is not None)
        return f"{_WORDS[self.direction]}: {told}"

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The places of the three in a picture of 52 by 20, the oldest first; those that are known."""
        given = [
            (day, value)
            for day, value in zip(_DAYS, (self.month_ago, self.week_ago, self.now), strict=True)
            if value is not None
        ]
        values = [value for _, value in given]
        if len(given) < 2:
            return ()
        middle = (max(values) + min(values)) / 2
        span = max(max(values) - min(values), _LEAST_SPAN)
        return tuple((_across(day), _down((value - middle) / span)) for day, value in given)


_WORDS: Final = {"up": "Up", "down": "Down", "still": "Steady"}


def _across(days_ago: int) -> float:
    return round(EDGE + (WIDTH - 2 * EDGE) * (1 - days_ago / _DAYS[0]), 1)


def _down(place: float) -> float:
    return round(HEIGHT / 2 - (HEIGHT - 2 * EDGE) * place, 1)
