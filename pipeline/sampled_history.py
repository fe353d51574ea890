"""A history, or of a large one the part that belongs to a sample of its leads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from data_checks.tables import SHAPES, CrmHistory
from pipeline.store import read_history

_OF_LEADS: Final = ("leads", "activities", "stage_changes", "field_changes")


def sampled_history(folder: Path, most: int, seed: int = 0) -> tuple[CrmHistory, int]:
    """Return the checked tables in ``folder`` of at most so many leads, and how many leads there are.

    The same seed draws the same leads. Rows of other leads are left on disk.
    """
    ids = pd.read_parquet(folder / "leads.parquet", columns=["lead_id"])["lead_id"].sort_values()
    if len(ids) <= most:
        return read_history(folder), len(ids)
    drawn = np.random.default_rng(seed).choice(len(ids), most, replace=False)
    return history_of_leads(folder, ids.iloc[np.sort(drawn)].tolist()), len(ids)


def history_of_leads(folder: Path, lead_ids: Sequence[str]) -> CrmHistory:
    """Return the part of the checked tables in ``folder`` that belongs to some leads."""
    wanted = [("lead_id", "in", list(lead_ids))]
    frames = {
        name: pd.read_parquet(path, filters=wanted)
        for name in _OF_LEADS
        if (path := folder / f"{name}.parquet").exists()
    }
    there = {name for name in SHAPES if (folder / f"{name}.parquet").exists()}
    return CrmHistory(**frames, absent=frozenset(SHAPES) - there)
