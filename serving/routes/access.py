"""From a request to the running service and to the key it was sent with."""

from __future__ import annotations

from typing import cast

from starlette.requests import Request

from serving.api_keys import Grant, Scope
from serving.champion import Served
from serving.problems import NO_MODEL, Problem
from serving.running import Running


def room_of(request: Request) -> Running:
    """Return the running service."""
    return cast("Running", request.app.state.running)


def require(request: Request, scope: Scope) -> Grant:
    """Return the grant of the request's key, which the log then names by its id, and count the request.

    Raises:
        Problem: 401 or 403 when there is no key that may do this, 429 when it asked too much.
    """
    grant = require_uncounted(request, scope)
    room_of(request).rates.spend(grant)
    return grant


def require_uncounted(request: Request, scope: Scope) -> Grant:
    """Return the grant of a request whose weight is not known yet; `Rates.spend` has to count it.

    Raises:
        Problem: 401 or 403 when there is no key that may do this.
    """
    headers = request.headers
    grant = room_of(request).keyring.authorize(headers.get("authorization"), headers.get("x-api-key"), scope)
    request.scope["state"]["key_id"] = grant.key_id
    return grant


def served_of(request: Request) -> Served:
    """Return the model that is served.

    Raises:
        Problem: 503 when there is none.
    """
    champion = room_of(request).champion
    if champion.served is None:
        raise Problem(NO_MODEL, str(champion.fault), headers={"Retry-After": "5"})
    return champion.served
