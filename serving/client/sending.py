"""Sending a request until it is answered, for as long as the caller's patience lasts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx

from serving.client.problem import problem_of

_AGAIN: Final = frozenset({429, 503})
_FIRST_WAIT: Final = 0.5


@dataclass(frozen=True)
class Patience:
    """How often a request is sent again at most, and for how many seconds is waited in all."""

    tries: int = 5
    seconds: float = 90.0


def send(
    http: httpx.Client,
    request: httpx.Request,
    patience: Patience,
    sleep: Callable[[float], None] = time.sleep,
) -> httpx.Response:
    """Return the answer to a request that may be sent twice without harm.

    It is sent again when Baton asks for it (429 and 503, after ``Retry-After``), and when no answer came.

    Raises:
        BatonProblem: Baton refused it, or patience has ended.
        httpx.TransportError: no answer came, and patience has ended.
    """
    left = patience.seconds
    for attempt in range(1, patience.tries + 1):
        wait = _FIRST_WAIT * 2 ** (attempt - 1)
        is_last = attempt == patience.tries
        try:
            response = http.send(request)
        except httpx.TransportError:
            if is_last or wait > left:
                raise
        else:
            if response.is_success:
                return response
            wait = _named_wait(response, wait)
            if response.status_code not in _AGAIN or is_last or wait > left:
                raise problem_of(response)
        left -= wait
        sleep(wait)
    raise ValueError(f"a request is tried at least once; found {patience.tries} tries")


def _named_wait(response: httpx.Response, otherwise: float) -> float:
    named = response.headers.get("retry-after", "")
    return float(named) if named.isdecimal() else otherwise
