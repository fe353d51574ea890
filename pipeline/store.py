"""Tables and training rows on disk, as Parquet and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data_checks.tables import SHAPES, CrmHistory
from models.training_rows import TrainingRows


def fresh_folder(folder: Path) -> Path:
    """Return the folder, made and empty: nothing of an earlier, perhaps broken run is left in it."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write_json(data: object, path: Path) -> None:
    """Write data as JSON that people can read and compare."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:  # noqa: ANN401 - whoever wrote the file knows its shape
    """Read JSON."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_history(history: CrmHistory, folder: Path) -> None:
    """Write the tables that the source has, one Parquet file each."""
    fresh_folder(folder)
    for name, frame in history:
        if name not in history.absent:
            frame.to_parquet(folder / f"{name}.parquet", index=False)


def read_history(folder: Path) -> CrmHistory:
    """Read what `write_history` wrote; a table without a file is absent."""
    frames = {name: pd.read_parquet(path) for name in SHAPES if (path := folder / f"{name}.parquet").exists()}
    return CrmHistory(**frames, absent=frozenset(SHAPES) - frozenset(frames))


def write_rows(rows: TrainingRows, path: Path) -> None:
    """Write training rows as one Parquet file: the features, and beside them what begins with `_`."""
    frame = pd.DataFrame(rows.matrix, columns=pd.Index(rows.names))
    beside = {"_label": rows.label, "_weight": rows.weight, "_as_of": rows.as_of, "_lead": rows.lead}
    beside |= {"_age_days": rows.age_days}
    pd.concat([frame, pd.DataFrame(beside)], axis=1).to_parquet(path, index=False)


def read_rows(path: Path, categorical: tuple[str, ...]) -> TrainingRows:
    """Read what `write_rows` wrote."""
    frame = pd.read_parquet(path)
    names = tuple(str(name) for name in frame.columns if not str(name).startswith("_"))
    return TrainingRows(
        matrix=np.ascontiguousarray(frame[list(names)].to_numpy(np.float64)),
        names=names,
        categorical=categorical,
        label=frame["_label"].to_numpy(bool),
        weight=frame["_weight"].to_numpy(np.float64),
        as_of=frame["_as_of"].to_numpy(np.int64),
        lead=frame["_lead"].to_numpy(np.int64),
        age_days=frame["_age_days"].to_numpy(np.float64),
    )
