"""Packing the serving door with its champion, as a bento that serves by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from data_checks.errors import BatonError
from models.shelf import Shelf

HOME: Final = Path(__file__).resolve().parents[1]
ROOMS: Final = ("serving", "models", "features", "data_checks")
FILES: Final = ("bentofile.yaml", "requirements-serving.lock")


def build_bento(models: Path) -> str:
    """Build a bento of this Baton and the champion on the shelf ``models``; return its tag in the store.

    Raises:
        BatonError: when there is no champion, it cannot be used, or BentoML did not build.
    """
    with TemporaryDirectory(prefix="baton-bento-") as folder:
        version = lay_out(models, Path(folder))
        words = ["build", "--output", "tag", "--label", f"model_version={version}"]
        done = subprocess.run(
            [sys.executable, "-m", "bentoml", *words],
            cwd=folder,
            env={**os.environ, "BENTOML_DO_NOT_TRACK": "True"},
            capture_output=True,
            text=True,
            check=False,
        )
    tag = done.stdout.rpartition("__tag__:")[2].strip()
    if done.returncode or not tag:
        said = (done.stderr or done.stdout).strip().rpartition("\n")[2]
        raise BatonError("BentoML builds the bento", said or "no tag", "see what `bentoml build` says")
    return tag


def lay_out(models: Path, folder: Path) -> str:
    """Write what a bento is built from into an empty folder; return the champion's version.

    Raises:
        BatonError: when there is no champion, or it cannot be used.
    """
    shelf = Shelf(models)
    champion = shelf.champion()
    if champion is None:
        raise BatonError(
            "a bento holds a champion", f"none in {models}", "promote a model with `baton promote`"
        )
    version, bundle = champion
    for room in ROOMS:
        shutil.copytree(HOME / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(HOME / name, folder / name)
    packed = Shelf(folder / "var" / "models")
    packed.put(bundle, version)
    shutil.copy(shelf.pointer, packed.pointer)
    return version
