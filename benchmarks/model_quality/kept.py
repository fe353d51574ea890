"""Figures that are kept in a folder, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from models.training_rows import TrainingRows
from pipeline.provenance import files_hash

HOME: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("data_checks", "features", "models", "pipeline/sample_crm", "pipeline/sources")


def kept(path: Path, depends_on: object, compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what the file holds, if it was computed under the same conditions, or compute and keep it.

    ``depends_on`` and the result are anything that JSON can hold.
    """
    print_of = hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["depends_on"] == print_of:
            return dict(found["result"])
    result = compute()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps({"depends_on": print_of, "result": result}), encoding="utf-8")
    unfinished.replace(path)
    return result


def own_code() -> str:
    """Return a hash of the code and the settings that features and models come of."""
    code = (files_hash(HOME / room, "**/*.py") for room in ROOMS)
    settings = (files_hash(HOME, name) for name in ("*.yaml", "examples/*/*.yaml"))
    return hashlib.sha256("".join((*code, *settings)).encode()).hexdigest()


def rows_hash(rows: TrainingRows) -> str:
    """Return a hash of all that the rows hold."""
    digest = hashlib.sha256("\n".join((*rows.names, "", *rows.categorical)).encode())
    for array in (rows.matrix, rows.label, rows.weight, rows.as_of, rows.lead):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
