"""The audit: who did what that is no score. Its rows can be neither changed nor deleted."""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic_core import to_json
from sqlalchemy import Connection, insert, select

from data_checks.moments import moment_of
from serving.ledger.tables import AUDIT
from serving.score_ids import score_id

Action = Literal["key_created", "key_revoked", "lead_erased", "records_retired", "ledger_exported"]


@dataclass(frozen=True)
class AuditEntry:
    """What was done, by whom, and when."""

    done_at: datetime
    actor: str
    action: str
    details: Mapping[str, object]


def write_audit(
    connection: Connection, now: datetime, actor: str, action: Action, details: Mapping[str, object]
) -> None:
    """Add an entry; ``details`` name no lead, since the entry outlives an erasure."""
    row = {
        "audit_id": score_id(moment_of(now) // 1000),
        "done_at": now,
        "actor": actor,
        "action": action,
        "details": to_json(details).decode(),
    }
    connection.execute(insert(AUDIT), row)


def audit_entries(connection: Connection, most: int) -> list[AuditEntry]:
    """Return the newest entries, the newest first."""
    newest = select(AUDIT).order_by(AUDIT.c.done_at.desc(), AUDIT.c.audit_id.desc()).limit(most)
    return [AuditEntry(row.done_at, row.actor, row.action, row.details) for row in connection.execute(newest)]


def by_key(key_id: str) -> str:
    """Return the actor that asked with a key."""
    return f"key {key_id}"


def by_shell() -> str:
    """Return the actor that typed a command."""
    try:
        return f"user {getpass.getuser()}"
    except (OSError, KeyError):  # a container may run as a user without a name
        return f"user {os.getuid()}"
