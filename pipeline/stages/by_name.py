"""The stages in the order in which `dvc repro` runs them."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Literal, get_args

from pipeline.project import Project

StageName = Literal[
    "agreement",
    "check",
    "audit",
    "features",
    "tune",
    "train",
    "evaluate",
    "bundle",
    "back_test",
    "hindsight",
    "card",
    "report",
    "pages",
]
STAGES: Final[tuple[StageName, ...]] = get_args(StageName)


def run_stage(name: StageName, project: Project) -> None:
    """Run one stage; nothing of the others is imported."""
    getattr(import_module(f"pipeline.stages.{name}"), f"run_{name}")(project)


def run_stages(project: Project, last: StageName = STAGES[-1]) -> None:
    """Run the stages up to one, each as if the project had just been opened."""
    for name in STAGES[: STAGES.index(last) + 1]:
        run_stage(name, Project(project.root))
