"""What all pages of the window have in common: who may see them, what is around them, their tables."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from serving.api_keys import Grant, Scope
from serving.figures.file import Figures
from serving.figures.table import Table
from serving.pages.navigation import NAV
from serving.pages.rendering import render
from serving.problems import NOT_FOUND, Problem
from serving.routes.access import room_of
from serving.routes.addresses import address
from serving.routes.sessions import PAGE_HEADERS
from serving.routes.visitors import note, visitor
from serving.running import Running


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
    status: int = 200


Look = Callable[[Visit], Shown]


def add_page(router: APIRouter, path: str, template: str, look: Look) -> None:
    """Add a page and the CSV files of its tables; both need a session whose key may read.

    ``look`` blocks, so it has a thread of its own. The file of a table stands below the page's address, and
    takes the same parameters.
    """

    async def page(request: Request) -> Response:
        return await _answer(request, path, lambda visit: shown_page(template, look(visit), visit))

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
    grant = visitor(request, scope, address(request.url.path, dict(request.query_params)))
    if isinstance(grant, Response):
        return grant
    room.rates.spend(grant)
    figures = room.figures.current
    if figures is None:
        return note(503, "There is nothing to show yet", str(room.figures.fault), grant)
    return Visit(room, grant, figures, dict(request.query_params), path)


def shown_page(template: str, shown: Shown, visit: Visit) -> Response:
    """Return the page that a template makes of what is shown."""
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
    return HTMLResponse(render(template, **{**common, **shown.values}), shown.status, PAGE_HEADERS)


def _file(name: str, tables: tuple[Table, ...]) -> Response:
    for table in tables:
        if table.name == name:
            return csv_file(table.name, [table.csv()])
    raise Problem(NOT_FOUND, "This page has no such table.")


def csv_file(name: str, parts: Iterable[str]) -> Response:
    """Return a table as a file; it is sent part by part, so it may be longer than memory."""
    # The mark lets a spreadsheet know that it is UTF-8.
    content = chain(["\N{ZERO WIDTH NO-BREAK SPACE}"], parts)
    headers = {"Content-Disposition": f'attachment; filename="baton-{name}.csv"'}
    return StreamingResponse(content, 200, headers, "text/csv; charset=utf-8")
