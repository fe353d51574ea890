"""What all pages of the window have in common: who may see them, what is around them, their tables."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from serving.api_keys import Grant, Scope
from serving.figures.file import Figures
from serving.figures.table import Table
from serving.pages.rendering import render
from serving.problems import NOT_FOUND, Problem
from serving.routes.access import room_of
from serving.routes.sessions import PAGE_HEADERS, signed_in
from serving.running import Running

NAV: Final = (
    ("/month", "This month"),
    ("/drivers", "What drives"),
    ("/aim", "Where to aim"),
    ("/open-leads", "Leads"),
    ("/trust", "Can we trust it"),
    ("/data", "Data"),
    ("/agreed", "Agreement"),
)
"""The pages, in the order in which they stand in the navigation."""


@dataclass(frozen=True)
class Visit:
    """One look at a page: who looks, at which figures, and what the address asks for."""

    room: Running
    grant: Grant
    figures: Figures
    asked: Mapping[str, str]
    path: str

    def may(self, scope: Scope) -> bool:
        """Tell whether the visitor's key may do what needs the scope."""
        return self.grant.allows(scope)

    def file(self, table: str) -> str:
        """Return where a table of this page is downloaded."""
        return address(f"{self.path}/{table}.csv", self.asked)

    def address(self, **changes: object) -> str:
        """Return this page's address with other parameters; None takes one away."""
        return address(self.path, {**self.asked, **changes})


@dataclass(frozen=True)
class Shown:
    """What a page shows: the values of its template, and the tables that can be downloaded from it."""

    values: Mapping[str, Any]
    tables: tuple[Table, ...] = ()


Look = Callable[[Visit], Shown]


def address(path: str, asked: Mapping[str, object]) -> str:
    """Return an address that can be sent to a colleague.

    >>> address("/month", {"month": "2026-10", "grade": None})
    '/month?month=2026-10'
    """
    kept = {name: str(value) for name, value in asked.items() if value not in {None, ""}}
    return f"{path}?{urlencode(kept)}" if kept else path


def add_page(router: APIRouter, path: str, template: str, look: Look) -> None:
    """Add a page and the CSV files of its tables; both need a session whose key may read.

    ``look`` blocks, so it has a thread of its own. The file of a table stands below the page's address, and
    takes the same parameters.
    """

    async def page(request: Request) -> Response:
        return await _answer(request, path, lambda visit: _page(template, look(visit), visit))

    async def file(request: Request) -> Response:
        name = request.path_params["table"]
        return await _answer(request, path, lambda visit: _file(name, look(visit).tables))

    router.add_api_route(path, page, methods=["GET"], include_in_schema=False)
    router.add_api_route(f"{path}/{{table}}.csv", file, methods=["GET"], include_in_schema=False)


async def _answer(request: Request, path: str, work: Callable[[Visit], Response]) -> Response:
    found = visit_of(request, path)
    return found if isinstance(found, Response) else await asyncio.to_thread(work, found)


def visit_of(request: Request, path: str, scope: Scope = "read") -> Visit | Response:
    """Return the visit, or what is answered in its place: to sign in, or why there is nothing to see."""
    room = room_of(request)
    grant = signed_in(request)
    if grant is None:
        wanted = address(request.url.path, dict(request.query_params))
        return RedirectResponse(address("/sign-in", {"next": wanted}), 303)
    if not grant.allows(scope):
        return _note(403, "Your key may not do this", f"It takes a key with the scope `{scope}`.", grant)
    room.rates.spend(grant)
    figures = room.figures.current
    if figures is None:
        return _note(503, "There is nothing to show yet", str(room.figures.fault), grant)
    return Visit(room, grant, figures, dict(request.query_params), path)


def _page(template: str, shown: Shown, visit: Visit) -> Response:
    common = {
        "nav": NAV,
        "here": visit.path,
        "visit_file": visit.file,
        "key_id": visit.grant.key_id,
        "visit": visit,
        "now": visit.figures.now,
        "tables": {table.name: table for table in shown.tables},
        "stale": visit.room.figures.fault,
    }
    return HTMLResponse(render(template, **common, **shown.values), 200, PAGE_HEADERS)


def _file(name: str, tables: tuple[Table, ...]) -> Response:
    for table in tables:
        if table.name == name:
            return table_file(table)
    raise Problem(NOT_FOUND, "This page has no such table.")


def table_file(table: Table) -> Response:
    """Return a table as a file."""
    # The mark lets a spreadsheet know that it is UTF-8.
    content = "\N{ZERO WIDTH NO-BREAK SPACE}" + table.csv()
    headers = {"Content-Disposition": f'attachment; filename="baton-{table.name}.csv"'}
    return Response(content, 200, headers, "text/csv; charset=utf-8")


def _note(status: int, title: str, text: str, grant: Grant) -> Response:
    page = render("note.html", nav=NAV, here="", key_id=grant.key_id, title=title, text=text)
    return HTMLResponse(page, status, PAGE_HEADERS)
