"""Making a project folder: the files of this repository's own project, or those of an example."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from data_checks.errors import BatonError

EXAMPLES: Final = ("bank_marketing", "bpi_2012_october", "olist_funnel", "x_education")

HOME: Final = Path(__file__).resolve().parents[1]
"""Where this repository's project and its examples lie."""

ROOMS: Final = frozenset({"pipeline", "features", "models", "serving", "data_checks"})

IGNORED: Final = "/build\n/bundle\n/reports\n/var\n/data\n/feedback/*\n!/feedback/README.md\n"


def make_project(folder: Path, example: str | None, data: Path | None) -> Path:
    """Make the folder with agreement, params, DVC stages, `mappings/` and `feedback/`, in git and in DVC.

    Raises:
        BatonError: The folder is in use, or there is no such example.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BatonError("a project begins in an empty folder", f"files in {folder}", "choose another folder")
    if example is not None and example not in EXAMPLES:
        raise BatonError(f"an example is one of {', '.join(EXAMPLES)}", repr(example), "choose one of them")
    origin = HOME / "examples" / example if example else HOME
    for watched in ("mappings", "feedback"):
        (folder / watched).mkdir(parents=True)
        shutil.copy(HOME / watched / "README.md", folder / watched / "README.md")
    shutil.copy(origin / "agreement.yaml", folder / "agreement.yaml")
    if example:
        shutil.copy(origin / "mapping.yaml", folder / "mappings" / "mapping.yaml")
    (folder / "params.yaml").write_text(_params(origin, example is not None, data), encoding="utf-8")
    (folder / "dvc.yaml").write_text(_stages(), encoding="utf-8")
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    _under_version_control(folder)
    return folder


def _params(origin: Path, mapped: bool, data: Path | None) -> str:
    """Return params.yaml, its comments kept, with the project's own source and mapping."""
    text = (origin / "params.yaml").read_text(encoding="utf-8")
    mapping = "mappings/mapping.yaml" if mapped else "null"
    text = re.sub(r"^(  mapping:).*$", rf"\1 {mapping}", text, count=1, flags=re.MULTILINE)
    if data is None:
        return text
    return re.sub(
        r"^(  source:).*$", lambda found: f"{found[1]} {data.resolve()}", text, count=1, flags=re.MULTILINE
    )


def _stages() -> str:
    """Return dvc.yaml without its dependencies on this repository's own code."""
    pipeline: dict[str, Any] = yaml.safe_load((HOME / "dvc.yaml").read_text(encoding="utf-8"))
    for stage in pipeline["stages"].values():
        stage["deps"] = [dep for dep in stage["deps"] if dep.partition("/")[0] not in ROOMS]
    return yaml.safe_dump(pipeline, sort_keys=False, allow_unicode=True)


def _under_version_control(folder: Path) -> None:
    dvc = [sys.executable, "-m", "dvc"]
    for words in (["git", "init", "--quiet"], [*dvc, "init", "--quiet"]):
        try:
            subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True)
        except FileNotFoundError as fault:
            raise BatonError(
                "a project needs git and DVC", f"no {words[0]}", f"install {words[0]}"
            ) from fault
        except subprocess.CalledProcessError as fault:
            raise BatonError(
                f"`{' '.join(words)}` works in {folder}", fault.stderr, "repair that first"
            ) from fault
