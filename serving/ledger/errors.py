"""What the ledger says when it cannot do its work."""

from __future__ import annotations

from data_checks.errors import BatonError


class LedgerDownError(BatonError):
    """The ledger cannot be read or written now: locked, gone, full, or out of reach."""
