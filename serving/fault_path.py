"""Where in a request something is wrong, written so that a person finds it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_LONGEST_KEY: Final = 64


def fault_path(steps: Iterable[str | int]) -> str:
    """Return the keys and positions that lead to a value, as one line.

    A key that is not a plain name is quoted as JSON, in ASCII, and cut after 64 characters.

    >>> fault_path(["leads", 0, "fields", "company size"])
    'leads[0].fields["company size"]'
    >>> fault_path([])
    'the body'
    """
    path = "".join(_step(step) for step in steps).removeprefix(".")
    return path or "the body"


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if _PLAIN.fullmatch(step):
        return f".{step}"
    cut = step if len(step) <= _LONGEST_KEY else step[:_LONGEST_KEY] + "..."
    return f"[{json.dumps(cut)}]"
