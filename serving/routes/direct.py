"""A route that FastAPI documents and does not stand in front of, and the bodies that it takes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from serving.envelope import problem_response
from serving.parsing import parse_message
from serving.problems import Problem
from serving.request_body import check_type, read_body
from serving.routes.access import room_of

Message = TypeVar("Message", bound=BaseModel)


class DirectRoute(APIRoute):
    """A route whose endpoint gets the request and answers with a response.

    FastAPI's own way from a request to an endpoint costs a quarter of the time that scoring one lead
    takes, and tells faults in a shape of its own.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401
        super().__init__(path, endpoint, **options)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                response = await endpoint(Request(scope, receive, send))
            except Problem as problem:
                response = problem_response(problem)
            await response(scope, receive, send)

        self.app = app

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the endpoint: FastAPI calls a route of an included router by its handler, not its `app`."""
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return endpoint


async def body_of(request: Request) -> bytes:
    """Return the body of a request that may hold JSON.

    Raises:
        Problem: it is of another type, too large, or too slow.
    """
    check_type(request)
    settings = room_of(request).settings
    return await read_body(request, settings.max_body_bytes, settings.body_seconds)


async def message_of(request: Request, model: type[Message]) -> tuple[Message, bytes]:
    """Return the message that a request holds, and its bytes.

    Raises:
        Problem: as `body_of`, or the body has another shape.
    """
    body = await body_of(request)
    return parse_message(body, model), body
