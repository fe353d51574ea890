"""The API keys in the ledger: created, listed, rotated, revoked."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from data_checks.errors import BatonError
from serving.api_keys import (
    NO_LIMITS,
    SCOPES,
    Grant,
    Limits,
    NewKey,
    Scope,
    is_key,
    new_key,
    split_key,
)
from serving.ledger.audit import by_shell, write_audit
from serving.ledger.ledger import Ledger
from serving.ledger.tables import API_KEYS


class KeyStoreError(BatonError):
    """A key that cannot be made or found."""


@dataclass(frozen=True)
class KeyEntry:
    """A key as it is listed: all but its secret. It works until ``revoked_at``, which may lie ahead."""

    key_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None
    limits: Limits

    def is_active(self, now: datetime) -> bool:
        """Tell whether the key works at a moment."""
        return self.revoked_at is None or now < self.revoked_at


def known_scopes(names: Sequence[str]) -> tuple[Scope, ...]:
    """Return scopes by their names.

    Raises:
        KeyStoreError: when one is unknown or there is none.
    """
    if unknown := [name for name in names if name not in SCOPES]:
        raise KeyStoreError(f"a scope is one of {', '.join(SCOPES)}", repr(unknown[0]), "name one of these")
    if not names:
        raise KeyStoreError("a key has at least one scope", "none", f"name one of {', '.join(SCOPES)}")
    return tuple(scope for scope in SCOPES if scope in names)


def create_key(ledger: Ledger, name: str, scopes: Sequence[Scope], limits: Limits = NO_LIMITS) -> NewKey:
    """Add a key and return it; its text cannot be had again."""
    key = new_key()
    with ledger.writing() as connection:
        _insert(connection, key, name, scopes, limits)
    return key


def _insert(
    connection: Connection, key: NewKey, name: str, scopes: Sequence[str], limits: Limits = NO_LIMITS
) -> None:
    row = {
        "key_id": key.key_id,
        "name": name,
        "secret_hash": key.secret_hash,
        "scopes": " ".join(scopes),
        "created_at": datetime.now(UTC),
        "per_minute": limits.per_minute,
        "most_leads": limits.most_leads,
    }
    connection.execute(insert(API_KEYS), row)
    details = {"key_id": key.key_id, "name": name, "scopes": list(scopes)}
    write_audit(connection, datetime.now(UTC), by_shell(), "key_created", details)


def list_keys(ledger: Ledger) -> tuple[KeyEntry, ...]:
    """Return all keys, the oldest first."""
    with ledger.reading() as connection:
        rows = connection.execute(select(API_KEYS).order_by(API_KEYS.c.created_at)).all()
    return tuple(
        KeyEntry(
            row.key_id,
            row.name,
            tuple(row.scopes.split()),
            row.created_at,
            row.revoked_at,
            Limits(row.per_minute, row.most_leads),
        )
        for row in rows
    )


def key_name(ledger: Ledger, key_id: str) -> str:
    """Return what a key is called; its id if it is not known any more."""
    with ledger.reading() as connection:
        named = select(API_KEYS.c.name).where(API_KEYS.c.key_id == key_id)
        return connection.execute(named).scalar() or key_id


def revoke_key(ledger: Ledger, key_id: str) -> bool:
    """Revoke a key; tell whether it was active until now.

    Raises:
        KeyStoreError: when there is no such key.
    """
    if key_id not in {entry.key_id for entry in list_keys(ledger)}:
        raise KeyStoreError("a key is revoked by its id", repr(key_id), "see the ids with `baton keys list`")
    now = datetime.now(UTC)
    with ledger.writing() as connection:
        return _end(connection, API_KEYS.c.key_id == key_id, now, now)


def rotate_key(ledger: Ledger, key_id: str, grace: timedelta) -> NewKey:
    """Return a new key with the name, scopes and limits of another, which ends after ``grace``.

    A key that ends sooner by itself keeps that end.

    Raises:
        KeyStoreError: when there is no such key, or it has ended.
    """
    key, now = new_key(), datetime.now(UTC)
    old = next((entry for entry in list_keys(ledger) if entry.key_id == key_id), None)
    if old is None or not old.is_active(now):
        raise KeyStoreError(
            "an active key is rotated, by its id", repr(key_id), "see the ids with `baton keys list`"
        )
    with ledger.writing() as connection:
        _insert(connection, key, old.name, old.scopes, old.limits)
        _end(connection, API_KEYS.c.key_id == key_id, now, now + grace)
    return key


def active_grants(ledger: Ledger) -> dict[str, Grant]:
    """Return what each active key may do, by key id."""
    with ledger.reading() as connection:
        rows = connection.execute(select(API_KEYS).where(_ends_after(datetime.now(UTC)))).all()
    return {
        row.key_id: Grant(
            row.key_id,
            row.secret_hash,
            frozenset(row.scopes.split()),
            Limits(row.per_minute, row.most_leads),
            row.revoked_at,
        )
        for row in rows
    }


def _ends_after(moment: datetime) -> ColumnElement[bool]:
    return or_(API_KEYS.c.revoked_at.is_(None), API_KEYS.c.revoked_at > moment)


def _end(connection: Connection, which: ColumnElement[bool], now: datetime, at: datetime) -> bool:
    """End keys that are active ``now`` and would outlive ``at``; tell whether there were any."""
    ending = update(API_KEYS).where(which & _ends_after(now) & _ends_after(at)).values(revoked_at=at)
    ended = connection.execute(ending.returning(API_KEYS.c.key_id, API_KEYS.c.name)).all()
    for row in ended:
        later = {"ends_at": at} if at > now else {}
        details = {"key_id": row.key_id, "name": row.name, **later}
        write_audit(connection, now, by_shell(), "key_revoked", details)
    return bool(ended)


def ensure_demo_key(
    ledger: Ledger,
    path: Path,
    name: str = "demo",
    scopes: Sequence[Scope] = ("score", "read"),
    limits: Limits = NO_LIMITS,
) -> str:
    """Return the key that the file ``path`` holds, making both (mode 600) when it has no active one.

    Earlier keys of that ``name`` are revoked then: nobody knows their secrets any more.
    """
    kept = path.read_text(encoding="ascii").strip() if path.is_file() else ""
    if (parts := split_key(kept)) and is_key(active_grants(ledger).get(parts[0]), parts[1]):
        return kept
    key, now = new_key(), datetime.now(UTC)
    _write_secret(path, key.text)
    with ledger.writing() as connection:
        _end(connection, API_KEYS.c.name == name, now, now)
        _insert(connection, key, name, scopes, limits)
    return key.text


def _write_secret(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
    draft.replace(path)
