"""Virtual environments for packages that cannot live beside Baton's, made on demand and kept."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.model_quality.task import NotRun

PATIENCE: Final = 12 * 60
"""Seconds after which an installation is given up."""


def python_with(package: str, folder: Path) -> Path:
    """Return the Python of the environment in ``folder``, made first if it holds another package or none.

    Raises:
        NotRun: It cannot be made here.
    """
    python, done = folder / "bin" / "python", folder / "installed.txt"
    if done.exists() and done.read_text(encoding="utf-8") == package:
        return python
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.exists() else shutil.which("uv")
    if uv is None:
        raise NotRun("its environment is made with uv, which is not here")
    _install([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)])
    _install([uv, "pip", "install", "--quiet", "--python", str(python), package])
    done.write_text(package, encoding="utf-8")
    return python


def _install(words: list[str]) -> None:
    try:
        subprocess.run(words, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired as fault:
        raise NotRun(f"its environment was not made within {PATIENCE // 60} minutes") from fault
    except subprocess.CalledProcessError as fault:
        raise NotRun(f"its environment cannot be made: {fault.stderr.strip()[-300:]}") from fault
