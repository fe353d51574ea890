"""Whom not to show: leads that were erased, known again by a fingerprint and by nothing else.

A fingerprint is a salted digest. Whoever holds the ledger can ask it whether a certain lead was erased, as
the pages do, and cannot read from it which leads were.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from serving.ledger.tables import ERASED_LEADS


@dataclass(frozen=True)
class Erasure:
    """That a lead was erased: the salt and the digest of its id, and when."""

    salt: str
    fingerprint: str
    erased_at: datetime


def mark_erased(connection: Connection, lead_id: str, now: datetime) -> None:
    """Note that a lead was erased."""
    # Two machines may erase the very first leads at one moment; then there are two salts.
    salt = connection.execute(select(ERASED_LEADS.c.salt).limit(1)).scalar() or secrets.token_hex(16)
    row = {
        "erasure_id": str(uuid4()),
        "salt": salt,
        "fingerprint": fingerprint(salt, lead_id),
        "erased_at": now,
    }
    connection.execute(insert(ERASED_LEADS), row)


def all_erasures(connection: Connection) -> tuple[Erasure, ...]:
    """Return all of them."""
    columns = (ERASED_LEADS.c[name] for name in Erasure.__dataclass_fields__)
    found = connection.execute(select(*columns).order_by(ERASED_LEADS.c.erasure_id))
    return tuple(Erasure(**row._asdict()) for row in found)


def fingerprint(salt: str, lead_id: str) -> str:
    """Return the digest by which a lead is known again.

    >>> fingerprint("salt", "L-1")[:8]
    'da89f2a2'
    """
    return hashlib.sha256((salt + lead_id).encode()).hexdigest()
