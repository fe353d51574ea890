"""Experiments are tracked while training, and nothing of that is needed to serve."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from crm_tables import agreed
from tiny_bundle import save_tiny_bundle

ROOT = Path(__file__).parents[2]
CODE = """
import sys
from pathlib import Path
from features.lead_input import LeadInput
from models.scorer import load_scorer
from models.shelf import Shelf
import serving.app
version, folder = Shelf(Path(sys.argv[1])).champion()
[score] = load_scorer(folder, version).score([LeadInput("L", 10**15, {"created_at": "2001-01-01"})])
print(score.probability is not None, "mlflow" in sys.modules)
"""


def test_a_model_is_served_while_the_tracking_server_is_gone(tmp_path):
    """With a tracking server that nobody answers at, a champion loads and scores, and nothing asks for it."""
    from models.shelf import Shelf

    save_tiny_bundle(agreed(), tmp_path / "bundle")
    shelf = Shelf(tmp_path / "models")
    shelf.put(tmp_path / "bundle", "1")
    shelf.promote("1", "Ada", "a test")
    environment = {**os.environ, "MLFLOW_TRACKING_URI": "http://127.0.0.1:9", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", CODE, str(shelf.root)]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
