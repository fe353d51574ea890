"""A page written as HTML and as Markdown: the same words in both, and no text of a CRM does harm."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from nasty_texts import NASTY
from pipeline.card.document import MOST_LETTERS, Card, Heading, Picture, Points, Section, Table, short
from pipeline.card.writing import as_html, as_markdown, plain

HOSTILE = [
    *NASTY,
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "https://evil.example www.evil.example a@evil.example",
    "# heading\n- point",
    "`code` **bold** _slanted_ ~~gone~~ $x$ :smile:",
    "<!-- comment --> <details>",
    "{% raw %}{{ 1 + 1 }}",
]


def card_with(name: str) -> Card:
    table = Table(
        ("Group", "Leads", "Why"), ((name, "1,234", name), ("plain", "5", "words")), own=0, words=(2,)
    )
    blocks = (name, Heading(name), Points((name, "after")), table, Picture("<svg></svg>", "drawn"))
    return Card("Model card", name, (Section(name, blocks), Section("next", ("the end",))))


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str | None, ...]]] = []

    def handle_starttag(self, tag, attrs):
        """Note a tag with its attributes."""
        self.seen.append((tag, tuple(attrs)))


def tags(page: str) -> list:
    reader = Tags()
    reader.feed(page)
    return reader.seen


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_adds_a_tag_a_row_or_a_line(name):
    """Whatever a CRM's text holds, both pages have the same structure as with a plain one."""
    shown = short(name) or "x"
    assert len(shown) <= MOST_LETTERS
    harmless, hostile = (card_with(text) for text in ("harmless", shown))
    assert tags(as_html(hostile)) == tags(as_html(harmless))
    lines, usual = (as_markdown(card).split("\n") for card in (hostile, harmless))
    assert len(lines) == len(usual)
    for line, other in zip(lines, usual, strict=True):
        if other.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", line)) == other.count("|")
    assert not re.search(
        r"(?<!\\)[<>`$]|(?<!\\)\]\(|(?<!\\):/|(?<!\\)@|www\.", "\n".join(lines).replace("<svg", "")
    )


def test_markdown_says_what_html_says():
    """Without mark-up both hold the same words, but for the picture's."""
    card = card_with("Event: South | 2 (<5 %)")
    body = as_html(card).partition("<body")[2].partition(">")[2]
    words = html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("drawn", "").split()
    text = re.sub(r"^\|[ :|-]+\|$|^#+ |^- ", "", as_markdown(card), flags=re.MULTILINE)
    cells = re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\|", " ", text)).split()
    assert "".join(words) == "".join(cells)


def test_plain_text_stays_legible():
    """Figures, dates and ordinary sentences need no mark-up."""
    text = "AUC 0.81 (0.79 to 0.83), 12.5% of 1,234 leads; 2026-05-03 to 2026-08-02."
    assert plain(text) == text
