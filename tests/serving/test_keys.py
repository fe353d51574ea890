"""API keys: kept as hashes, asked for by scope, changed without a restart."""

from __future__ import annotations

import logging
import stat
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from serving.api_keys import Grant, Limits, is_key, new_key, split_key
from serving.commands import APP
from serving.key_store import (
    KeyStoreError,
    active_grants,
    create_key,
    ensure_demo_key,
    list_keys,
    revoke_key,
    rotate_key,
)
from serving.keyring import STALE_AFTER, Keyring
from serving.ledger.errors import LedgerDownError
from serving.ledger.ledger import Ledger
from serving.ledger.tables import API_KEYS
from serving.problems import LEDGER_DOWN, NO_KEY, WRONG_SCOPE, Problem


@pytest.fixture
def ledger(tmp_path):
    """An open ledger without keys."""
    with closing(Ledger(f"sqlite:///{tmp_path}/ledger.db", 2.0)) as opened:
        opened.open()
        yield opened


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Run `python -m serving` on a ledger of its own."""
    monkeypatch.setenv("BATON_LEDGER_URL", f"sqlite:///{tmp_path}/ledger.db")
    return lambda *words: CliRunner().invoke(APP, list(words), catch_exceptions=False)


def until(condition, seconds: float = 5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_keys_are_long_random_and_different():
    """A key has 256 secret bits and says by its beginning that it is Baton's."""
    keys = {new_key().text for _ in range(50)}
    assert len(keys) == 50
    assert all(key.startswith("baton_") and len(key.split("_", 2)[2]) == 43 for key in keys)


def test_a_key_opens_what_its_hash_was_made_of():
    """A key is recognised by the hash of its secret, and no other secret or id is."""
    key, other = new_key(), new_key()
    grant = Grant(key.key_id, key.secret_hash, frozenset({"score"}))
    assert split_key(key.text) == (key.key_id, key.secret_hash)
    assert is_key(grant, key.secret_hash)
    assert not is_key(grant, other.secret_hash)
    assert not is_key(None, "0" * 64)


def test_the_ledger_holds_no_secret(ledger):
    """What is kept of a key cannot be used as one."""
    key = create_key(ledger, "crm", ("score",))
    with ledger.reading() as connection:
        kept = str(connection.execute(select(API_KEYS)).all())
    assert key.key_id in kept
    assert key.text.split("_", 2)[2] not in kept
    assert key.text not in repr(key)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic abc"},
        {"Authorization": "Bearer baton_000000000000_" + "x" * 43},
        {"X-API-Key": "' OR 1=1 --"},
        {"X-API-Key": ""},
    ],
)
def test_without_a_valid_key_nothing_is_told(service, a_lead, headers):
    """401 says how to send a key, the same for every reason, before the body is looked at."""
    for answer in (
        service.client.post("/score", content=b"not even JSON", headers=headers),
        service.client.get("/model", headers=headers),
        service.client.get("/agreement", headers=headers),
    ):
        assert (answer.status_code, answer.json()["type"]) == (401, "/docs#problem-no-key")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_key_may_be_sent_in_either_header(service, a_lead):
    """`Authorization: Bearer` in any case, or `X-API-Key`."""
    for headers in ({"X-API-Key": service.key}, {"authorization": f"bearer {service.key}"}):
        answer = service.client.post("/score", json={"leads": [a_lead()]}, headers=headers)
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("scopes", "score", "model"),
    [
        (("score",), 200, 403),
        (("read",), 403, 200),
        (("feedback",), 403, 403),
        (("score", "read"), 200, 200),
        (("admin",), 200, 200),
    ],
)
def test_a_key_may_do_what_its_scopes_say(make_service, a_lead, scopes, score, model):
    """Least privilege: one scope does not open what needs another; admin opens all."""
    service = make_service(scopes=scopes)
    assert service.score([a_lead()]).status_code == score
    refused = service.client.get("/model", headers=service.headers)
    assert refused.status_code == model
    if model == 403:
        assert refused.json()["type"] == "/docs#problem-wrong-scope"
        assert "`read`" in refused.json()["detail"]


