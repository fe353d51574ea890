"""The models that gave old scores: those in service, or else read again from the shelf."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from data_checks.errors import BatonError

if TYPE_CHECKING:
    from serving.champion import ModelWatch, Scorer, Shelf

KEPT: Final = 2
"""So many models that are not in service stay in memory."""


class PastModels:
    """Finds the model of a version."""

    def __init__(
        self, shelf: Shelf, load: Callable[[Path, str], Scorer], watches: Sequence[ModelWatch]
    ) -> None:
        self._shelf, self._watches = shelf, watches
        self.turn = asyncio.Lock()
        """Whoever computes an old score again takes it: one at a time, so that scoring is not held up."""

        @lru_cache(KEPT)
        def read(bundle: Path, version: str, _written: int) -> Scorer:
            return load(bundle, version)

        self._read = read

    def of_version(self, version: str) -> Scorer | None:
        """Return the model of a version, or None if it is gone or cannot be read; it blocks."""
        for watch in self._watches:
            if watch.served is not None and watch.served.scorer.model_version == version:
                return watch.served.scorer
        try:
            bundle = self._shelf.bundle_of(version)
            if bundle is None:
                return None
            # A version may be built anew in its place.
            return self._read(bundle, version, bundle.stat().st_mtime_ns)
        except (BatonError, OSError):
            return None
