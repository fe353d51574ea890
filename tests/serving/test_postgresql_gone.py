"""A ledger in PostgreSQL that is stopped and started again under a running service."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from serving.ledger.tables import SCORES

SCRIPT = Path(__file__).parents[2] / ".ci" / "postgresql"


def postgresql(command: str, folder: str) -> str:
    """Run the script that holds a throw-away PostgreSQL, and return what it prints."""
    done = subprocess.run([str(SCRIPT), command, folder], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def own_postgresql():
    """A PostgreSQL of this test alone: its folder, and its URL."""
    if not os.environ.get("BATON_TEST_POSTGRESQL_URL"):
        pytest.skip("BATON_TEST_POSTGRESQL_URL is not set, so there may be no PostgreSQL to start")
    folder = tempfile.mkdtemp()
    yield folder, postgresql("start", folder)
    postgresql("stop", folder)


def test_a_stopped_database_is_a_503_and_a_started_one_is_found_again(own_postgresql, make_service, a_lead):
    """Nothing is answered that is not written, readiness says so, and no restart is needed."""
    folder, url = own_postgresql
    service = make_service(ledger_url=url)
    assert service.score([a_lead("L-1")]).status_code == 200
    postgresql("halt", folder)
    refused = service.score([a_lead("L-2")])
    assert (refused.status_code, refused.json()["type"]) == (503, "/docs#problem-ledger-down")
    assert refused.headers["Retry-After"]
    assert service.client.get("/readyz").json() == {"status": "not ready", "missing": ["ledger"]}
    postgresql("resume", folder)
    until = time.monotonic() + 30
    while service.score([a_lead("L-3")]).status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.2)
    with service.ledger() as ledger, ledger.reading() as connection:
        assert connection.execute(select(func.count()).select_from(SCORES)).scalar() == 2
