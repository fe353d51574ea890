"""Starting the other door: serving runs as its own program, so that the two never import each other."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn


def become_serving(words: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Replace this process by `python -m serving`, with the settings added to the environment."""
    os.execve(sys.executable, [sys.executable, "-m", "serving", *words], {**os.environ, **environment})  # noqa: S606
