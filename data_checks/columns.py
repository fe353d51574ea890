"""A column of a table as the clauses look at it, each distinct value read once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_checks.clause import DAY, RowClause, Terms
from data_checks.folding import fold, is_missing
from data_checks.predicates import Between, Present
from data_checks.reading import as_text, parse_time

Positions = npt.NDArray[np.int64]


class Column:
    """The values of one column, of any type, as texts.

    ``codes`` holds for each row the number of its text; the last number stands for all that is missing.
    """

    def __init__(self, values: pd.Series) -> None:
        codes, self._distinct = pd.factorize(values)
        self.codes: Positions = np.where(codes < 0, len(self._distinct), codes)
        is_time = isinstance(values.dtype, pd.DatetimeTZDtype)
        self._moments = values.to_numpy("datetime64[us]").view(np.int64) if is_time else None

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def filled(self) -> npt.NDArray[np.bool_]:
        """For each row, whether its value is present."""
        if self._moments is not None:
            return self.codes < len(self._distinct)
        return np.array([text is not None for text in self._texts], dtype=np.bool_)[self.codes]

    def text(self, code: int) -> str | None:
        """Return the text with a number, None when it says nothing."""
        return None if code == len(self._distinct) else _filled_in(self._distinct[code])

    def through(self, clause: RowClause, terms: Terms) -> pd.Series | None:
        """Return what ``clause`` sees in each row (missing is NaN or None), or None if it cannot look."""
        read, on_moments = clause.reader(terms), clause.of_moments(terms)
        if read is None:
            return None
        if self._moments is not None and on_moments is not None:
            return pd.Series(np.where(self.filled, on_moments(self._moments), np.nan))
        asked = clause.predicate(terms)
        if isinstance(asked, Present):
            return self.presence()
        seen = [None if text is None else read(text) for text in self._texts]
        if isinstance(asked, Between):
            return pd.Series(np.array(seen, dtype=float)[self.codes])
        return self._of_rows(seen)

    def presence(self) -> pd.Series:
        """Return ``filled in`` or None for each row."""
        return pd.Series(np.array([None, "filled in"], dtype=object)[self.filled.astype(np.int64)])

    def ages(self, now: int) -> pd.Series:
        """Return how many days before ``now`` each moment lies; NaN for later and unreadable ones."""
        if self._moments is not None:
            ages = (now - self._moments) / DAY
            return pd.Series(np.where(self.filled & (ages >= 0), ages, np.nan))
        moments = [None if text is None else parse_time(text) for text in self._texts]
        past = [np.nan if moment is None or moment > now else (now - moment) / DAY for moment in moments]
        return pd.Series(np.array(past, dtype=float)[self.codes])

    def folded(self, hidden: bool) -> pd.Series:
        """Return each row's text as it compares; ``hidden`` ones are replaced by a number each."""
        folds = [None if text is None else fold(text) for text in self._texts]
        if hidden:
            number = {text: f"hidden value {place}" for place, text in enumerate(dict.fromkeys(folds))}
            folds = [None if text is None else number[text] for text in folds]
        return self._of_rows(folds)

    def broken_by(self, clause: RowClause, terms: Terms) -> Positions:
        """Return the rows that break ``clause``, by the very question that one lead is asked."""
        seen = self.through(clause, terms)
        if seen is None:
            return np.empty(0, dtype=np.int64)
        holds, asks_all = clause.predicate(terms).holds, clause.name == "required"
        present = seen.notna().tolist()
        broken = [
            not holds(value) if there else asks_all
            for value, there in zip(seen.tolist(), present, strict=True)
        ]
        return np.flatnonzero(broken)

    @cached_property
    def _texts(self) -> list[str | None]:
        return [*map(_filled_in, self._distinct.tolist()), None]

    def _of_rows(self, seen: Sequence[object]) -> pd.Series:
        return pd.Series(np.array(seen, dtype=object)[self.codes])


def _filled_in(value: object) -> str | None:
    text = as_text(value)
    return None if is_missing(text) else text
