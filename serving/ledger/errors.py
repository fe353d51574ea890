"""What the ledger says when it cannot do its work."""

from __future__ import annotations

from data_checks.errors import BatonError


class LedgerDownError(BatonError):
    """The ledger cannot be read or written now: locked, gone, full, or out of reach."""


def told(error: LedgerDownError) -> str:
    """Return what a client is told: what the database said may name hosts and paths, and is in the log."""
    return f"{error.rule.capitalize()}; now it cannot. Nothing was written or answered. Try again."
