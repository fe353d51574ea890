"""Projects for benchmarks, gone as far as the stage `features`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipeline.new_project import make_project
from pipeline.project import Project
from pipeline.sample_crm.settings import DEFAULT_LEADS, DEFAULT_SEED
from pipeline.sample_crm.writing import write_sample_crm
from pipeline.stages.agreement import run_agreement
from pipeline.stages.audit import run_audit
from pipeline.stages.check import run_check
from pipeline.stages.features import run_features

SAMPLE_DATA: Final = Path("data") / "sample"
"""Where a project has its sample CRM."""


def sample_project(home: Path, leads: int = DEFAULT_LEADS, seed: int = DEFAULT_SEED) -> Project:
    """Make the project of a sample CRM."""
    project = Project(make_project(home, None, None))
    write_sample_crm(home / SAMPLE_DATA, leads=leads, seed=seed)
    return _with_features(project)


def example_project(home: Path, name: str, data: Path | None) -> Project:
    """Make the project of an example; ``data`` is the folder of its public data set."""
    return _with_features(Project(make_project(home, name, data)))


def _with_features(project: Project) -> Project:
    for run in (run_agreement, run_check, run_audit, run_features):
        run(project)
    return project
