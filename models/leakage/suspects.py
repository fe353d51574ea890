"""What the audit leaves out, as the features stage reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from features.exclusions import Exclusions
from features.moments import to_time
from models.gaps import Gaps
from models.leakage.verdict import Examined


@dataclass(frozen=True)
class SuspectPeriod:
    """Snapshots from ``since`` until before ``until`` (microseconds) are not learned from."""

    since: int
    until: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Suspects:
    """Columns, activity types (folded) and periods to be left out, each with its reasons.

    ``vouched_for`` holds the suspects that the agreement vouches for, so that they stay, as
    ``known_at`` names them, and since when they are said to be known.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    activity_types: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    periods: tuple[SuspectPeriod, ...] = ()
    vouched_for: Mapping[str, str] = field(default_factory=dict)

    @property
    def exclusions(self) -> Exclusions:
        """The columns and activity types that features must not look at."""
        return Exclusions(frozenset(self.columns), frozenset(self.activity_types))

    @property
    def gaps(self) -> Gaps:
        """The periods that are not learned from."""
        return tuple((period.since, period.until) for period in self.periods)

    @property
    def named(self) -> list[tuple[str, str]]:
        """What is left out, as people name it, each with its reasons in one text."""
        named = [*self.columns.items()]
        named += [(f"activities of type {name}", reasons) for name, reasons in self.activity_types.items()]
        named += [
            (f"{to_time(one.since):%Y-%m-%d} to {to_time(one.until):%Y-%m-%d}", one.reasons)
            for one in self.periods
        ]
        return [(name, " ".join(reasons)) for name, reasons in named]

    def to_json(self) -> dict[str, Any]:
        """Return the suspects as plain data."""
        return {
            "columns": {name: list(reasons) for name, reasons in self.columns.items()},
            "activity_types": {name: list(reasons) for name, reasons in self.activity_types.items()},
            "periods": [
                {"from": period.since, "until": period.until, "reasons": list(period.reasons)}
                for period in self.periods
            ],
            "vouched_for": dict(self.vouched_for),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Suspects:
        """Read what :meth:`to_json` wrote."""
        return cls(
            columns={name: tuple(reasons) for name, reasons in data["columns"].items()},
            activity_types={name: tuple(reasons) for name, reasons in data["activity_types"].items()},
            periods=tuple(
                SuspectPeriod(period["from"], period["until"], tuple(period["reasons"]))
                for period in data["periods"]
            ),
            vouched_for=dict(data["vouched_for"]),
        )


def suspects_of(examined: Iterable[Examined]) -> Suspects:
    """Return what is to be left out of all that was examined."""
    listed = list(examined)
    left_out = [one for one in listed if one.verdict == "left_out"]
    return Suspects(
        columns={one.name: one.reasons for one in left_out if one.what == "column"},
        activity_types={one.name: one.reasons for one in left_out if one.what == "activity_type"},
        periods=tuple(
            SuspectPeriod(one.since, one.until, one.reasons)
            for one in left_out
            if one.since is not None and one.until is not None
        ),
        vouched_for={
            (one.name if one.what == "column" else f"activity_type:{one.name}"): one.vouched_at or ""
            for one in listed
            if one.verdict == "vouched" and one.suspect
        },
    )
