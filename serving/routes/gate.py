"""Who may come in: so many requests, and so many bytes of their bodies, at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from serving.problems import BUSY, Problem
from serving.settings import Settings


class Gate:
    """Turns away at once, before it is read, what there is no room for; alone, every request has room."""

    def __init__(self) -> None:
        self._inside = self._bytes = 0

    @contextmanager
    def entered(self, request: Request, settings: Settings) -> Iterator[None]:
        """Count a request in, and out again.

        Raises:
            Problem: 503 when too many are inside, or too much is in their bodies.
        """
        size = declared_size(request, settings.max_body_bytes)
        if self._inside >= settings.max_requests or (
            self._inside and self._bytes + size > settings.max_waiting_bytes
        ):
            raise Problem(BUSY, "Too many requests are under way. Try again.", headers={"Retry-After": "1"})
        self._inside += 1
        self._bytes += size
        try:
            yield
        finally:
            self._inside -= 1
            self._bytes -= size


def declared_size(request: Request, most: int) -> int:
    """Return how many bytes a request says that it has, up to the most that is read: that if it is silent."""
    declared = request.headers.get("content-length", "")
    return min(int(declared[:20]), most) if declared.isdecimal() else most
