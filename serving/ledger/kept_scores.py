"""One score and what it was made from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from serving.ledger.ledger import LedgerRow
from serving.ledger.tables import INPUTS, SCORES


@dataclass(frozen=True)
class KeptScore:
    """A score; ``content`` is the packed lead (`serving.kept_inputs`), None if it is not kept."""

    row: LedgerRow
    content: bytes | None


def kept_score(connection: Connection, score_id: str) -> KeptScore | None:
    """Return the score of an id; what is JSON in the ledger is plain data."""
    query = (
        select(SCORES, INPUTS.c.content)
        .outerjoin(INPUTS, INPUTS.c.score_id == SCORES.c.score_id)
        .where(SCORES.c.score_id == score_id)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    row = found._asdict()
    content = row.pop("content")
    return KeptScore(row, None if content is None else bytes(content))
