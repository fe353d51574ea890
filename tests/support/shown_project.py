"""One small sample CRM that went the whole way to the file of the pages, made once for all test processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import yaml
from filelock import FileLock

from pipeline.new_project import make_project
from pipeline.project import Project
from pipeline.sample_crm.writing import write_sample_crm
from pipeline.stages.by_name import run_stages

LEADS, SEED = 3000, 12


@dataclass(frozen=True)
class ShownProject:
    """The project, and its checked tables as the independent source of every figure."""

    project: Project

    @cached_property
    def leads(self) -> pd.DataFrame:
        """The checked leads."""
        return self._table("leads")

    @cached_property
    def activities(self) -> pd.DataFrame:
        """The checked activities."""
        return self._table("activities")

    @cached_property
    def stage_changes(self) -> pd.DataFrame:
        """The checked stage changes, with the agreement's name of each stage."""
        frame = self._table("stage_changes")
        return frame.assign(named=frame["stage"].map(self.project.agreement.stage_of))

    @cached_property
    def campaigns(self) -> pd.DataFrame:
        """The checked campaigns."""
        return self._table("campaigns")

    @cached_property
    def opportunities(self) -> pd.DataFrame:
        """The checked opportunities."""
        return self._table("opportunities")

    @cached_property
    def now(self) -> pd.Timestamp:
        """The moment the history is read at."""
        moment = yaml.safe_load((self.project.tables / "moment.json").read_text())["now"]
        return pd.Timestamp(moment)

    def _table(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.project.tables / f"{name}.parquet")


def shown_project(shared: Path) -> ShownProject:
    """Return the project in a folder that all test processes share; the first one makes it."""
    return _made_once(shared / "shown", _sample_project)


def shown_example(shared: Path, name: str, source: Path) -> ShownProject:
    """Return the project of an example over its public data set, in the same way."""
    return _made_once(shared / f"shown-{name}", lambda folder: Project(make_project(folder, name, source)))


def _made_once(home: Path, make: Callable[[Path], Project]) -> ShownProject:
    folder, done = home / "project", home / "done"
    with FileLock(home.with_suffix(".lock")):
        if not done.exists():
            _train_quickly(make(folder))
            run_stages(Project(folder))
            done.touch()
    return ShownProject(Project(folder))


def _sample_project(folder: Path) -> Project:
    source = folder.parent / "sample"
    write_sample_crm(source, leads=LEADS, seed=SEED)
    return Project(make_project(folder, None, source))


def _train_quickly(project: Project) -> None:
    path = project.root / "params.yaml"
    params = yaml.safe_load(path.read_text())
    params["snapshots"]["ages_days"] = params["snapshots"]["ages_days"][:2]
    params["train"] |= {"rounds": 30, "threads": 1, "rung": "scorecard_and_trees"}
    params["back_test"]["months"] = 3
    path.write_text(yaml.safe_dump(params))
