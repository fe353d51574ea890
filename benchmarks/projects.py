"""Projects for benchmarks, gone as far as the stage `features`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline.new_project import make_project
from pipeline.project import Project
from pipeline.sample_crm.settings import DEFAULT_LEADS, DEFAULT_SEED
from pipeline.sample_crm.writing import USUAL, write_sample_crm
from pipeline.stages.agreement import run_agreement
from pipeline.stages.audit import run_audit
from pipeline.stages.check import run_check
from pipeline.stages.features import run_features

SAMPLE_DATA: Final = Path("data") / "sample"
"""Where a project has its sample CRM."""


def sample_project(
    home: Path, leads: int = DEFAULT_LEADS, seed: int = DEFAULT_SEED, swing: float = USUAL.seasonal_swing
) -> Project:
    """Make the project of a sample CRM; ``swing`` is how far its season moves log-odds."""
    project = Project(make_project(home, None, None))
    world = replace(USUAL, leads=leads, seed=seed, seasonal_swing=swing)
    write_sample_crm(home / SAMPLE_DATA, settings=world)
    return _with_features(project)


def add_swing(parser: argparse.ArgumentParser) -> None:
    """Add the option that sets how far the season of a sample CRM moves log-odds."""
    parser.add_argument(
        "--swing",
        type=float,
        default=USUAL.seasonal_swing,
        help="how far the season moves log-odds up, and then down; 0 is a world that stays as it is",
    )


def example_project(home: Path, name: str, data: Path | None) -> Project:
    """Make the project of an example; ``data`` is the folder of its public data set."""
    return _with_features(Project(make_project(home, name, data)))


def _with_features(project: Project) -> Project:
    for run in (run_agreement, run_check, run_audit, run_features):
        run(project)
    return project
