"""The Data Docs of a check: pages that need no network, and the findings as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from data_checks.expectations import Validation, page_of
from data_checks.findings import Finding

PAGES: Final = Path(__file__).parent / "data_docs_pages"
_URGENCY: Final = ("stop", "reject", "flag")


def write_data_docs(
    validations: Sequence[Validation], findings: Sequence[Finding], hidden: frozenset[str], folder: Path
) -> None:
    """Write a page per checked table, an index of all findings, and ``findings.json``.

    The pages refer to no outside host, run no script, and show no value of a ``hidden`` field.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([finding.to_json() for finding in findings], indent=2, ensure_ascii=False)
    _write(folder / "findings.json", text + "\n")
    for validation in validations:
        _write(folder / f"{validation.table}.html", page_of(validation, hidden, PAGES))
    _write(folder / "index.html", _index([one.table for one in validations], findings))


def _index(tables: Sequence[str], findings: Sequence[Finding]) -> str:
    from jinja2 import Environment, FileSystemLoader

    pages = Environment(loader=FileSystemLoader(PAGES), autoescape=True)
    ordered = sorted(findings, key=lambda one: (_URGENCY.index(one.breach), -one.rows))
    return pages.get_template("findings.html.j2").render(tables=tables, findings=ordered)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8", errors="replace"))
