"""Requests that are sent twice: the second gets the answer of the first, and writes nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic_core import to_json

from serving.ledger.ledger import LedgerRow
from serving.problems import ERASED, OTHER_REQUEST, WRONG_IDEMPOTENCY_KEY, Problem

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True)
class Asking:
    """Who asks, and by which idempotency key; ``digest`` is that of the request's body.

    A trial is scored and written like any lead, and handed to nobody.
    """

    key_id: str
    idempotency_key: str | None = None
    digest: str = ""
    is_trial: bool = False

    def row(self, ids: Sequence[str], answered_at: datetime) -> LedgerRow:
        """Return what the ledger keeps of the request: the ids of what it wrote, in their order."""
        return {
            "key_id": self.key_id,
            "idempotency_key": self.idempotency_key,
            "digest": self.digest,
            "ids": to_json(list(ids)).decode(),
            "answered_at": answered_at,
        }

    def require_same(self, digest: str) -> None:
        """Refuse another request under a key that was used.

        Raises:
            Problem: 422.
        """
        if digest != self.digest:
            raise Problem(
                OTHER_REQUEST,
                "This Idempotency-Key is another request's. Repeat that one to the byte, or take a new key.",
            )


def asking(key_id: str, idempotency_key: str | None, operation: str, body: bytes) -> Asking:
    """Return who asks for what.

    Raises:
        Problem: 400 when the key is none.
    """
    if idempotency_key is None:
        return Asking(key_id)
    if not _KEY.fullmatch(idempotency_key):
        raise Problem(
            WRONG_IDEMPOTENCY_KEY,
            "An Idempotency-Key is 1 to 255 visible ASCII characters, like a UUID. Send such a one, or none.",
        )
    digest = hashlib.sha256(operation.encode() + b"\n" + body).hexdigest()
    return Asking(key_id, idempotency_key, digest)


def erased() -> Problem:
    """Return the problem of a request whose answer is no longer in the ledger."""
    return Problem(
        ERASED, "What was answered to this request has been erased since. Take a new key to ask again."
    )
