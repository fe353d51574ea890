"""What was answered to requests that had an idempotency key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, tuple_

from serving.ledger.ledger import LedgerRow
from serving.ledger.tables import REQUESTS, SCORES


@dataclass(frozen=True)
class FormerRequest:
    """A request that was answered: the digest of its body, and the ids of what it wrote, in their order."""

    digest: str
    ids: Sequence[str]


def former_requests(
    connection: Connection, keys: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], FormerRequest]:
    """Return the requests by key id and idempotency key, of those keys that were used."""
    columns = REQUESTS.c.key_id, REQUESTS.c.idempotency_key
    query = select(*columns, REQUESTS.c.digest, REQUESTS.c.ids).where(tuple_(*columns).in_(list(keys)))
    return {
        (row.key_id, row.idempotency_key): FormerRequest(row.digest, row.ids)
        for row in connection.execute(query)
    }


def scores_by_id(connection: Connection, score_ids: Collection[str]) -> Mapping[str, LedgerRow]:
    """Return scores by their ids; what is JSON in the ledger is plain data."""
    query = select(SCORES).where(SCORES.c.score_id.in_(list(score_ids)))
    return {row.score_id: row._asdict() for row in connection.execute(query)}
