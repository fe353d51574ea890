"""What a lead's features need beyond its own records: campaigns, and outcomes known so far, dated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data_checks.folding import fold
from features.account_book import NO_ACCOUNTS, AccountBook
from features.moments import NEVER, Moments
from features.text_column import Codes

ALL: Final = ""
"""The name under which the outcomes of all leads stand."""

PRIOR_WEIGHT: Final = 20.0
"""How many outcomes the rate of all leads counts for when a label's own rate is taken."""


@dataclass(frozen=True)
class KnownAt:
    """What is asked of known outcomes: by label, when the lead came, and the moment it is looked at."""

    code: Codes
    created: Moments
    as_of: Moments


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

    def latest(self, asked: KnownAt, horizon: int, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return how many outcomes known then are among the ``most`` newest, and conversions in them.

        Outcomes that became known in one moment are taken together, be they a few more than ``most``.
        Those that became known as the lead's own does, a ``horizon`` after its creation, are left out.
        """
        own = np.where(asked.created == NEVER, NEVER, asked.created + np.int64(horizon))
        end, own_start, own_end = self._up_to(asked.code, np.stack((asked.as_of, own - 1, own)))
        start = self._start(asked.code, end, most)
        own_start, own_end = (np.minimum(np.maximum(one, start), end) for one in (own_start, own_end))
        count = (end - start) - (own_end - own_start)
        reached = self.reached[end] - self.reached[start]
        return count, reached - (self.reached[own_end] - self.reached[own_start])

    def newest(self, code: Codes, as_of: Moments, most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows, from first to last (excluded), of the ``most`` newest outcomes of each code."""
        end = self._up_to(code, as_of)
        return self._start(code, end, most), end

    def _start(self, code: Codes, end: NDArray[np.int64], most: int) -> NDArray[np.int64]:
        """Return the first of the ``most`` rows before ``end``, and of those known in the same moment."""
        if not len(self.known):
            return end
        first = np.searchsorted(self.code, code)
        oldest = np.minimum(np.maximum(first, end - most), len(self.known) - 1)
        return np.maximum(first, self._up_to(code, self.known[oldest] - 1))

    def _up_to(self, code: Codes, moment: Moments) -> NDArray[np.int64]:
        """Return how many rows come at or before (code, moment); a missing code comes before all."""
        if not len(self.known):
            return np.zeros(moment.shape, np.int64)
        base, span = self._scale
        inside = np.minimum(np.maximum(moment - base, 0), span - 1)
        return np.searchsorted(self._key, code * np.int64(span) + inside, side="right")

    @cached_property
    def _scale(self) -> tuple[int, int]:
        if not len(self.known):
            return 0, 1
        first, last = int(self.known.min()), int(self.known.max())
        return first - 1, last - first + 3

    @cached_property
    def _key(self) -> NDArray[np.int64]:
        base, span = self._scale
        return self.code * np.int64(span) + (self.known - base)

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
    lead column, those of all leads under `ALL`; ``horizon`` how many microseconds after its creation a
    lead's outcome is known; ``accounts`` the leads of each account.
    """

    channels: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, KnownOutcomes] = field(default_factory=dict)
    horizon: int = 0
    accounts: AccountBook = NO_ACCOUNTS

    @classmethod
    def of_nothing(cls, rated: Iterable[str] = ()) -> Reference:
        """Return the reference of a company that knows of no campaign and of no outcome."""
        nothing = KnownOutcomes(np.empty(0, np.int32), np.empty(0, np.int64), np.zeros(1, np.int64))
        return cls(outcomes=dict.fromkeys((ALL, *rated), nothing))

    @classmethod
    def merged(cls, parts: Sequence[Reference]) -> Reference:
        """Return the reference of all leads from those of some each, which know the same campaigns."""
        outcomes = {
            column: KnownOutcomes.merged([part.outcomes[column] for part in parts])
            for column in parts[0].outcomes
        }
        accounts = AccountBook.merged([part.accounts for part in parts])
        return cls(parts[0].channels, outcomes, parts[0].horizon, accounts)

    def channel(self, campaign_id: str) -> str | None:
        """Return the channel of a campaign; None if the campaign or its channel is not known."""
        return self.channels.get(fold(campaign_id))

    def rate(
        self, column: str, asked: KnownAt, most: int, overall: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the conversion rate among the newest outcomes of the same label known at the moment.

        Smoothed towards ``overall``, the rate of all leads, which is itself the answer for `ALL`. The
        lead itself is not among them. NaN while nothing at all was known.
        """
        count, reached = self.outcomes[column].latest(asked, self.horizon, most)
        if overall is None:
            with np.errstate(invalid="ignore", divide="ignore"):
                return np.asarray(reached / count)
        return np.asarray((reached + PRIOR_WEIGHT * overall) / (count + PRIOR_WEIGHT))

    def to_json(self) -> dict[str, Any]:
        """Return the reference as JSON."""
        return {
            "channels": dict(self.channels),
            "outcomes": {column: known.to_json() for column, known in self.outcomes.items()},
            "horizon": self.horizon,
            "accounts": self.accounts.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Reference:
        """Read what `to_json` wrote."""
        outcomes = {column: KnownOutcomes.from_json(known) for column, known in data["outcomes"].items()}
        return cls(data["channels"], outcomes, data["horizon"], AccountBook.from_json(data["accounts"]))
