"""The ledger: append-only, written before the answer, and back by itself after trouble."""

from __future__ import annotations

import resource
import sqlite3
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from data_checks.errors import BatonError
from serving.ledger.errors import LedgerDownError
from serving.ledger.former_scores import FORMER, former_scores
from serving.ledger.ledger import Ledger
from serving.ledger.tables import API_KEYS, METADATA, SCORES

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def row(number: int, **changes: object) -> dict[str, object]:
    return {
        "score_id": f"score-{number}",
        "lead_id": f"L-{number}",
        "probability": 0.1234567890123456,
        "grade": "B",
        "decision": "nurture",
        "reasons": '[{"text":"\\u0000 \\ud83d\\ude80 ü"}]',
        "issues": "[]",
        "model_version": "7",
        "agreement_version": "2026.11",
        "horizon_days": 90,
        "as_of": NOW,
        "scored_at": NOW,
        "key_id": "k",
        "idempotency_key": None,
        "base_probability": 0.1,
        "families": '[{"family":"behaviour","effect":0.02}]',
        "changes": "null",
        "probability_low": 0.1,
        "probability_high": 0.2,
        "model_rung": "scorecard",
        "handoff_id": None,
        "due_at": None,
        **changes,
    }


def count(ledger):
    with ledger.reading() as connection:
        return connection.execute(select(func.count()).select_from(SCORES)).scalar()


def test_a_score_comes_back_as_it_was_written(ledger):
    """Every column survives the database: numbers to the last bit, JSON, moments with their offset."""
    ledger.append({SCORES: [row(1)]})
    with ledger.reading() as connection:
        found = connection.execute(select(SCORES)).one()._asdict()
    assert found == {
        **row(1),
        "reasons": [{"text": "\x00 🚀 ü"}],
        "issues": [],
        "families": [{"family": "behaviour", "effect": 0.02}],
        "changes": None,
    }


@pytest.mark.parametrize("statement", [update(SCORES).values(grade="A"), delete(SCORES)])
def test_the_database_refuses_to_change_a_score(ledger, statement):
    """Scores are append-only for every program that uses the database, not only for Baton."""
    ledger.append({SCORES: [row(1)]})
    with pytest.raises((DBAPIError, LedgerDownError), match="append-only"), ledger.writing() as connection:
        connection.execute(statement)
    assert count(ledger) == 1


def test_an_append_is_all_or_nothing(ledger):
    """When one row cannot be written, none of its transaction is."""
    ledger.append({SCORES: [row(1)]})
    with pytest.raises(DBAPIError):
        ledger.append({SCORES: [row(2), row(1)]})
    assert count(ledger) == 1


def test_many_writers_lose_nothing(url, ledger):
    """Several processes' worth of ledgers write at once; every row is there."""

    def write(writer: int) -> None:
        with closing(Ledger(url, 10.0)) as mine:
            mine.open()
            for number in range(20):
                mine.append({SCORES: [row(100 * writer + number)]})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(1, 5)))
    assert count(ledger) == 80


def test_many_may_open_a_new_ledger_at_once(url):
    """Migrations run once, whoever comes first."""

    def start(_: int) -> None:
        with closing(Ledger(url, 10.0)) as mine:
            mine.open()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(start, range(8)))
    with closing(Ledger(url, 2.0)) as ledger:
        assert count(ledger) == 0


def test_the_migrations_make_the_tables_that_are_written(ledger):
    """The tables that migrations leave behind are those that the code names."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with ledger.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_ledger_of_a_later_baton_is_refused(url, ledger):
    """A ledger that was migrated further is not written to, and the error says what to do."""
    with ledger.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with (
        closing(Ledger(url, 2.0)) as later,
        pytest.raises(BatonError, match="start the Baton that wrote them"),
    ):
        later.open()


def test_recent_scores_are_counted_by_decision(ledger):
    """Only scores of the period count, and the last one is named whenever it was."""
    old, new = NOW - timedelta(days=3), NOW - timedelta(minutes=5)
    ledger.append(
        {SCORES: [row(1, scored_at=old), row(2, scored_at=new), row(3, scored_at=new, decision="reject")]}
    )
    recent = ledger.recent_scores(NOW, timedelta(days=1))
    assert (dict(recent.by_decision), recent.total, recent.last_at) == ({"nurture": 1, "reject": 1}, 2, new)
    assert ledger.recent_scores(NOW - timedelta(days=9), timedelta(days=1)).total == 2 + 1


def test_a_moment_without_an_offset_is_refused(ledger):
    """Whose midnight it means would be a guess."""
    with pytest.raises(Exception, match="a moment has an offset"):
        ledger.append({SCORES: [row(1, as_of=datetime(2026, 1, 1))]})  # noqa: DTZ001


def test_the_file_is_for_its_owner_alone(tmp_path):
    """Ids of leads and hashes of keys are nobody else's business."""
    with closing(Ledger(f"sqlite:///{tmp_path}/deep/down/ledger.db", 2.0)) as ledger:
        ledger.open()
    assert stat.S_IMODE((tmp_path / "deep/down/ledger.db").stat().st_mode) == 0o600


def test_each_commit_waits_for_the_disk(tmp_path):
    """WAL with synchronous=FULL: what was committed survives a power cut."""
    with closing(Ledger(f"sqlite:///{tmp_path}/ledger.db", 2.0)) as ledger:
        ledger.open()
        with ledger.reading() as connection:
            pragmas = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous")
            ]
    assert pragmas == ["wal", 2]


