"""The texts that a categorical column is known by, in training and in serving alike."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from data_checks.folding import fold, is_missing, said
from features.text_column import Codes, TextColumn

MOST_LABELS: Final = 60
"""So many labels of an activity column have features of their own, several each."""

MOST_CATEGORIES: Final = 300
"""So many labels of a lead column are told apart: a label here costs a code, and no column."""

REMEMBERED: Final = 4096
"""Of so many texts a vocabulary remembers the code."""


@dataclass(frozen=True)
class Vocabulary:
    """Folded labels in alphabetical order; a text that is none of them has the code ``other``.

    ``spellings`` leads from further spellings that the agreement names to the label they stand for;
    ``written`` says how people write a label, where that is another text.
    """

    labels: tuple[str, ...]
    spellings: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> dict[str, str]:
        """How people write each label, in the order of the labels."""
        return {label: self.written.get(label, label) for label in self.labels}

    @property
    def other(self) -> int:
        """The code of every text that was rare or unseen when the vocabulary was made."""
        return len(self.labels)

    @cached_property
    def code_of(self) -> dict[str, int]:
        """Folded label, or a further spelling of it, to code."""
        code_of = {label: code for code, label in enumerate(self.labels)}
        further = {text: code_of[label] for text, label in self.spellings.items() if label in code_of}
        return {**further, **code_of}

    def codes(self, texts: TextColumn) -> Codes:
        """Return the code of each text: spelling variants fold together, -1 is missing."""
        return np.array([*map(self._code, texts.labels), -1], np.int32)[texts.codes]

    def _code(self, text: str) -> int:
        # Folding costs more than all the rest, and most texts come again and again.
        code = self._seen.get(text)
        if code is None:
            folded = said(text)
            code = -1 if folded is None else self.code_of.get(folded, self.other)
            if len(self._seen) < REMEMBERED:
                self._seen[text] = code
        return code

    @cached_property
    def _seen(self) -> dict[str, int]:
        return {}

    def only(self, labels: Collection[str]) -> Vocabulary:
        """Return the vocabulary of some of the labels."""
        written = {label: text for label, text in self.written.items() if label in labels}
        return Vocabulary(tuple(label for label in self.labels if label in labels), self.spellings, written)

    def to_json(self) -> dict[str, Any]:
        """Return the vocabulary as JSON."""
        return {
            "labels": list(self.labels),
            "spellings": dict(self.spellings),
            "written": dict(self.written),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Vocabulary:
        """Read what `to_json` wrote."""
        return cls(tuple(data["labels"]), data["spellings"], data["written"])


def common_labels(
    texts: TextColumn,
    at_least: int,
    most: int = MOST_LABELS,
    spellings: Mapping[str, str] = MappingProxyType({}),
) -> Vocabulary:
    """Return the vocabulary of the folded texts that occur ``at_least`` times, the ``most`` common ones.

    >>> from features.text_column import from_texts
    >>> common_labels(from_texts(["Web", "web ", "Fair"]), at_least=2).shown
    {'web': 'Web'}
    """
    counts, written = label_counts(texts, spellings), written_labels(texts, spellings)
    return vocabulary_of(counts, at_least, most, spellings, written)


def vocabulary_of(
    counts: Mapping[str, int],
    at_least: int,
    most: int = MOST_LABELS,
    spellings: Mapping[str, str] = MappingProxyType({}),
    written: Mapping[str, str] = MappingProxyType({}),
) -> Vocabulary:
    """Return the vocabulary of the ``most`` common labels among those counted ``at_least`` times."""
    labels = tuple(sorted(most_common(counts, at_least, most)))
    shown = {label: written[label] for label in labels if written.get(label, label) != label}
    return Vocabulary(labels, dict(spellings), shown)


def most_common(counts: Mapping[str, int], at_least: int, most: int = MOST_LABELS) -> dict[str, int]:
    """Return the labels counted ``at_least`` times, the ``most`` common; of a tie the alphabet's first."""
    named = (item for item in counts.items() if item[1] >= at_least)
    return dict(heapq.nsmallest(most, named, key=lambda item: (-item[1], item[0])))


def label_counts(texts: TextColumn, spellings: Mapping[str, str] = MappingProxyType({})) -> dict[str, int]:
    """Count the folded texts that say something, further spellings under the label they stand for."""
    counts: dict[str, int] = {}
    for label, _, uses in _labelled(texts, spellings):
        counts[label] = counts.get(label, 0) + uses
    return counts


def written_labels(texts: TextColumn, spellings: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the plainest way in which each label is written."""
    written: dict[str, str] = {}
    for label, text, _ in _labelled(texts, spellings):
        written[label] = plainest(written.get(label, text), text)
    return written


def plainest_of_both(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """Return the plainest way in which each label is written in either of two columns."""
    return {label: plainest(one.get(label, text), text) for label, text in {**one, **other}.items()}


def plainest(*texts: str) -> str:
    """Return the text that a person would have written with care: capitals, but not capitals only.

    >>> plainest("EMAIL OPENED", "email opened", "Email Opened")
    'Email Opened'
    """
    return min(texts, key=lambda text: (text == text.upper(), text == text.lower(), text))


def _labelled(texts: TextColumn, spellings: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    for text, uses in zip(texts.labels, texts.uses().tolist(), strict=True):
        if uses and not is_missing(text):
            folded = fold(text)
            yield spellings.get(folded, folded), " ".join(text.split()), uses
