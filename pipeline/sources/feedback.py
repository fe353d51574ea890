"""What sales said of leads, added to the stage changes of the CRM."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_checks.agreement import Agreement
from data_checks.errors import BatonError
from data_checks.tables import SHAPES, CrmHistory
from features.moments import DAY, to_moments
from pipeline.sources.frames import stacked

HOME: Final = "feedback"
"""The folder of a project below which all feedback lies: it is what DVC watches."""

SAME: Final = DAY
"""What the CRM has within this time of what sales said is the same event."""


def with_feedback(
    history: CrmHistory, folder: Path, agreement: Agreement, now: int
) -> tuple[CrmHistory, str]:
    """Return the history with the stage changes that an export of the ledger holds, and what is to be said.

    Left out is what the CRM has already, the same lead in the same stage within a day, and what was said
    after ``now``: the history is read at that moment. Where the CRM keeps no stage changes, none are
    added, since the outcome would then be looked for among them.

    Raises:
        BatonError: The folder holds no such export.
    """
    said = _stage_changes(folder)
    if "stage_changes" in history.absent:
        return history, "feedback is not used: without a table stage_changes, converted_at is the outcome"
    known = to_moments(said["changed_at"]) <= now
    doubled = known & _is_in(history.stage_changes, said, agreement)
    added = said[known & ~doubled]
    note = (
        f"feedback: {len(added):,} stage changes added, {doubled.sum():,} are in the CRM already, "
        f"{(~known).sum():,} came after the moment the history is read at"
    )
    changes = stacked("stage_changes", [history.stage_changes, added])
    return replace(history, stage_changes=changes), note


def feedback_folder(root: Path, named: Path) -> Path:
    """Return the folder of `data.feedback` in the project ``root``.

    Raises:
        BatonError: It lies where DVC does not see it change.
    """
    if not (root / named).resolve().is_relative_to((root / HOME).resolve()):
        raise BatonError(
            f"data.feedback is the project's folder {HOME}, or one below it",
            str(named),
            f"run `baton ledger export --out {HOME}`, and set it to {HOME}",
        )
    return root / named


def _stage_changes(folder: Path) -> pd.DataFrame:
    columns = list(SHAPES["stage_changes"].columns)
    path = folder / "stage_changes.parquet"
    try:
        return pd.read_parquet(path)[columns]
    except (OSError, ValueError, KeyError) as fault:  # what PyArrow raises is one of these
        raise BatonError(
            "data.feedback holds what `baton ledger export` wrote",
            f"{path}: {'there is none' if isinstance(fault, FileNotFoundError) else 'it cannot be read'}",
            f"run `baton ledger export --out {folder}`, or set data.feedback to null",
        ) from fault


def _is_in(changes: pd.DataFrame, said: pd.DataFrame, agreement: Agreement) -> NDArray[np.bool_]:
    """Tell for each row of ``said`` whether the lead changed to that stage at about that time."""
    own, other = _staged(said, agreement), _staged(changes, agreement)
    pairs = own.merge(other, on=["lead_id", "stage"], suffixes=("", "_other"))
    near = (pairs["moment"] - pairs["moment_other"]).abs() <= SAME
    return np.isin(np.arange(len(said)), pairs.loc[near, "place"].to_numpy())


def _staged(changes: pd.DataFrame, agreement: Agreement) -> pd.DataFrame:
    """Return the changes to stages that the agreement knows: the lead, the stage, the moment, the place."""
    stages = {value: agreement.stage_of(value) for value in changes["stage"].dropna().unique()}
    staged = pd.DataFrame(
        {
            "lead_id": changes["lead_id"].to_numpy(),
            "stage": changes["stage"].map(stages).to_numpy(),
            "moment": to_moments(changes["changed_at"]),
            "place": np.arange(len(changes)),
        }
    )
    return staged[staged["stage"].notna()]
