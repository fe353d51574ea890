"""The report as a PDF, set by Typst: it needs no browser, and its fonts are in it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any, Final

from data_checks.errors import BatonError
from serving.figures.rates import Estimate, Rate
from serving.figures.table import Column, Link, Table
from serving.pages.writing import moment, written
from serving.report.document import Document, Section

_TEMPLATE: Final = Path(__file__).parent / "report.typ"
_SVG: Final = re.compile(r"<svg.*</svg>", re.DOTALL)
_LABEL: Final = re.compile(r'aria-label="([^"]*)"')
_SHORT: Final = 12
_WORDS: Final = ("text", "link", "moment", "day")


def as_pdf(document: Document) -> bytes:
    """Return the report as a tagged PDF; equal reports are equal byte by byte.

    Raises:
        BatonError: Typst is not installed: it is no part of what a machine that only serves needs.
    """
    try:
        import typst
    except ModuleNotFoundError:
        step = "install all of Baton, or give --no-pdf"
        raise BatonError("the PDF is set by the package typst", "it is not installed", step) from None
    told = json.dumps(_told(document), ensure_ascii=False)
    made: bytes = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"told": told},
        ignore_system_fonts=True,
        timestamp=document.until.replace(microsecond=0),
    )
    return made


def _told(document: Document) -> dict[str, Any]:
    pages = [
        {
            "title": page.title,
            "sections": [_section(section) for section in page.sections],
        }
        for page in document.pages
    ]
    foot = f"History up to {moment(document.until)}; agreement {document.agreement_version}. Made by Baton."
    return {"title": document.title, "subtitle": document.subtitle, "foot": foot, "pages": pages}


def _section(section: Section) -> dict[str, Any]:
    picture = _SVG.search(section.chart or "")
    label = _LABEL.search(section.chart or "")
    return {
        "title": section.title,
        "sentences": section.sentences,
        "verdicts": [vars(one) for one in section.verdicts],
        "chart": picture[0] if picture else None,
        "alt": unescape(label[1]) if label else "",
        "tables": [_table(table) for table in section.tables],
    }


def _table(table: Table) -> dict[str, Any]:
    rows = [[_cell(*pair) for pair in zip(row, table.columns, strict=True)] for row in table.rows]
    return {
        "caption": table.caption,
        "nothing": table.nothing,
        "columns": [
            {"label": one.label, "number": one.kind not in _WORDS, "narrow": _is_narrow(one, place, rows)}
            for place, one in enumerate(table.columns)
        ],
        "rows": rows,
    }


def _is_narrow(column: Column, place: int, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a column is as wide as its words; the others share what is left of the line."""
    return column.kind not in {"text", "link"} or all(len(row[place]) <= _SHORT for row in rows)


def _cell(cell: object, column: Column) -> str:
    if isinstance(cell, Rate):
        return f"{written(cell.share, 'share')} ({cell.won:,} of {cell.of:,})"
    if isinstance(cell, Estimate):
        return f"{written(cell.value, column.kind)} (of {cell.of:,})"
    return cell.text if isinstance(cell, Link) else written(cell, column.kind)