def test_keys_are_rotated_without_a_restart(service, a_lead):
    """A key made beside the running service works soon, and a revoked one soon does not."""

    def status(key):
        answer = service.client.post("/score", json={"leads": [a_lead()]}, headers={"X-API-Key": key})
        return answer.status_code

    with service.ledger() as ledger:
        new = create_key(ledger, "new", ("score",))
        assert until(lambda: status(new.text) == 200)
        assert revoke_key(ledger, service.key.split("_")[1])
    assert until(lambda: status(service.key) == 401)
    assert status(new.text) == 200


def test_a_rotated_key_works_beside_the_new_one_until_its_grace_is_over(service, a_lead):
    """Both keys score at first; then the old one ends at its moment, with nothing restarted."""

    def status(key):
        answer = service.client.post("/score", json={"leads": [a_lead()]}, headers={"X-API-Key": key})
        return answer.status_code

    with service.ledger() as ledger:
        new = rotate_key(ledger, service.key.split("_")[1], timedelta(seconds=1.5))
        assert until(lambda: status(new.text) == 200)
        assert status(service.key) == 200
        old, fresh = list_keys(ledger)
    assert old.is_active(datetime.now(UTC))
    assert (fresh.name, fresh.scopes, fresh.limits) == (old.name, old.scopes, old.limits)
    assert until(lambda: status(service.key) == 401)
    assert status(new.text) == 200
    assert not old.is_active(datetime.now(UTC))


def test_a_key_ends_at_its_moment_and_not_at_the_next_refresh():
    """The ring asks the clock at each request: even a silent ledger does not lengthen a key's life."""
    now = [datetime(2026, 11, 3, tzinfo=UTC)]
    key = new_key()
    grant = Grant(key.key_id, key.secret_hash, frozenset({"score"}), ends_at=now[0] + timedelta(hours=1))
    ring = Keyring(lambda: {key.key_id: grant}, lambda: 0.0, lambda: now[0])
    ring.refresh()
    assert ring.authorize(None, key.text, "score") == ring.active(key.key_id) == grant
    now[0] += timedelta(hours=1)
    assert ring.active(key.key_id) is None
    with pytest.raises(Problem) as ended:
        ring.authorize(None, key.text, "score")
    assert ended.value.kind == NO_KEY


def test_a_key_in_its_grace_can_be_revoked_at_once_and_not_kept_longer(ledger):
    """Revoking ends a key now; rotating it again leaves the end that was set first."""
    key = create_key(ledger, "crm", ("score",), Limits(60, 10))
    rotate_key(ledger, key.key_id, timedelta(hours=1))
    first_end = next(one for one in list_keys(ledger) if one.key_id == key.key_id).revoked_at
    again = rotate_key(ledger, key.key_id, timedelta(hours=9))
    assert next(one for one in list_keys(ledger) if one.key_id == key.key_id).revoked_at == first_end
    assert active_grants(ledger)[again.key_id].limits == Limits(60, 10)
    assert active_grants(ledger)[key.key_id].ends_at == first_end
    assert revoke_key(ledger, key.key_id)
    assert not revoke_key(ledger, key.key_id)
    assert key.key_id not in active_grants(ledger)
    with pytest.raises(KeyStoreError, match="an active key is rotated"):
        rotate_key(ledger, key.key_id, timedelta())


def test_limits_and_ends_are_shown_in_the_list(command):
    """`keys list` shows what a key may ask and when it ends; `keys rotate` keeps both limits."""
    words = ("keys", "create", "--name", "crm", "--per-minute", "600", "--most-leads", "20")
    old = command(*words).output.strip().split("_")[1]
    new = command("keys", "rotate", old, "--grace", "2").output.strip().split("_")[1]
    lines = {line.split()[0]: line for line in command("keys", "list").output.splitlines()}
    assert lines[old].split()[1] == lines[new].split()[1] == "active"
    for key_id in (old, new):
        assert lines[key_id].split()[-3:] == ["600", "20", "crm"]
    assert " UTC " in lines[old]
    assert " UTC " not in lines[new]


