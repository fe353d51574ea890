"""How much each key may ask within a minute, counted in this worker's memory."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from serving.api_keys import Grant
from serving.problems import TOO_MANY, Problem

_UNCOUNTED: Final[Callable[[str], None]] = lambda _key_id: None  # noqa: E731


class Rates:
    """Counts what each key asks, in windows of a minute that begin with its first request.

    A fixed window holds one number for a key and knows the moment at which a request of any size has room
    again; a moving one keeps a mark for each lead and only knows when the next single one has. What it
    costs is that twice the limit may come within a minute that lies across two windows: the queue for the
    model is bounded for that. For one thread only: the event loop's.
    """

    def __init__(self, per_minute: int | None = None, on_refusal: Callable[[str], None] = _UNCOUNTED) -> None:
        self._per_minute, self._on_refusal = per_minute, on_refusal
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)

    def most_leads(self, grant: Grant, most: int) -> int:
        """Return how many leads a request with this key may hold, where ``most`` is everyone's limit.

        What a minute allows is a limit to one request, too: it could never be answered.
        """
        own = (grant.limits.most_leads, self._limit_of(grant))
        return min([most, *(one for one in own if one is not None)])

    def spend(self, grant: Grant, count: int = 1) -> None:
        """Count a request that weighs ``count``; one that is refused is not counted.

        Raises:
            Problem: 429 when the minute's limit does not allow it; ``Retry-After`` says when it will.
        """
        per_minute = self._limit_of(grant)
        if per_minute is None:
            return
        item = RateLimitItemPerMinute(per_minute)
        if not self._limiter.test(item, grant.key_id, cost=count):
            self._on_refusal(grant.key_id)
            left = self._limiter.get_window_stats(item, grant.key_id).reset_time - time.time()
            wait = max(1, math.ceil(left))
            raise Problem(
                TOO_MANY,
                f"This key may ask for {per_minute} a minute: each lead to score counts, and any other "
                f"request counts one. Try again in {wait} s.",
                headers={"Retry-After": str(wait)},
            )
        self._limiter.hit(item, grant.key_id, cost=count)

    def _limit_of(self, grant: Grant) -> int | None:
        return self._per_minute if grant.limits.per_minute is None else grant.limits.per_minute
