"""Leads that were erased from the ledger, and are still in the file of the pages: they are shown no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from serving.figures.file import Figures
from serving.ledger.erased_leads import Erasure, all_erasures
from serving.ledger.ledger import Ledger


class ErasedLeads:
    """The erasures that the ledger knew when it was read last, and whom they concern."""

    def __init__(self) -> None:
        self._known: tuple[Erasure, ...] = ()
        self._found: tuple[Figures | None, tuple[Erasure, ...], tuple[str, ...]] = (None, (), ())

    def learn(self, ledger: Ledger) -> None:
        """Read the erasures; it blocks.

        Raises:
            LedgerDownError: when the ledger cannot be read; then those of the last time still count.
        """
        with ledger.reading() as connection:
            self._known = all_erasures(connection)

    def among(self, figures: Figures) -> tuple[str, ...]:
        """Return the leads of a file that were erased after what it tells.

        A lead that the CRM has recorded since its erasure is a new lead.
        """
        known = self._known
        of, given, found = self._found
        if of is not figures or given != known:
            found = tuple(_among(figures, known))
            self._found = (figures, known, found)
        return found


_NAMED: Final = """
select lead_id from (
  select lead_id from leads union select lead_id from broken_rows where lead_id is not null)
"""
"""Who is named on pages: leads, and those of which a row was set aside."""


def told_until(figures: Figures) -> datetime:
    """Return the moment up to which a file tells: that of the history, or that at which it was made."""
    return min(figures.now, datetime.fromisoformat(figures.fact("built_at")))


def _among(figures: Figures, known: Iterable[Erasure]) -> Iterator[str]:
    late = [one for one in known if one.erased_at >= told_until(figures)]
    for salt in sorted({one.salt for one in late}):
        marks = [one.fingerprint for one in late if one.salt == salt]
        rows = figures.rows(
            f"{_NAMED} where sha256($salt || lead_id) in (select unnest($marks::varchar[]))",
            {"salt": salt, "marks": marks},
        )
        yield from (row["lead_id"] for row in rows)
