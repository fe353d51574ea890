"""Keeps Python's garbage collector from stopping the service.

A full collection walks everything that is alive; with models and libraries loaded that takes 100 to
260 ms. Frozen, they are never walked, and the rest is collected when it is cheap.
"""

from __future__ import annotations

import asyncio
import gc
from typing import Final

# Requests leave no cycles to speak of: the collector seldom needs to look by itself.
_THRESHOLDS: Final = (20_000, 50, 1_000)
SECONDS: Final = 5.0


def freeze() -> None:
    """Collect once, then take all that is alive out of the collector's sight."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


async def collect_regularly() -> None:
    """Collect what requests left behind, for ever."""
    while True:
        await asyncio.sleep(SECONDS)
        gc.collect()
