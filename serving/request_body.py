"""The bytes of a request: of the right type, not too many, and in time."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect, Request

from serving.problems import SLOW_BODY, TOO_LARGE, WRONG_TYPE, Problem

_JSON_TYPES: Final = frozenset({"application/json", "application/json;charset=utf-8"})


def check_type(request: Request) -> None:
    """Refuse every body that is not declared as plain UTF-8 JSON.

    Raises:
        Problem: 415, also for compressed bodies: what they unpack to has no limit.
    """
    given = request.headers.get("content-type", "")
    if given != "application/json":
        folded = given.lower().replace(" ", "").replace('"', "")
        if folded not in _JSON_TYPES:
            raise Problem(WRONG_TYPE, "Send the body as Content-Type: application/json, in UTF-8.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(WRONG_TYPE, "Send the body uncompressed, without Content-Encoding.")


async def read_body(request: Request, most_bytes: int, seconds: float) -> bytes:
    """Return the whole body.

    Raises:
        Problem: 413 as soon as it is known to be too large, 408 when it does not come in time.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > most_bytes:
        raise _too_large(most_bytes)
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most_bytes:
                    raise _too_large(most_bytes)
                chunks.append(chunk)
    except ClientDisconnect:
        raise Problem(SLOW_BODY, "The client has gone.") from None
    except TimeoutError:
        raise Problem(SLOW_BODY, f"The whole body must arrive within {seconds:g} s.") from None
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(most_bytes: int) -> Problem:
    # The rest of the body is still under way: without the close it would be read as the next request.
    return Problem(
        TOO_LARGE,
        f"A body has at most {most_bytes} bytes. Send fewer leads at a time.",
        headers={"Connection": "close"},
    )
