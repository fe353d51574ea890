"""Where the leakage audit's results lie."""

from __future__ import annotations

from pathlib import Path

from models.leakage.suspects import Suspects
from pipeline.project import Project
from pipeline.store import read_json


def suspects_file(project: Project) -> Path:
    """Return where the audit writes what is to be left out."""
    return project.root / "build" / "audit" / "suspects.json"


def read_suspects(project: Project) -> Suspects:
    """Read what the audit leaves out."""
    return Suspects.from_json(read_json(suspects_file(project)))


def findings_file(project: Project) -> Path:
    """Return where the audit writes all that it examined, as data."""
    return project.reports / "leakage.json"


def page_file(project: Project) -> Path:
    """Return where the audit writes all that it examined, for people."""
    return project.reports / "leakage.html"
