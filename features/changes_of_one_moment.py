"""Changes that a field went through within one moment, as the one change they amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd

_MOMENT = ["lead_id", "field", "changed_at"]


def merged_by_moment(changes: pd.DataFrame) -> pd.DataFrame:
    """Return field changes, at most one for each lead, field and moment.

    A CRM's own automation writes a field twice in a second, and its export has no order then. The
    changes together lead from the value that none of them led to, to the value that none of them
    left; a round trip is no change.
    """
    tied = changes.duplicated(_MOMENT, keep=False)
    if not tied.any():
        return changes
    merged = pd.DataFrame(list(_merged(changes[tied])), columns=list(changes.columns))
    return pd.concat([changes[~tied], merged.astype(changes.dtypes)], ignore_index=True)


def _merged(changes: pd.DataFrame) -> Iterator[Mapping[str, object]]:
    for moment, rows in changes.groupby(_MOMENT):
        old, new = (Counter(_texts(rows[name])) for name in ("old_value", "new_value"))
        if old != new:
            ends = {"old_value": _first(old - new), "new_value": _first(new - old)}
            yield {**dict(zip(_MOMENT, moment, strict=True)), **ends}


def _texts(column: pd.Series) -> list[str | None]:
    return [None if missing else text for text, missing in zip(column, column.isna(), strict=True)]


def _first(texts: Counter[str | None]) -> str | None:
    return min(texts, key=lambda text: (text is not None, text or ""))