@contextmanager
def locked(service):
    """Hold the write lock of a service's ledger."""
    path = service.settings.ledger_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def until(condition, seconds: float = 5.0):
    """Wait for a condition, and tell whether it came."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_nothing_is_answered_before_it_is_committed(make_service, a_lead):
    """While the ledger cannot commit, the answer waits; once it can, both come."""
    service = make_service(ledger_seconds=10.0)
    answers = []
    with locked(service):
        asking = Thread(target=lambda: answers.append(service.score([a_lead()])))
        asking.start()
        asking.join(0.5)
        assert answers == []
    asking.join(10)
    assert answers[0].status_code == 200
    with service.ledger() as ledger:
        assert count(ledger) == 1


def test_a_locked_ledger_is_a_503_that_passes(make_service, a_lead):
    """With the ledger locked Baton answers nothing and is not ready; then it goes on by itself."""
    service = make_service(ledger_seconds=0.1)
    with locked(service):
        refused = service.score([a_lead()])
        assert (refused.status_code, refused.json()["type"]) == (503, "/docs#problem-ledger-down")
        assert refused.headers["retry-after"] == "1"
        assert "sqlite" not in refused.text.lower()
        assert until(lambda: service.client.get("/readyz").json()["missing"] == ["ledger"])
    assert service.score([a_lead()]).status_code == 200
    assert until(lambda: service.client.get("/readyz").status_code == 200)


def test_being_readable_does_not_make_a_locked_ledger_well(make_service, a_lead):
    """The page reads from a ledger that is locked, and Baton stays not ready."""
    service = make_service(ledger_seconds=0.1, refresh_seconds=60)
    with locked(service):
        assert service.score([a_lead()]).status_code == 503
        assert "Scored in the last 24 hours" in service.client.get("/").text
        assert service.client.get("/readyz").status_code == 503


def test_a_ledger_that_has_gone_is_missed_and_welcomed_back(make_service, a_lead):
    """A deleted file is not written on into nowhere, nor replaced by an empty one; restored, it is used."""
    service = make_service()
    assert service.score([a_lead()]).status_code == 200
    path = Path(service.settings.ledger_url.removeprefix("sqlite:///"))
    away = path.with_suffix(".away")
    path.rename(away)
    assert service.score([a_lead()]).status_code == 503
    assert not path.exists()
    away.rename(path)
    assert service.score([a_lead()]).status_code == 200
    with service.ledger() as ledger:
        assert count(ledger) == 2


def test_a_ledger_that_cannot_be_opened_does_not_stop_the_start(make_service, a_lead, tmp_path):
    """Started without a ledger, Baton is alive and not ready; with one, it gets ready by itself."""
    (tmp_path / "var").write_text("a file where the folder belongs")
    service = make_service(scopes=())
    assert service.client.get("/livez").status_code == 200
    assert service.client.get("/readyz").json()["missing"] == ["ledger"]
    (tmp_path / "var").unlink()
    assert until(lambda: service.client.get("/readyz").status_code == 200)


def test_a_full_disk_is_a_503_that_passes(make_service, a_lead):
    """When the disk takes no more, nothing is answered; with room again, Baton goes on."""
    service = make_service()
    assert service.score([a_lead()]).status_code == 200
    log = Path(service.settings.ledger_url.removeprefix("sqlite:///") + "-wal")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 100, limits[1]))
    try:
        refused = service.score([a_lead(f"L-{number}") for number in range(50)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (refused.status_code, refused.json()["type"]) == (503, "/docs#problem-ledger-down")
    assert service.score([a_lead()]).status_code == 200
    with service.ledger() as ledger:
        assert count(ledger) == 2


def test_keys_can_be_changed_while_scores_cannot(ledger):
    """The guard is on scores alone: a key must be revocable."""
    key = {"key_id": "k", "name": "n", "secret_hash": "h", "scopes": "read", "created_at": NOW}
    with ledger.writing() as connection:
        connection.execute(insert(API_KEYS), key)
        assert connection.execute(update(API_KEYS).values(revoked_at=NOW)).rowcount == 1


def test_the_latest_score_of_each_lead_is_found(ledger):
    """Of several scores the last answered counts, of several at one instant the last looked at; one query."""
    early, late = NOW - timedelta(days=2), NOW - timedelta(days=1)
    ledger.append(
        {
            SCORES: [
                row(1, lead_id="L-1", scored_at=late, as_of=early),
                row(2, lead_id="L-1", scored_at=late, as_of=late, families="null"),
                row(3, lead_id="L-1", scored_at=early, as_of=early),
                row(4, lead_id="L-2", scored_at=early),
                row(5, lead_id="L-3", probability=None, decision="reject"),
            ]
        }
    )
    with ledger.appending() as connection:
        found = former_scores(connection, ["L-1", "L-2", "L-3", "L-4", "L-1"])
    assert {lead: former.score_id for lead, former in found.items()} == {"L-1": "score-2", "L-2": "score-4"}
    assert found["L-1"].families == []
    assert found["L-2"].families == [{"family": "behaviour", "effect": 0.02}]


def test_the_latest_scores_are_found_by_the_index(ledger):
    """Looking up former scores scans no table, however long the ledger grows."""
    if ledger.name.startswith("postgresql"):
        pytest.skip("PostgreSQL reads a small table whole, index or not")
    plan = plan_of(ledger, FORMER["sqlite"].params(leads='["a", "b"]'))
    assert "scores_by_lead" in plan
    assert not [line for line in plan.splitlines() if line.startswith("SCAN scores")]


def plan_of(ledger, query):
    """Return how SQLite goes about a query, a step a line."""
    with ledger.reading() as connection:
        told = query.compile(
            connection.engine, compile_kwargs={"render_postcompile": True, "literal_binds": True}
        )
        return "\n".join(step.detail for step in connection.execute(text(f"EXPLAIN QUERY PLAN {told}")))
