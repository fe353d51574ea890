"""Who visits a page, or what is answered in its place."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from serving.api_keys import Grant, Scope
from serving.pages.navigation import NAV
from serving.pages.rendering import render
from serving.routes.addresses import address
from serving.routes.sessions import PAGE_HEADERS, signed_in


def visitor(request: Request, scope: Scope, wanted: str) -> Grant | Response:
    """Return the grant of whoever has a session whose key may do this.

    Else the way to sign in, which leads back to ``wanted``, or a page that says which scope is missing.
    """
    grant = signed_in(request)
    if grant is None:
        return RedirectResponse(address("/sign-in", {"next": wanted}), 303)
    if not grant.allows(scope):
        return note(403, "Your key may not do this", f"It takes a key with the scope `{scope}`.", grant)
    return grant


def note(status: int, title: str, text: str, grant: Grant) -> Response:
    """Return a page that says only this."""
    page = render("note.html", nav=NAV, here="", key_id=grant.key_id, title=title, text=text)
    return HTMLResponse(page, status, PAGE_HEADERS)
