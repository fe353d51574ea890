"""What every answer has around it: security headers, a line in the log, and no stack trace."""

from __future__ import annotations

import logging
import time
import traceback
import uuid
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.problems import INTERNAL, PROBLEM_JSON, Problem
from serving.request_log import LOG

if TYPE_CHECKING:
    from serving.running import Running

_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), "
        b"geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
        b"picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), "
        b"xr-spatial-tracking=()",
    ),
)
# What an answer may say differently for itself.
_USUAL: Final = (
    (b"referrer-policy", b"no-referrer"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"cache-control", b"no-store"),
)
# Not for subdomains: other hosts are not Baton's to speak for.
_BY_TLS_ALONE: Final = (b"strict-transport-security", b"max-age=31536000")


def problem_response(problem: Problem) -> Response:
    """Return a problem as the answer to a request."""
    return Response(problem.body(), problem.kind.status, dict(problem.headers), PROBLEM_JSON)


class Envelope:
    """The outermost part of the application.

    ``paths`` are those that may be named in the log. Of any other the route is named as it is declared,
    since the path may hold what someone typed, or the id of a lead.
    """

    def __init__(self, app: ASGIApp, paths: Collection[str]) -> None:
        self._app, self._paths = app, frozenset(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0
        room: Running | None = getattr(scope["app"].state, "running", None)
        by_tls_alone = room is not None and room.settings.behind_tls

        async def send_wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _wrapped(message["headers"], by_tls_alone)
            await send(message)

        state = scope.setdefault("state", {})
        try:
            await self._app(scope, receive, send_wrapped)
        except Exception as error:
            problem = _internal(error)
            if status:
                raise problem from None
            await problem_response(problem)(scope, receive, send_wrapped)
        finally:
            seconds = time.perf_counter() - started
            if room is not None:
                room.metrics.answered(_template(scope), scope["method"], status, seconds)
            if LOG.isEnabledFor(logging.INFO):
                path = scope["path"] if scope["path"] in self._paths else _template(scope)
                LOG.info(
                    "%s %s status=%d leads=%s key=%s ms=%.1f",
                    scope["method"],
                    path,
                    status,
                    state.get("leads", "-"),
                    state.get("key_id", "-"),
                    seconds * 1000,
                )


def _template(scope: Scope) -> str:
    """Return the route that took a request, as it is declared: an address may hold the id of a lead."""
    return getattr(scope.get("route"), "path_format", "(other)")


def _wrapped(headers: list[tuple[bytes, bytes]], by_tls_alone: bool) -> list[tuple[bytes, bytes]]:
    given = {name for name, _ in headers}
    usual = [header for header in _USUAL if header[0] not in given]
    return [*headers, *_HEADERS, *usual, *([_BY_TLS_ALONE] if by_tls_alone else ())]


def _internal(error: Exception) -> Problem:
    # An exception's message may quote what a lead said; where it was raised may not.
    incident = uuid.uuid4().hex
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    places = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    LOG.error("incident=%s %s at %s", incident, type(error).__name__, places)
    return Problem(INTERNAL, f"Baton failed. Its log tells why, under incident {incident}.")
