"""The stages one after the other in this process: what `dvc repro` does, less a start of Python for each."""

from __future__ import annotations

from importlib import import_module

from pipeline.project import Project

STAGES = (
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
)


def run_stages(project: Project, last: str = STAGES[-1]) -> None:
    """Run the stages up to one, each as if the project had just been opened."""
    for stage in STAGES[: STAGES.index(last) + 1]:
        getattr(import_module(f"pipeline.stages.{stage}"), f"run_{stage}")(Project(project.root))
