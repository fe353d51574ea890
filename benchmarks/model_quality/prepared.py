"""The data sets as projects that have gone as far as the stage `features`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from benchmarks.model_quality.kept import own_code
from benchmarks.projects import example_project, sample_project
from pipeline.new_project import EXAMPLES
from pipeline.project import Project
from pipeline.sample_crm.settings import DEFAULT_LEADS, DEFAULT_SEED

SAMPLE: Final = "sample_crm"
SETS: Final = (*EXAMPLES, SAMPLE)


def why_absent(name: str) -> str | None:
    """Return why a set cannot be had, None if it can."""
    if name == SAMPLE:
        return None
    folder = os.environ.get("BATON_REAL_DATA")
    if not folder:
        return "BATON_REAL_DATA names no folder with the public data sets"
    return None if (Path(folder) / name).is_dir() else f"there is no {Path(folder) / name}"


def kept_project(folder: Path, name: str, leads: int = DEFAULT_LEADS, seed: int = DEFAULT_SEED) -> Project:
    """Return the project of a set, kept in the folder for as long as the code is the same.

    ``leads`` and ``seed`` are those of a sample CRM.
    """
    called = f"{name}_{leads}_{seed}" if name == SAMPLE else name
    home, code = folder / "projects" / called, own_code()
    done = home / "var" / "done.txt"
    if done.exists() and done.read_text(encoding="utf-8") == code:
        return Project(home)
    shutil.rmtree(home, ignore_errors=True)
    if name == SAMPLE:
        project = sample_project(home, leads, seed)
    else:
        project = example_project(home, name, Path(os.environ["BATON_REAL_DATA"]) / name)
    done.write_text(code, encoding="utf-8")
    return project
