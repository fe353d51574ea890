"""What a long stage says while it runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable


def stage_voice(stage: str) -> Callable[[str], None]:
    """Return a function that says a line with the stage's name and the seconds since it began."""
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stderr.write(f"[{stage} {time.monotonic() - began:5.1f} s] {line}\n")
        sys.stderr.flush()

    return say
