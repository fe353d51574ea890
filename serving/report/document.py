"""What a report is made of, whatever it is written as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from serving.figures.table import Table


@dataclass(frozen=True)
class Verdict:
    """A promise and what became of it: the figure, what it is, and whether it was kept; None if undecided."""

    who: str
    figure: str
    words: str
    kept: bool | None


@dataclass(frozen=True)
class Section:
    """A part of a page: a title, sentences, verdicts, a picture, and tables."""

    title: str
    sentences: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    chart: Markup | None = None
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page. The first two fill one sheet each; an annex is as long as it needs."""

    title: str
    sections: tuple[Section, ...]
    kind: Literal["page", "annex"] = "page"


@dataclass(frozen=True)
class Document:
    """The report of a month. ``until`` is the moment up to which the history goes."""

    title: str
    subtitle: str
    until: datetime
    agreement_version: str
    pages: tuple[Page, ...]
