"""Sessions for people with a browser: a signed cookie that holds the id of a key, and dies with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

from fastapi.routing import APIRoute
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from serving.api_keys import Grant
from serving.envelope import problem_response
from serving.problems import CROSS_SITE, NOT_A_FORM, WRONG_ENCODING, Problem
from serving.request_body import read_body
from serving.routes.access import room_of
from serving.session_secret import session_secret

SECONDS: Final = 8 * 3600
PAGE_HEADERS: Final = {
    # These pages alone may send a form, and only here.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    # With "no-referrer" a browser sends a form as from nowhere, and its origin could not be checked.
    "Referrer-Policy": "same-origin",
}
_MOST_BYTES: Final = 65_536
_MOST_FIELDS: Final = 200
_FORM: Final = "application/x-www-form-urlencoded"


class SessionRoute(APIRoute):
    """A route with a session. No other route looks at a cookie."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: not a response but an application, which is called the same way."""
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                response = await endpoint(Request(scope, receive, send))
            except Problem as problem:
                response = problem_response(problem)
            await response(scope, receive, send)

        async def with_session(request: Request) -> Response:
            settings = room_of(request).settings
            secure = settings.behind_tls
            session = SessionMiddleware(
                answer,
                await asyncio.to_thread(session_secret, settings.session_file),
                # Browsers take a cookie of this prefix over TLS alone, and from no other host of the domain.
                session_cookie="__Host-baton" if secure else "baton",
                max_age=SECONDS,
                same_site="strict",
                https_only=secure,
            )
            return cast("Response", session)

        return with_session


def signed_in(request: Request) -> Grant | None:
    """Return the grant of the session's key, which the log then names; None without a session.

    Raises:
        Problem: 503 when the keys cannot be read.
    """
    grant = room_of(request).keyring.active(str(request.session.get("key_id", "")))
    if grant is None:
        request.session.clear()
        return None
    request.scope["state"]["key_id"] = grant.key_id
    return grant


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form that a page of Baton's sent.

    Raises:
        Problem: it came from another site, or is no form, too large, or too slow.
    """
    _require_same_site(request)
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != _FORM:
        raise Problem(NOT_A_FORM, f"Send the form as Content-Type: {_FORM}.")
    body = await read_body(request, _MOST_BYTES, room_of(request).settings.body_seconds)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise Problem(WRONG_ENCODING, "A form is UTF-8. Send it so.") from None
    except ValueError:
        raise Problem(NOT_A_FORM, f"A form has at most {_MOST_FIELDS} fields.") from None
    return dict(pairs)


def _require_same_site(request: Request) -> None:
    """Refuse a form that a page of another site sends with the visitor's cookie."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "")
    host = request.headers.get("host", "")
    same = site == "same-origin" if site else bool(host) and _host_of(origin) == host
    if not same:
        raise Problem(CROSS_SITE, "Open the page at Baton's own address, and send the form from there.")


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
