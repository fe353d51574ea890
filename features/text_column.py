"""A column of texts that holds each distinct text once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from data_checks.folding import is_missing, said

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int32]


@dataclass(frozen=True)
class TextColumn:
    """Texts as codes into ``labels``; code -1 is a missing text.

    Reading a text (as a number, as a category, as a rank) happens once for each label, by the same
    function whether the column has a million rows or one.
    """

    codes: Codes
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: slice | NDArray[np.intp] | NDArray[np.int64] | Codes) -> TextColumn:
        return TextColumn(self.codes[rows], self.labels)

    def uses(self) -> NDArray[np.int64]:
        """Return how often each label is used."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels))

    def folded(self) -> TextColumn:
        """Return the column with its spelling variants as one label and empty words as missing."""
        return self.relabelled(said)

    def relabelled(self, label_of: Callable[[str], str | None]) -> TextColumn:
        """Return the column with each label replaced; a label without another becomes missing."""
        return from_texts([*map(label_of, self.labels), None])[self.codes]

    def numbers(self, read: Callable[[str], float | None]) -> NDArray[np.float64]:
        """Return ``read`` of each text; NaN where the text is missing or cannot be read."""
        known = [read(label) for label in self.labels]
        table = np.array([np.nan if number is None else number for number in [*known, None]], np.float64)
        return table[self.codes]

    def filled(self) -> NDArray[np.bool_]:
        """Return whether each text says anything at all."""
        return np.array([*(not is_missing(label) for label in self.labels), False])[self.codes]

    def recoded(self, code_of: Mapping[str, int], unknown: int) -> Codes:
        """Return codes of a vocabulary of folded texts: -1 is missing, ``unknown`` is not in it."""
        known = map(said, self.labels)
        codes = [-1 if label is None else code_of.get(label, unknown) for label in known]
        return np.array([*codes, -1], np.int32)[self.codes]


def from_series(texts: pd.Series) -> TextColumn:
    """Encode a pandas column; labels are in order of appearance.

    A categorical column, as a dictionary in a Parquet file is read, is encoded already: its labels are
    its categories.
    """
    import pandas as pd

    if isinstance(texts.dtype, pd.CategoricalDtype):
        known = texts.array
        return TextColumn(known.codes.astype(np.int32), tuple(map(str, known.categories)))
    codes, labels = pd.factorize(texts)
    return TextColumn(codes.astype(np.int32), tuple(str(label) for label in labels))


def from_texts(texts: Iterable[str | None]) -> TextColumn:
    """Encode plain texts; labels are in order of appearance.

    >>> from_texts(["a", None, "b", "a"]).codes.tolist()
    [0, -1, 1, 0]
    """
    code_of: dict[str, int] = {}
    codes = [-1 if text is None else code_of.setdefault(text, len(code_of)) for text in texts]
    return TextColumn(np.array(codes, np.int32), tuple(code_of))


def stacked(columns: Iterable[TextColumn]) -> TextColumn:
    """Put columns one below the other under one list of labels."""
    code_of: dict[str, int] = {}
    parts = []
    for column in columns:
        table = np.array(
            [*(code_of.setdefault(label, len(code_of)) for label in column.labels), -1], np.int32
        )
        parts.append(table[column.codes])
    return TextColumn(np.concatenate(parts) if parts else np.empty(0, np.int32), tuple(code_of))
