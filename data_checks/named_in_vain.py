"""Names in the agreement that nothing of the history has: a slip of the pen, or a column that is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from data_checks.agreement import Agreement
from data_checks.consistency import ACTIVITY_TYPE
from data_checks.folding import fold
from data_checks.shaping import nearest
from data_checks.tables import CrmHistory


def named_in_vain(agreement: Agreement, history: CrmHistory) -> list[str]:
    """Return a note for each entry of ``never_use`` and ``known_at`` that no lead and no activity has."""
    never, known = agreement.never_use, agreement.known_at
    return [*_notes("never_use", never, history), *_notes("known_at", known, history)]


def _notes(key: str, entries: Iterable[str], history: CrmHistory) -> Iterator[str]:
    columns = [str(name) for name, column in history.leads.items() if column.notna().any()]
    types = {fold(label) for label in history.activities["activity_type"].dropna().unique()}
    for entry in entries:
        label = entry.removeprefix(ACTIVITY_TYPE)
        there = fold(label) in types if label != entry else entry in columns
        if not there:
            what = "activity of that type" if label != entry else "lead with such a column filled in"
            close = nearest(entry, columns) if label == entry else None
            step = f"if {close} is meant, write that" if close else "correct the name, unless it is to come"
            yield f"The agreement's {key} names {entry}, and there is no {what}. Next: {step}."
