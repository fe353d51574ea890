"""The page written as HTML for people and as Markdown for git."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.card.document import Card, Heading, Picture, Points, Table

if TYPE_CHECKING:
    import jinja2

HERE: Final = Path(__file__).resolve().parent
STYLE: Final = HERE.parent / "report"
"""Where the style lies that all pages share."""

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>|#~!&$@^]|:(?=\S)|(?i:(?<=\bwww)\.))")
"""What Markdown reads as mark-up, a link or an emoji."""


def as_html(card: Card) -> str:
    """Return the page as one file, with its pictures inside and nothing fetched from anywhere."""
    return _environment(autoescape=True).get_template("card.html.j2").render(card=card)


def as_markdown(card: Card) -> str:
    """Return the page as GitHub's Markdown, without its pictures: the tables say the same."""
    environment = _environment(autoescape=False)
    environment.finalize = lambda value: plain(value) if isinstance(value, str) else value
    return environment.get_template("card.md.j2").render(card=card)


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is, in one line: no mark-up, no table cell, no link in it.

    >>> plain("a|b\\n<script>")
    'a\\\\|b \\\\<script\\\\>'
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _environment(*, autoescape: bool) -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([HERE, STYLE]),
        autoescape=autoescape,  # noqa: S701 - Markdown has marks of its own, see `plain`
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    kinds: dict[str, Any] = {"table": Table, "picture": Picture, "points": Points, "heading": Heading}
    environment.tests |= {name: _is(kind) for name, kind in kinds.items()}
    return environment


def _is(kind: type) -> Any:  # noqa: ANN401 - a test of Jinja
    return lambda block: isinstance(block, kind)
