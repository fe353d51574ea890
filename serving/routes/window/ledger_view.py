"""What the ledger knows beside the figures: where hand-offs stand, and who is not to be shown."""

from __future__ import annotations

from datetime import UTC, datetime

from serving.figures.standing import LedgerView
from serving.ledger.errors import LedgerDownError
from serving.ledger.latest_words import latest_words
from serving.ledger.ledger import LedgerRow
from serving.ledger.listing import feedback_by_id
from serving.routes.window.frame import Visit
from serving.score_ids import is_score_id


def ledger_view(visit: Visit) -> LedgerView:
    """Read the ledger; where it cannot be read, the pages go on with what the CRM said."""
    room, now = visit.room, datetime.now(UTC)
    try:
        room.erased.learn(room.ledger)
        with room.ledger.reading() as connection:
            words = latest_words(connection)
    except LedgerDownError:
        return LedgerView({}, room.erased.among(visit.figures), now, is_down=True)
    return LedgerView(words, room.erased.among(visit.figures), now)


def confirmed(visit: Visit) -> LedgerRow | None:
    """Return what was just recorded, if the address names it."""
    said = visit.asked.get("said", "")
    if not is_score_id(said):
        return None
    try:
        with visit.room.ledger.reading() as connection:
            return feedback_by_id(connection, said)
    except LedgerDownError:
        return None
