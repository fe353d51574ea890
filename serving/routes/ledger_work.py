"""Work on the ledger, beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from serving.ledger.errors import LedgerDownError, told
from serving.problems import LEDGER_DOWN, Problem

Result = TypeVar("Result")


async def in_ledger(work: Callable[[], Result]) -> Result:
    """Return what the work, which blocks, returns.

    Raises:
        Problem: 503 when the ledger cannot do it now.
    """
    try:
        return await asyncio.to_thread(work)
    except LedgerDownError as error:
        raise Problem(LEDGER_DOWN, told(error), headers={"Retry-After": "1"}) from None
