"""A page of words and tables, whatever it is written as."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

MOST_LETTERS: Final = 160
"""A name or a label is cut after so many letters; a sentence of ours never is that of a CRM alone."""


@dataclass(frozen=True)
class Table:
    """Rows of texts under a head; the first column names the row.

    ``words`` are the other columns that hold words and not figures, ``own`` is the row to be marked, if any.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    own: int | None = None
    words: tuple[int, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, and what it shows. Where no drawing can be shown the tables say the same."""

    svg: str
    caption: str


@dataclass(frozen=True)
class Points:
    """Sentences, each a point of a list."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """What a part of a section is called."""

    text: str


Block = str | Table | Picture | Points | Heading
"""A text by itself is a paragraph."""


@dataclass(frozen=True)
class Section:
    """A part of the page under its title."""

    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Card:
    """The whole page: title, what it is of, and its sections."""

    title: str
    lead: str
    sections: tuple[Section, ...] = field(default_factory=tuple)


def short(text: str) -> str:
    """Return a name from a CRM in one line, and cut where nobody would read on.

    >>> short("a\\nb"), len(short("x" * 10_000))
    ('a b', 160)
    """
    line = " ".join(text.split())
    return line if len(line) <= MOST_LETTERS else f"{line[: MOST_LETTERS - 1]}…"
