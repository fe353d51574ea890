"""A column of a table as the clauses look at it, each distinct value read once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_checks.clause import DAY, RowClause, Terms
from data_checks.folding import fold, is_missing
from data_checks.predicates import Between
from data_checks.reading import as_text, parse_time

Positions = npt.NDArray[np.int64]


class Column:
    """The values of one column, of any type, as texts.

    ``codes`` holds for each row the place of its value in ``texts``; the last text is None and
    stands for all that is missing.
    """

    def __init__(self, values: pd.Series) -> None:
        self.codes, distinct = pd.factorize(values)
        written = [as_text(value) for value in distinct]
        self.texts: list[str | None] = [None if is_missing(text) else text for text in written] + [None]
        is_time = isinstance(values.dtype, pd.DatetimeTZDtype)
        self._moments = values.to_numpy("datetime64[us]").view(np.int64) if is_time else None

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def filled(self) -> npt.NDArray[np.bool_]:
        """For each row, whether its value is present."""
        return np.array([text is not None for text in self.texts])[self.codes]

    def text_at(self, row: int) -> str | None:
        """Return the text of one row."""
        return self.texts[int(self.codes[row])]

    def through(self, clause: RowClause, terms: Terms) -> pd.Series | None:
        """Return what ``clause`` sees in each row (missing is NaN or None), or None if it cannot look."""
        read, on_moments = clause.reader(terms), clause.of_moments(terms)
        if read is None:
            return None
        if self._moments is not None and on_moments is not None:
            return pd.Series(np.where(self.filled, on_moments(self._moments), np.nan))
        seen = [None if text is None else read(text) for text in self.texts]
        if isinstance(clause.predicate(terms), Between):
            return pd.Series(np.array(seen, dtype=float)[self.codes])
        return self._of_rows(seen)

    def presence(self) -> pd.Series:
        """Return ``filled in`` or None for each row."""
        return self._of_rows([None if text is None else "filled in" for text in self.texts])

    def ages(self, now: int) -> pd.Series:
        """Return how many days before ``now`` each moment lies; NaN for later and unreadable ones."""
        if self._moments is not None:
            ages = (now - self._moments) / DAY
            return pd.Series(np.where(self.filled & (ages >= 0), ages, np.nan))
        moments = [None if text is None else parse_time(text) for text in self.texts]
        past = [np.nan if moment is None or moment > now else (now - moment) / DAY for moment in moments]
        return pd.Series(np.array(past, dtype=float)[self.codes])

    def folded(self, hidden: bool) -> pd.Series:
        """Return each row's text as it compares; ``hidden`` ones are replaced by a number each."""
        folds = [None if text is None else fold(text) for text in self.texts]
        if hidden:
            number = {text: f"hidden value {place}" for place, text in enumerate(dict.fromkeys(folds))}
            folds = [None if text is None else number[text] for text in folds]
        return self._of_rows(folds)

    def broken_by(self, clause: RowClause, terms: Terms) -> Positions:
        """Return the rows that break ``clause``, by the same question that one lead is asked."""
        seen = self.through(clause, terms)
        if seen is None:
            return np.empty(0, dtype=np.int64)
        holds, asks_all = clause.predicate(terms).holds, clause.name == "required"
        values = seen.astype(object).where(seen.notna(), None)
        return np.flatnonzero([not holds(v) if v is not None or asks_all else False for v in values])

    def _of_rows(self, seen: Sequence[object]) -> pd.Series:
        return pd.Series(np.array(seen, dtype=object)[self.codes])
