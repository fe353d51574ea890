"""What serves needs little: the serving lock is enough, and nothing of the training stack is in it."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from crm_tables import agreed
from models.shelf import Shelf
from serving_only import absent_modules, environment_of_serving, pins
from tiny_bundle import save_tiny_bundle

ROOT = Path(__file__).parents[2]
TRAINING = {
    "pandas",
    "sklearn",
    "mlflow",
    "great_expectations",
    "dvc",
    "pyarrow",
    "typst",
    "optuna",
    "matplotlib",
}
CODE = """
import json, sys
from contextlib import closing
from starlette.testclient import TestClient
from serving.app import build_app
from serving.key_store import create_key
from serving.ledger.ledger import open_ledger
from serving.settings import load_settings

with closing(open_ledger(load_settings())) as ledger:
    key = create_key(ledger, "test", ("score",)).text
lead = {"lead_id": "L", "as_of": "2026-10-01T00:00:00Z",
        "fields": {"created_at": "2026-09-01T08:30:00Z", "number_of_employees": 900},
        "activities": [{"activity_type": "Web Visit", "occurred_at": "2026-09-02T08:30:00Z"}]}
with TestClient(build_app()) as client:
    answer = client.post("/score", json={"leads": [lead]}, headers={"X-API-Key": key})
[score] = answer.json()["scores"]
tops = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps([score["probability"], len(score["reasons"]), tops]))
"""


def test_the_application_scores_where_only_the_serving_lock_is_installed(tmp_path):
    """With all else blocked the application starts, reads a bundle, scores a lead and gives reasons."""
    save_tiny_bundle(agreed(), tmp_path / "bundle")
    shelf = Shelf(tmp_path / "var" / "models")
    shelf.put(tmp_path / "bundle", "1")
    shelf.promote("1", "Ada", "a test")
    (tmp_path / "site").mkdir()
    environment = environment_of_serving(tmp_path / "site", ROOT)
    words = [sys.executable, "-c", CODE]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    probability, reasons, loaded = json.loads(done.stdout.splitlines()[-1])
    assert 0 < probability < 1
    assert reasons > 0
    assert not TRAINING & set(loaded)
    assert "pipeline" not in loaded


def test_what_is_blocked_is_the_training_stack():
    """The test above blocks what it says: each of these is installed here and not in the serving lock."""
    assert absent_modules() >= TRAINING - {"matplotlib"}


@pytest.mark.parametrize("heavy", ["pandas", "sklearn", "lightgbm"])
def test_the_command_line_of_serving_starts_light(heavy):
    """`python -m serving keys` and the like import nothing heavy, wherever they run."""
    code = f"import sys, serving.commands; print({heavy!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_serving_set_is_part_of_the_whole():
    """The group asks for what the project asks for, and the lock pins what the whole lock pins."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    whole = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["postgresql"]
    assert set(project["dependency-groups"]["serving"]) <= set(whole)
    serving, everything = pins(ROOT / "requirements-serving.lock"), pins(ROOT / "requirements.lock")
    assert serving.items() <= everything.items()
    assert {"bentoml", "lightgbm", "psycopg"} <= serving.keys()
