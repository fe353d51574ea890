"""The same leads through `baton score` and through the endpoint."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from features.moments import to_moments
from pipeline.cli import cli
from pipeline.lead_request import lead_requests
from pipeline.promotion import promote_bundle
from pipeline.serving_environment import serving_environment
from pipeline.sources.folder import read_history

MOMENT = pd.Timestamp("2026-06-01", tz="UTC")
LEADS = 1000


@pytest.fixture(scope="module")
def batch(project, sample, tmp_path_factory):
    """The scores that `baton score` writes, by lead id."""
    promote_bundle(project, "a test", "to compare batch and endpoint")
    out = tmp_path_factory.mktemp("scores") / "scores.parquet"
    words = ["score", "--source", str(sample), "--as-of", MOMENT.isoformat(), "--out", str(out)]
    done = CliRunner().invoke(cli, [*words, "--project", str(project.root)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return pd.read_parquet(out).set_index("lead_id")


@pytest.fixture(scope="module")
def answers(project, sample, batch, monkeypatch_module):
    """The endpoint's answers for the same leads, asked one by one."""
    for name, value in serving_environment(project).items():
        monkeypatch_module.setenv(name, value)
    from serving.app import build_app
    from serving.key_store import create_key
    from serving.ledger.ledger import open_ledger
    from serving.settings import load_settings

    settings = load_settings()
    as_of = int(to_moments(pd.Series([MOMENT]))[0])
    asked = [one for one in lead_requests(read_history(sample, None).history, as_of, 10**9)]
    asked = [one for one in asked if one["lead_id"] in batch.index][:LEADS]
    with TestClient(build_app(settings)) as client:
        key = create_key(open_ledger(settings), "test", ("score",)).text
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        found = {}
        for one in asked:
            answer = client.post("/score", content=json.dumps({"leads": [one]}), headers=headers)
            assert answer.status_code == 200, answer.text
            found[one["lead_id"]] = answer.json()["scores"][0]
        return found
