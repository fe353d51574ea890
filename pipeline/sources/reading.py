"""What came out of reading a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data_checks.tables import CrmHistory


@dataclass(frozen=True)
class Reading:
    """A CRM's history, and all that was in the files and is not in it.

    ``refused`` has, by table, the rows that could not be read: the columns ``file``, ``row`` (its number
    among the well-formed rows, from 1), ``line`` (of a malformed row, with its ``text``) and ``reasons``,
    then the file's own columns as text. ``unread`` has the optional cells that were filled in and could
    not be read (``table``, ``file``, ``row``, ``column``, ``reason``): their rows are in the history, the
    cell is missing. ``notes`` say in words what is absent, what that switches off, and what was left out.
    """

    history: CrmHistory
    refused: Mapping[str, pd.DataFrame]
    unread: pd.DataFrame
    notes: tuple[str, ...]
