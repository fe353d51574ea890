"""Local times as moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from pipeline.sources.steps import Steps

ClockChange = Literal["refuse", "earlier", "later"]

# Clocks are set back by an hour, on Lord Howe Island by half an hour.
_SHIFTS: Final = ("INTERVAL 1 HOUR", "INTERVAL 30 MINUTES")


@dataclass(frozen=True)
class Clock:
    """The clock that times without an offset were read from, and what to do with an hour it showed twice."""

    zone: str = "UTC"
    change: ClockChange = "refuse"

    def moment(self, local: str, steps: Steps) -> str:
        """Return the SQL of the moment (TIMESTAMPTZ) of a local time (TIMESTAMP).

        NULL where clocks never showed it, and, under ``refuse``, where they showed it twice.
        """
        if self.zone == "UTC":
            return steps.let(f"CAST({local} AS TIMESTAMPTZ)")
        local, one = self._one(local, steps)
        others = self._others(one, {"refuse": "-+", "earlier": "-", "later": "+"}[self.change])
        if self.change == "refuse":
            twice = " OR ".join(self._shows(other, local, steps) for other in others)
            return steps.let(f"CASE WHEN {self._shows(one, local, steps)} AND NOT ({twice}) THEN {one} END")
        choice = self._first_that_shows(others, local, one, steps)
        return steps.let(f"CASE WHEN {self._shows(one, local, steps)} THEN {choice} END")

    def day(self, local: str, steps: Steps) -> str:
        """Return the SQL of the moment at which a day began, given as its midnight (TIMESTAMP).

        Where clocks are changed at midnight that may be an hour later, or the first midnight of two.
        """
        if self.zone == "UTC":
            return steps.let(f"CAST({local} AS TIMESTAMPTZ)")
        local, one = self._one(local, steps)
        return steps.let(self._first_that_shows(self._others(one, "-"), local, one, steps))

    def _one(self, local: str, steps: Steps) -> tuple[str, str]:
        # ICU gives one of the two moments of a doubled hour, and the moment past a gap for one within.
        local = steps.let(local)
        return local, steps.let(f"timezone({steps.bind(self.zone)}, {local})")

    def _others(self, one: str, signs: str) -> list[str]:
        return [f"{one} {sign} {shift}" for sign in signs for shift in _SHIFTS]

    def _shows(self, moment: str, local: str, steps: Steps) -> str:
        return f"timezone({steps.bind(self.zone)}, {moment}) = {local}"

    def _first_that_shows(self, others: list[str], local: str, one: str, steps: Steps) -> str:
        choice = " ".join(f"WHEN {self._shows(other, local, steps)} THEN {other}" for other in others)
        return f"CASE {choice} ELSE {one} END"


def possible(moment: str, steps: Steps) -> str:
    """Return the SQL of a moment, NULL unless it is finite and of the years 1 to 9999."""
    is_of_a_year = f"date_part('year', {moment}) BETWEEN 1 AND 9999"
    return steps.let(f"CASE WHEN isfinite({moment}) AND {is_of_a_year} THEN {moment} END")
