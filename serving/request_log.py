"""One line for each request, without anything personal: no body, no query, no lead id."""

from __future__ import annotations

import logging
import sys
from typing import Final

LOG: Final = logging.getLogger("baton.requests")
_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s %(message)s"


def start_logging() -> None:
    """Send what Baton logs to standard output, once."""
    root = logging.getLogger("baton")
    if root.handlers:
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter(_FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    root.propagate = False
