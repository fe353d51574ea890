"""One small project that has gone the whole way, for the laws that cross the rooms."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.new_project import make_project
from pipeline.project import Project
from pipeline.sample_crm.writing import write_sample_crm

LEADS, SEED = 2500, 11


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A small sample CRM."""
    folder = tmp_path_factory.mktemp("crm") / "sample"
    write_sample_crm(folder, leads=LEADS, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def dvc():
    """Run DVC in a project and return what it printed; a failure shows it."""

    def run(project: Project, *words: str) -> str:
        beside = str(Path(sys.executable).parent)
        environment = {**os.environ, "DVC_NO_ANALYTICS": "1", "PATH": f"{beside}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["dvc", *words], cwd=project.root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture(scope="session")
def new_project(sample):
    """Make a project on the small sample, quick to train."""

    def make(folder: Path) -> Project:
        make_project(folder, None, sample)
        params = yaml.safe_load((folder / "params.yaml").read_text())
        params["snapshots"]["ages_days"] = [0, 14]
        params["train"] |= {"rounds": 40, "threads": 1, "rung": "scorecard_and_trees"}
        params["back_test"]["months"] = 2
        (folder / "params.yaml").write_text(yaml.safe_dump(params))
        return Project(folder)

    return make


@pytest.fixture(scope="session")
def project(new_project, dvc, tmp_path_factory):
    """A project after `dvc repro`."""
    made = new_project(tmp_path_factory.mktemp("whole") / "project")
    dvc(made, "repro")
    return made
