"""Leads by account, each with the moments at which it came and at which it converted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data_checks.folding import fold, is_missing
from features.moments import NEVER, Moments
from features.text_column import TextColumn

Positions = NDArray[np.int64]


@dataclass(frozen=True)
class AccountBook:
    """What is known of accounts' leads; any two rows of one account and moment may change places.

    ``account`` holds a number for each account (`account_number`), ``created`` and ``reached`` when a
    lead came and when it reached the target (``NEVER`` if it did not), one row a lead.
    """

    account: Moments
    created: Moments
    reached: Moments

    @classmethod
    def of(cls, account: TextColumn, created: Moments, reached: Moments) -> AccountBook:
        """Return the book of all leads that have an account, in an order of its own."""
        numbers = account_numbers(account)
        rows = np.flatnonzero((numbers >= 0) & (created != NEVER))
        rows = rows[np.lexsort((reached[rows], created[rows], numbers[rows]))]
        return cls(numbers[rows], created[rows], reached[rows])

    @classmethod
    def merged(cls, books: Iterable[AccountBook]) -> AccountBook:
        """Return one book of the leads of several."""
        parts = [(book.account, book.created, book.reached) for book in books]
        account, created, reached = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((reached, created, account))
        return cls(account[order], created[order], reached[order])

    def others(self, account: TextColumn, created: Moments, as_of: Moments) -> NDArray[np.float64]:
        """Return how many leads of the account had come by ``as_of``; NaN without an account.

        The lead itself is not counted, nor are others that came in the very same moment.
        """
        number = self._place(account)
        came = self._by_created.up_to(number, as_of)
        same = self._by_created.up_to(number, np.minimum(created, as_of)) - self._by_created.up_to(
            number, created - 1
        )
        return np.where(number < 0, np.nan, came - np.maximum(same, 0))

    def conversions(self, account: TextColumn, created: Moments, as_of: Moments) -> NDArray[np.float64]:
        """Return how many of these leads had reached the target by ``as_of``; NaN without an account."""
        number = self._place(account)
        reached = self._by_reached.up_to(number, as_of)
        same = self._of_one_moment(number, created)
        return np.where(number < 0, np.nan, reached - self._by_moment_and_reached.up_to(same, as_of))

    def to_json(self) -> dict[str, Any]:
        """Return the book as JSON."""
        return {
            "account": self.account.tolist(),
            "created": self.created.tolist(),
            "reached": [None if moment == NEVER else moment for moment in self.reached.tolist()],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AccountBook:
        """Read what `to_json` wrote."""
        reached = [NEVER if moment is None else moment for moment in data["reached"]]
        account, created = (np.array(data[name], np.int64) for name in ("account", "created"))
        return cls(account, created, np.array(reached, np.int64))

    @cached_property
    def _accounts(self) -> Moments:
        return np.unique(self.account)

    @cached_property
    def _numbers(self) -> Positions:
        return np.searchsorted(self._accounts, self.account)

    @cached_property
    def _by_created(self) -> _Dated:
        return _Dated.of(self._numbers, self.created)

    @cached_property
    def _by_reached(self) -> _Dated:
        return _Dated.of(self._numbers, self.reached)

    @cached_property
    def _moments(self) -> _Dated:
        """The different (account, created) pairs."""
        return _Dated(*map(np.ascontiguousarray, np.unique(np.stack([self._numbers, self.created]), axis=1)))

    @cached_property
    def _by_moment_and_reached(self) -> _Dated:
        return _Dated.of(self._of_one_moment(self._numbers, self.created), self.reached)

    def _place(self, account: TextColumn) -> Positions:
        """Return which account of the book each is: -1 if it is missing, past the last if it is new."""
        numbers = account_numbers(account)
        place = np.searchsorted(self._accounts, numbers)
        known = (
            self._accounts.take(np.minimum(place, len(self._accounts) - 1)) if len(self._accounts) else place
        )
        new = np.int64(len(self._accounts))
        return np.where(numbers < 0, np.int64(-1), np.where(known == numbers, place, new))

    def _of_one_moment(self, number: Positions, created: Moments) -> Positions:
        """Return which (account, created) pair of the book each is; past the last if it has none."""
        moments = self._moments
        before = moments.position(number, created - 1)
        there = moments.position(number, created) > before
        return np.where(there, before, np.int64(len(moments.code)))


NO_ACCOUNTS: Final = AccountBook(*(np.empty(0, np.int64) for _ in range(3)))


@dataclass(frozen=True)
class _Dated:
    """Moments by code, ordered by (code, moment)."""

    code: Positions
    moment: Moments

    @classmethod
    def of(cls, code: Positions, moment: Moments) -> _Dated:
        order = np.lexsort((moment, code))
        return cls(code[order], moment[order])

    def up_to(self, code: Positions, moment: Moments) -> Positions:
        """Return how many of the code's moments lie at or before a moment."""
        return self.position(code, moment) - np.searchsorted(self.code, code)

    def position(self, code: Positions, moment: Moments) -> Positions:
        """Return how many rows come at or before (code, moment)."""
        asked = code * self._width + np.searchsorted(self._times, moment, side="right")
        found: Positions = np.searchsorted(self._key, asked, side="right")
        return found

    @cached_property
    def _times(self) -> Moments:
        return np.unique(self.moment)

    @property
    def _width(self) -> int:
        return len(self._times) + 2

    @cached_property
    def _key(self) -> Positions:
        # Ranks for moments, since account and moment together would not fit 64 bits.
        return self.code * self._width + np.searchsorted(self._times, self.moment) + 1


def account_numbers(account: TextColumn) -> Moments:
    """Return the number of each account; -1 where there is none."""
    return np.array([*map(account_number, account.labels), -1], np.int64)[account.codes]


def account_number(account_id: str) -> int:
    """Return a number of 63 bits for an account id, so that the book need not hold the id itself."""
    if is_missing(account_id):
        return -1
    digest = hashlib.blake2b(fold(account_id).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
