"""What a lead's features need beyond its own records: campaigns, and outcomes known so far, dated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data_checks.folding import fold
from features.moments import Moments
from features.text_column import Codes

ALL: Final = ""
"""The name under which the outcomes of all leads stand."""

PRIOR_WEIGHT: Final = 20.0
"""How many outcomes the rate of all leads counts for when a label's own rate is taken."""


@dataclass(frozen=True)
class KnownOutcomes:
    """Outcomes by label, each dated at the moment from which it was known for good.

    Rows are ordered by (code, known). ``reached`` counts the conversions up to and without each row,
    so it is one longer than the rows.
    """

    code: Codes
    known: Moments
    reached: NDArray[np.int64]

    @classmethod
    def of(cls, code: Codes, known: Moments, converted: NDArray[np.bool_]) -> KnownOutcomes:
        """Return the outcomes in order; code -1 (the label is missing) is left out."""
        rows = np.flatnonzero(code >= 0)
        rows = rows[np.lexsort((converted[rows], known[rows], code[rows]))]
        return cls(code[rows], known[rows], np.concatenate(([0], np.cumsum(converted[rows]))))

    @classmethod
    def merged(cls, parts: Sequence[KnownOutcomes]) -> KnownOutcomes:
        """Return the outcomes of all leads from those of some each, however the leads were cut."""
        return cls.of(
            np.concatenate([part.code for part in parts]),
            np.concatenate([part.known for part in parts]),
            np.concatenate([np.diff(part.reached) > 0 for part in parts]),
        )

    @cached_property
    def _span(self) -> tuple[int, int]:
        """The moment before the first outcome, and a length of time that holds all of them."""
        return int(self.known.min()) - 1, int(self.known.max() - self.known.min()) + 3

    @cached_property
    def _key(self) -> Moments:
        """One ordered integer for each row, made of code and moment."""
        base, span = self._span
        return self.code * np.int64(span) + (self.known - base)

    def latest(self, code: Codes, as_of: Moments, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many outcomes were known at ``as_of``, the ``most`` newest, and conversions in them."""
        if not len(self.known):
            return np.zeros(len(code), np.int64), np.zeros(len(code), np.int64)
        base, span = self._span
        moment = np.clip(as_of - base, 0, span - 1)
        end = np.searchsorted(self._key, code * np.int64(span) + moment, side="right")
        first = np.searchsorted(self.code, code)
        start = np.maximum(first, end - most)
        start, end = np.where(code < 0, 0, start), np.where(code < 0, 0, end)
        return end - start, self.reached[end] - self.reached[start]

    def to_json(self) -> dict[str, Any]:
        """Return the outcomes as JSON."""
        converted = np.diff(self.reached)
        return {"code": self.code.tolist(), "known": self.known.tolist(), "converted": converted.tolist()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> KnownOutcomes:
        """Read what `to_json` wrote."""
        reached = np.concatenate(([0], np.cumsum(np.array(data["converted"], np.int64))))
        return cls(np.array(data["code"], np.int32), np.array(data["known"], np.int64), reached)


@dataclass(frozen=True)
class Reference:
    """The dated facts that travel with a model: both batch and endpoint look them up by time.

    ``channels`` is each campaign's channel (folded id to text); ``outcomes`` the known outcomes by
    lead column, those of all leads under `ALL`.
    """

    channels: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, KnownOutcomes] = field(default_factory=dict)

    @classmethod
    def merged(cls, parts: Sequence[Reference]) -> Reference:
        """Return the reference of all leads from those of some each, which know the same campaigns."""
        outcomes = {
            column: KnownOutcomes.merged([part.outcomes[column] for part in parts])
            for column in parts[0].outcomes
        }
        return cls(parts[0].channels, outcomes)

    def channel(self, campaign_id: str) -> str | None:
        """Return the channel of a campaign; None if the campaign or its channel is not known."""
        return self.channels.get(fold(campaign_id))

    def rate(self, column: str, code: Codes, as_of: Moments, most: int) -> NDArray[np.float64]:
        """Return the conversion rate among the newest outcomes of the same label known at ``as_of``.

        Smoothed towards the rate of all leads; NaN while nothing at all was known.
        """
        everyone = np.zeros(len(code), np.int32)
        count, reached = self.outcomes[ALL].latest(everyone, as_of, most)
        with np.errstate(invalid="ignore", divide="ignore"):
            overall = reached / count
        if column == ALL:
            return np.asarray(overall)
        count, reached = self.outcomes[column].latest(code, as_of, most)
        return np.asarray((reached + PRIOR_WEIGHT * overall) / (count + PRIOR_WEIGHT))

    def to_json(self) -> dict[str, Any]:
        """Return the reference as JSON."""
        outcomes = {column: known.to_json() for column, known in self.outcomes.items()}
        return {"channels": dict(self.channels), "outcomes": outcomes}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reference:
        """Read what `to_json` wrote."""
        outcomes = {column: KnownOutcomes.from_json(known) for column, known in data["outcomes"].items()}
        return cls(data["channels"], outcomes)
