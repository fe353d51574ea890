"""Pages that the pipeline wrote, with a style of their own: the model card, and the Data Docs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from serving.problems import NOT_FOUND, Problem
from serving.routes.sessions import PAGE_HEADERS, SessionRoute
from serving.routes.window.frame import Visit, visit_of

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
DATA_DOCS: Final = "data_docs"
INDEX: Final = "index.html"
_KINDS: Final = {".html": "text/html", ".json": "application/json"}
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_BODY: Final = re.compile(r"<body[^>]*>")


async def card(request: Request) -> Response:
    """Show the model card of the model that the pages are of."""
    return await _answer(request, "/trust", _card)


async def data_docs(request: Request) -> Response:
    """Show a file of the Data Docs."""
    name = request.path_params["name"]
    return await _answer(request, "/data", lambda visit: _data_docs(visit, name))


async def data_docs_index(_request: Request) -> Response:
    """Lead to the first page of the Data Docs."""
    return RedirectResponse(f"/data/docs/{INDEX}", 307)


async def _answer(request: Request, path: str, work: Callable[[Visit], Response]) -> Response:
    found = visit_of(request, path)
    return found if isinstance(found, Response) else await asyncio.to_thread(work, found)


def _card(visit: Visit) -> Response:
    text = visit.figures.fact("card_page")
    if text is None:
        raise Problem(NOT_FOUND, "The model card was not made with these pages. Run `dvc repro`.")
    return document(text, "/trust", "Can we trust it")


def _data_docs(visit: Visit, name: str) -> Response:
    path = found_below(visit.room.settings.reports / DATA_DOCS, name)
    if path is None:
        raise Problem(NOT_FOUND, "The Data Docs have no such page.")
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return document(text, "/data", "Data")
    return Response(text, 200, media_type=_KINDS[path.suffix])


def found_below(folder: Path, name: str) -> Path | None:
    """Return the page of that name below a folder; None if there is none, or if it lies elsewhere."""
    try:
        root, path = folder.resolve(strict=True), (folder / name).resolve(strict=True)
    except (OSError, ValueError):
        return None
    is_there = path.is_relative_to(root) and path.is_file() and path.suffix in _KINDS
    return path if is_there else None


def document(text: str, back_to: str, back_name: str) -> Response:
    """Return a page with the one style in its head allowed and nothing else, and a way back before all.

    The style is allowed by its hash, so no other can slip in.
    """
    head, _, _ = text.partition("</head>")
    hashes = " ".join(f"'sha256-{_digest(found)}'" for found in _STYLE.findall(head)) or "'none'"
    policy = (
        f"default-src 'none'; style-src {hashes}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    way_back = f'<p><a href="{back_to}">Back to {back_name}</a></p>'
    page = _BODY.sub(lambda found: found[0] + way_back, text, count=1)
    return HTMLResponse(page, 200, {**PAGE_HEADERS, "Content-Security-Policy": policy})


def _digest(style: str) -> str:
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


ROUTER.add_api_route("/trust/card", card, methods=["GET"])
ROUTER.add_api_route("/data/docs", data_docs_index, methods=["GET"])
ROUTER.add_api_route("/data/docs/", data_docs_index, methods=["GET"])
ROUTER.add_api_route("/data/docs/{name:path}", data_docs, methods=["GET"])
