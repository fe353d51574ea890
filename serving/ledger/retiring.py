"""Deleting what has been kept for long enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import Column, Connection, Table, delete, insert, select, tuple_

from serving.ledger.audit import write_audit
from serving.ledger.ledger import Ledger
from serving.ledger.tables import FEEDBACK, HANDOFFS, INPUTS, REMOVALS, REQUESTS, SCORES, SHADOW_SCORES
from serving.settings import Settings

REPEATABLE_DAYS: Final = 30
"""For so many days a request with an idempotency key may be sent again."""

BATCH: Final = 500
_PAUSE: Final = 0.02
"""Seconds between two batches, in which those who answer come to write."""


@dataclass(frozen=True)
class _Term:
    """Rows of ``table`` whose ``moment`` lies before ``before`` are to go."""

    table: Table
    moment: str
    before: datetime

    @property
    def column(self) -> Column[datetime]:
        return self.table.c[self.moment]


def retire(
    ledger: Ledger,
    settings: Settings,
    now: datetime,
    actor: str = "service",
    goes_on: Callable[[], bool] = lambda: True,
) -> Mapping[str, int]:
    """Delete what is older than the settings keep, in small batches; return how many rows, by table.

    ``goes_on`` is asked before each batch; what is left then is for the next call. Nothing is written
    where nothing is old enough.

    Raises:
        LedgerDownError: when the ledger cannot be read or written; finished batches stay deleted.
    """
    counts: dict[str, int] = {}
    for term in _terms(settings, now):
        gone = sum(_batches(ledger, term, goes_on))
        if gone:
            counts[term.table.name] = gone
    if counts:
        with ledger.writing() as connection:
            write_audit(connection, now, actor, "records_retired", counts)
        ledger.forget()
    return counts


def _terms(settings: Settings, now: datetime) -> Iterator[_Term]:
    inputs, kept = settings.keep_inputs_days, settings.keep_days
    yield _Term(REQUESTS, "answered_at", now - timedelta(days=REPEATABLE_DAYS))
    yield _Term(INPUTS, "scored_at", now - timedelta(days=inputs if kept is None else min(inputs, kept)))
    if kept is not None:
        before = now - timedelta(days=kept)
        yield _Term(SCORES, "scored_at", before)
        yield _Term(SHADOW_SCORES, "scored_at", before)
        yield _Term(HANDOFFS, "opened_at", before)
        yield _Term(FEEDBACK, "recorded_at", before)


def _batches(ledger: Ledger, term: _Term, goes_on: Callable[[], bool]) -> Iterator[int]:
    gone = BATCH
    while gone == BATCH and goes_on() and _has_old(ledger, term):
        with ledger.writing() as connection:
            gone = _delete_some(connection, term)
        yield gone
        time.sleep(_PAUSE)


def _has_old(ledger: Ledger, term: _Term) -> bool:
    with ledger.reading() as connection:
        found = connection.execute(select(term.column).where(term.column < term.before).limit(1))
        return found.first() is not None


def _delete_some(connection: Connection, term: _Term) -> int:
    permit = {"removal_id": str(uuid4()), "before": term.before}
    connection.execute(insert(REMOVALS), permit)
    key = tuple(term.table.primary_key.columns)
    old = select(*key).where(term.column < term.before).order_by(term.column).limit(BATCH)
    gone = connection.execute(delete(term.table).where(tuple_(*key).in_(old))).rowcount
    connection.execute(delete(REMOVALS).where(REMOVALS.c.removal_id == permit["removal_id"]))
    return gone
