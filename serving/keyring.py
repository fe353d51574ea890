"""Who may ask what: the active keys, held in memory and refreshed beside the requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from serving.api_keys import Grant, Scope, is_key, split_key
from serving.problems import LEDGER_DOWN, NO_KEY, WRONG_SCOPE, Problem

# A key revoked while the ledger is out of reach works no longer than this.
STALE_AFTER: Final = 60.0
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="baton"'}


class Keyring:
    """The keys as of the last refresh."""

    def __init__(
        self,
        load: Callable[[], Mapping[str, Grant]],
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._load, self._clock, self._now = load, clock, now
        self._grants: Mapping[str, Grant] = {}
        self._read_at = float("-inf")

    def refresh(self) -> None:
        """Read the keys again; it blocks. What ``load`` raises goes through, and the old keys stay."""
        asked_at = self._clock()
        self._grants = self._load()
        self._read_at = asked_at

    def authorize(self, authorization: str | None, api_key: str | None, scope: Scope) -> Grant:
        """Return the grant of the key in ``Authorization: Bearer`` or else ``X-API-Key``.

        Raises:
            Problem: 401 without a valid key, 403 when it lacks the scope, 503 when the keys are too old.
        """
        grant = self.identify(_bearer(authorization) or api_key or "")
        if not grant.allows(scope):
            raise Problem(WRONG_SCOPE, f"This needs a key with the scope `{scope}`.")
        return grant

    def identify(self, key: str) -> Grant:
        """Return the grant of a key, whatever it may do.

        Raises:
            Problem: 401 without a valid key, 503 when the keys are too old.
        """
        parts = split_key(key)
        grant = self.active(parts[0] if parts else "")
        if parts is None or not is_key(grant, parts[1]) or grant is None:
            raise Problem(
                NO_KEY,
                "Send an active key as `Authorization: Bearer KEY` or `X-API-Key: KEY`; "
                "`baton keys create` makes one.",
                headers=_CHALLENGE,
            )
        return grant

    def active(self, key_id: str) -> Grant | None:
        """Return the grant of a key by its id, or None when there is no such key or it has ended.

        Raises:
            Problem: 503 when the keys are too old.
        """
        if self._clock() - self._read_at > STALE_AFTER:
            raise Problem(
                LEDGER_DOWN, "The keys cannot be read now. Try again.", headers={"Retry-After": "1"}
            )
        grant = self._grants.get(key_id)
        return grant if grant is not None and grant.is_active(self._now()) else None


def _bearer(authorization: str | None) -> str | None:
    if authorization is None:
        return None
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None
