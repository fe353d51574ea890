"""The rows that broke a rule, with their reasons and with what they hold, less what is personal."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

COLUMNS = ["source_table", "lead_id", "reasons", "row"]
UNREADABLE = "unreadable"
SET_ASIDE = "broke_a_rule"


def broken_rows(quarantine: Path, hidden: Collection[str]) -> pd.DataFrame:
    """Return the table ``broken_rows``: what was set aside, table by table; ``row`` is a JSON text of
    what is filled in.

    Values of ``hidden`` fields are left out: a page repeats no e-mail address.
    """
    found = [one for kind in (UNREADABLE, SET_ASIDE) for one in _files(quarantine / kind, frozenset(hidden))]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS, dtype="str")


def _files(folder: Path, hidden: frozenset[str]) -> Iterator[pd.DataFrame]:
    for path in sorted(folder.glob("*.parquet")):
        frame = pd.read_parquet(path).astype("str")
        shown = [name for name in frame.columns if name != "reasons" and name not in hidden]
        rows = frame[shown].to_dict("records")
        missing = pd.Series([""] * len(frame))
        yield pd.DataFrame(
            {
                "source_table": path.stem,
                "lead_id": frame.get("lead_id", missing),
                "reasons": frame["reasons"],
                "row": [_told(row) for row in rows],
            }
        )


def _told(row: Mapping[Any, Any]) -> str:
    return json.dumps(
        {name: value for name, value in row.items() if isinstance(value, str)}, ensure_ascii=False
    )
