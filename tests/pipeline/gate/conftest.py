"""Projects before the gate: one with a bundle, and one with a champion and a worse challenger."""

from __future__ import annotations

import shutil

import pytest

from judged_projects import train_in, trained_project, with_params
from pipeline.project import Project
from pipeline.promotion import promote_bundle


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A project with a bundle, and nothing served."""
    return trained_project(tmp_path_factory.mktemp("trained") / "project")


@pytest.fixture(scope="session")
def served(trained, tmp_path_factory):
    """The same project, the bundle being served, and a worse challenger with other features trained."""
    folder = shutil.copytree(trained.root, tmp_path_factory.mktemp("served") / "project")
    promote_bundle(Project(folder), "Ada")
    with_params(folder, features={"windows_days": [5, 45]}, train={"rounds": 1})
    return train_in(folder)


@pytest.fixture
def new(trained, tmp_path):
    """A project with a bundle, of its own for each test."""
    return Project(shutil.copytree(trained.root, tmp_path / "project"))


@pytest.fixture
def rival(served, tmp_path):
    """A project with a champion and a worse challenger, of its own for each test."""
    return Project(shutil.copytree(served.root, tmp_path / "project"))