def test_a_key_is_in_no_log_and_no_page(service, a_lead, caplog):
    """The log names a key by its id; the secret is nowhere."""
    secret = service.key.split("_", 2)[2]
    logger = logging.getLogger("baton")
    logger.addHandler(caplog.handler)
    service.score([a_lead()])
    service.client.get("/model", headers={"X-API-Key": service.key + "x"})
    pages = service.client.get("/").text + service.client.get("/docs").text
    logger.removeHandler(caplog.handler)
    assert service.key.split("_")[1] in caplog.text
    assert secret not in caplog.text
    assert secret not in pages


def test_keys_outlive_a_silent_ledger_for_a_minute_and_no_longer():
    """With the ledger gone the last known keys hold, but a revocation cannot be kept waiting for ever."""
    key, now = new_key(), [0.0]
    grants = [{key.key_id: Grant(key.key_id, key.secret_hash, frozenset({"score"}))}]

    def load():
        if not grants:
            raise LedgerDownError("the ledger can be read", "nothing", "wait")
        return grants.pop()

    ring = Keyring(load, lambda: now[0])
    with pytest.raises(Problem) as unread:
        ring.authorize(None, key.text, "score")
    ring.refresh()
    with pytest.raises(LedgerDownError):
        ring.refresh()
    now[0] = STALE_AFTER
    assert ring.authorize(None, key.text, "score").key_id == key.key_id
    with pytest.raises(Problem) as unscoped:
        ring.authorize(None, key.text, "read")
    with pytest.raises(Problem) as unknown:
        ring.authorize(None, new_key().text, "score")
    now[0] += 0.1
    with pytest.raises(Problem) as stale:
        ring.authorize(None, key.text, "score")
    kinds = [raised.value.kind for raised in (unread, unscoped, unknown, stale)]
    assert kinds == [LEDGER_DOWN, WRONG_SCOPE, NO_KEY, LEDGER_DOWN]


def test_the_demo_key_is_made_once_and_kept_in_a_private_file(ledger, tmp_path):
    """A second start finds the key; a lost or revoked one is replaced, and the lost one stops working."""
    path = tmp_path / "keys" / "demo"
    first = ensure_demo_key(ledger, path)
    assert ensure_demo_key(ledger, path) == first == path.read_text().strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.scopes for entry in list_keys(ledger)] == [("score", "read")]
    path.unlink()
    second = ensure_demo_key(ledger, path)
    assert second != first
    assert set(active_grants(ledger)) == {second.split("_")[1]}
    revoke_key(ledger, second.split("_")[1])
    assert ensure_demo_key(ledger, path) not in {first, second}
    assert [entry.name for entry in path.parent.iterdir()] == ["demo"]


def test_keys_are_made_listed_and_revoked_from_the_command_line(command):
    """The commands do what they say, and the list shows no secret."""
    key = command("keys", "create", "--name", "crm", "--scope", "score").output.strip()
    key_id, secret = key.split("_", 2)[1:]
    listed = command("keys", "list").output
    assert f"{key_id}  active   score" in listed
    assert secret not in listed
    assert command("keys", "revoke", key_id).output.strip() == f"{key_id} is revoked"
    assert command("keys", "revoke", key_id).output.strip() == f"{key_id} was revoked before"
    assert f"{key_id}  revoked" in command("keys", "list").output


def test_the_command_line_writes_a_demo_key_and_does_not_show_it(command, tmp_path):
    """`--if-missing --write-to` is what `make run` does: the file is the only place of the key."""
    file = tmp_path / "demo.key"
    words = ("keys", "create", "--name", "demo", "--if-missing", "--write-to", str(file))
    outputs = [command(*words).output, command(*words).output]
    assert outputs == [f"The key 'demo' is in {file}\n"] * 2
    assert split_key(file.read_text().strip())


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (("create", "--name", "x", "--scope", "everything"), "a scope is one of"),
        (("create", "--name", "x", "--if-missing"), "go together"),
        (("revoke", "nobody"), "a key is revoked by its id"),
    ],
)
def test_a_wrong_command_says_the_rule(command, words, rule):
    """An error names the rule, the value and the next step."""
    with pytest.raises(Exception, match=rule) as raised:
        command("keys", *words)
    assert "Next: " in str(raised.value)
