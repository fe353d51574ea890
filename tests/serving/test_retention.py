"""What is kept for how long, and the audit of what was done."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from ledger_rows import NOW, feedback_row, handoff_row, score_row
from serving.commands import APP
from serving.key_store import create_key, ensure_demo_key, revoke_key
from serving.ledger import retiring
from serving.ledger.audit import audit_entries
from serving.ledger.errors import LedgerDownError
from serving.ledger.ledger import Ledger
from serving.ledger.retiring import retire
from serving.ledger.tables import AUDIT, FEEDBACK, HANDOFFS, INPUTS, REMOVALS, REQUESTS, SCORES, SHADOW_SCORES
from serving.settings import Settings

AGES = (1, 31, 91, 400)
ALL = (SCORES, SHADOW_SCORES, HANDOFFS, FEEDBACK, INPUTS, REQUESTS)


def fill(ledger, now=NOW, ages=AGES):
    """Write a row of every table for each age in days."""
    moments = {age: now - timedelta(days=age) for age in ages}
    scores = [score_row(age, scored_at=at) for age, at in moments.items()]
    opinions = [
        {**{name: one[name] for name in one if name in SHADOW_SCORES.c}, "model_rung": "trees"}
        for one in scores
    ]
    ledger.append(
        {
            SCORES: scores,
            SHADOW_SCORES: opinions,
            HANDOFFS: [handoff_row(age, opened_at=at) for age, at in moments.items()],
            FEEDBACK: [feedback_row(age, recorded_at=at) for age, at in moments.items()],
            INPUTS: [
                {"score_id": f"score-{age}", "lead_id": "L", "scored_at": at, "content": b"x"}
                for age, at in moments.items()
            ],
            REQUESTS: [
                {"key_id": "k", "idempotency_key": str(age), "digest": "d", "ids": "[]", "answered_at": at}
                for age, at in moments.items()
            ],
        }
    )


def counts(ledger):
    with ledger.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar() for table in ALL
        }


def audit(ledger):
    with ledger.reading() as connection:
        return audit_entries(connection, 100)


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({}, {"scores": 4, "inputs": 2}),
        ({"keep_inputs_days": 0}, {"scores": 4, "inputs": 0}),
        ({"keep_days": 365}, {"scores": 3, "inputs": 2}),
        ({"keep_days": 30}, {"scores": 1, "inputs": 1}),
    ],
)
def test_what_is_old_enough_goes(ledger, monkeypatch, settings, left):
    """Inputs and records by their settings, requests after 30 days; in batches, and the audit counts them."""
    monkeypatch.setattr(retiring, "BATCH", 1)
    fill(ledger)
    gone = retire(ledger, Settings(**settings), NOW)
    kept = dict.fromkeys(("scores", "shadow_scores", "handoffs", "feedback"), left["scores"])
    assert counts(ledger) == {**kept, "inputs": left["inputs"], "requests": 1}
    assert gone == {name: 4 - count for name, count in counts(ledger).items() if count < 4}
    [entry] = audit(ledger)
    assert (entry.action, entry.actor, entry.details) == ("records_retired", "service", gone)
    assert retire(ledger, Settings(**settings), NOW) == {}
    assert len(audit(ledger)) == 1


def test_retiring_stops_when_it_is_told_to(ledger, monkeypatch):
    """A service that is stopped does not wait for a year's rows; the next one goes on."""
    monkeypatch.setattr(retiring, "BATCH", 1)
    fill(ledger)
    answers = iter([True, True])
    gone = retire(ledger, Settings(keep_days=30), NOW, goes_on=lambda: next(answers, False))
    assert sum(gone.values()) == 2


def delete_all_scores(ledger):
    """Say that what is older than 60 days is to go, and delete everything."""
    with ledger.writing() as connection:
        connection.execute(insert(REMOVALS), {"removal_id": "r", "before": NOW - timedelta(days=60)})
        connection.execute(delete(SCORES))


