"""One small project that has gone the whole way, for the laws that cross the rooms."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.project import Project
from shown_project import shown_project


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """The project that all test processes share: to be looked at, and left as it is."""
    base = tmp_path_factory.getbasetemp()
    return shown_project(base if worker_id == "master" else base.parent).project


@pytest.fixture(scope="session")
def sample(project: Project) -> Path:
    """Its sample CRM."""
    return project.root / project.params.data.source
