"""An answer made of plain data."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic_core import to_json
from starlette.responses import Response


def json_answer(data: Mapping[str, object]) -> Response:
    """Return the data as JSON, moments in ISO 8601."""
    return Response(to_json(data), media_type="application/json")