def test_only_what_is_being_removed_may_be_deleted(ledger):
    """The database lets rows go that are named, and no others of the same statement."""
    fill(ledger)
    with pytest.raises((DBAPIError, LedgerDownError), match="append-only"):
        delete_all_scores(ledger)
    assert counts(ledger)["scores"] == len(AGES)


@pytest.mark.parametrize("statement", [update(AUDIT).values(actor="nobody"), delete(AUDIT)])
def test_the_audit_can_be_neither_changed_nor_deleted(ledger, statement):
    """Nobody can make what was done undone."""
    create_key(ledger, "crm", ("score",))
    with pytest.raises((DBAPIError, LedgerDownError), match="append-only"), ledger.writing() as connection:
        connection.execute(statement)
    assert len(audit(ledger)) == 1


def test_keys_made_and_revoked_are_in_the_audit(ledger, tmp_path, monkeypatch):
    """By whom, and which; of the secret, nothing."""
    monkeypatch.setattr("getpass.getuser", lambda: "ada")
    key = create_key(ledger, "crm", ("score",))
    revoke_key(ledger, key.key_id)
    revoke_key(ledger, key.key_id)
    text = ensure_demo_key(ledger, tmp_path / "key")
    (tmp_path / "key").unlink()
    ensure_demo_key(ledger, tmp_path / "key")
    entries = audit(ledger)[::-1]
    made, revoked = "key_created", "key_revoked"
    assert sorted(one.action for one in entries) == sorted([made, revoked, made, revoked, made])
    assert [one.action for one in entries[:3]] == [made, revoked, made]
    assert {one.actor for one in entries} == {"user ada"}
    assert entries[1].details == {"key_id": key.key_id, "name": "crm"}
    assert entries[0].details == {"key_id": key.key_id, "name": "crm", "scopes": ["score"]}
    assert text.split("_", 2)[2] not in str(entries)


def test_a_user_without_a_name_is_known_by_number(ledger, monkeypatch):
    """A container's user may have none."""

    def nameless():
        raise OSError

    monkeypatch.setattr("getpass.getuser", nameless)
    create_key(ledger, "crm", ("score",))
    assert audit(ledger)[0].actor.removeprefix("user ").isdecimal()


def test_a_service_retires_by_itself(make_service, tmp_path):
    """Soon after it has started, what is too old is gone, and nobody had to ask."""
    with closing(Ledger(f"sqlite:///{tmp_path}/var/ledger.db", 2.0)) as ledger:
        ledger.open()
        fill(ledger, datetime.now(UTC))
        make_service(keep_days=365)
        end = time.monotonic() + 5
        while counts(ledger)["feedback"] > 3 and time.monotonic() < end:
            time.sleep(0.02)
        assert counts(ledger)["scores"] == 3


def test_retiring_that_fails_stops_nothing(make_service, a_lead, monkeypatch):
    """What goes wrong there is in the log, and the service answers."""

    def fail(*_, **__):
        raise RuntimeError("no")

    monkeypatch.setattr("serving.running.retire", fail)
    assert make_service().score([a_lead()]).status_code == 200


def test_a_person_can_prune_and_read_the_audit(url, monkeypatch):
    """`baton ledger prune` and `baton ledger audit` on the ledger of the environment."""
    monkeypatch.setenv("BATON_LEDGER_URL", url)
    monkeypatch.setenv("BATON_KEEP_DAYS", "365")
    monkeypatch.setattr("getpass.getuser", lambda: "ada")
    with closing(Ledger(Settings().ledger_url, 2.0)) as ledger:
        ledger.open()
        fill(ledger, datetime.now(UTC))

    def run(*words):
        done = CliRunner().invoke(APP, ["ledger", *words], catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    assert "scores: 1 rows deleted" in run("prune")
    assert run("prune") == "nothing is old enough to be deleted\n"
    assert "records_retired  user ada" in run("audit")
    assert run("audit").count("\n") == 1
