"""The registry that does not answer, and the way back that needs none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from judged_projects import baton, registry, shelf_of
from models.bundle import load_bundle
from models.shelf import Shelf
from models.tracking import Tracking, TrackingError
from pipeline.project import Project
from pipeline.promotion import promote_bundle

GONE = "http://127.0.0.1:9"


def unreachable(project: Project, monkeypatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", GONE)


def damaged(project: Project, monkeypatch) -> None:
    project.tracking.write_bytes(b"no database" * 100)


@pytest.mark.parametrize("fault", [unreachable, damaged])
def test_without_a_registry_nothing_is_promoted(rival, monkeypatch, fault):
    """A registry that does not answer, or is damaged, is a clear refusal, and the champion stays."""
    before = shelf_of(rival)
    fault(rival, monkeypatch)
    with pytest.raises(TrackingError, match="MLflow's store answers"):
        promote_bundle(rival, "Ben", "I insist")
    assert shelf_of(rival) == before


def test_a_registry_that_fails_half_way_leaves_the_champion(rival, monkeypatch):
    """If the alias cannot be set the pointer is not moved either."""

    def fail(*_):
        raise TrackingError("MLflow's store answers", "nothing", "start it")

    monkeypatch.setattr(Tracking, "set_champion", fail)
    with pytest.raises(TrackingError):
        promote_bundle(rival, "Ben", "a trial")
    assert Shelf(rival.served).champion()[0] == "1"


def test_a_rollback_moves_shelf_and_registry(rival):
    """`baton rollback` serves the version before, and the registry's alias follows."""
    promote_bundle(rival, "Ben", "a trial")
    done = baton(rival, "rollback", "--reason", "too many calls")
    assert done.exit_code == 0
    assert "version 1 is served again (too many calls)" in done.output
    assert Shelf(rival.served).champion()[0] == "1"
    assert registry(rival).champion() == "1"
    assert Shelf(rival.served).history()[-1].data_hash == load_bundle(rival.served / "1").facts.data_hash


@pytest.mark.parametrize("fault", [unreachable, damaged])
def test_a_rollback_needs_no_registry(rival, monkeypatch, fault):
    """A registry that is gone does not hold a rollback up, and that it did not follow is said."""
    promote_bundle(rival, "Ben", "a trial")
    fault(rival, monkeypatch)
    done = baton(rival, "rollback")
    assert done.exit_code == 0
    assert "did not follow" in done.output
    assert Shelf(rival.served).champion()[0] == "1"


def test_a_rollback_loads_neither_mlflow_nor_lightgbm(rival):
    """What takes seconds to load is not needed until the pointer has moved."""
    promote_bundle(rival, "Ben", "a trial")
    code = (
        "import sys; from pathlib import Path; from pipeline.project import Project\n"
        "from pipeline.rollback import roll_back\n"
        f"roll_back(Project(Path({str(rival.root)!r})), 'Ada', 'a test')\n"
        "print('mlflow' in sys.modules, 'lightgbm' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
    assert Shelf(rival.served).champion()[0] == "1"
