"""The query of an address: read by a model, which also documents it."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from serving.faults import faults_of
from serving.handoffs import State
from serving.messages import Id
from serving.problems import WRONG_QUERY, Fault, Problem

Query = TypeVar("Query", bound=BaseModel)


class PageQuery(BaseModel):
    """Which page of a list is wanted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=500, description="Most of them on a page.")] = 100
    cursor: Annotated[
        str | None, Field(max_length=255, description="The `next_cursor` of the page before.")
    ] = None


class HandoffQuery(PageQuery):
    """Which hand-offs are wanted."""

    state: Annotated[State | None, Field(description="Only those in this state.")] = None
    overdue: Annotated[
        bool | None, Field(description="`true`: only those open after they were due; `false`: only others.")
    ] = None
    grade: Annotated[Id | None, Field(description="Only those of this grade.")] = None


def query_of(request: Request, model: type[Query]) -> Query:
    """Return the query of a request.

    Raises:
        Problem: 422 when it has another shape, or says something twice.
    """
    given = request.query_params.multi_items()
    twice = [name for name, count in Counter(name for name, _ in given).items() if count > 1]
    try:
        query = model.model_validate(dict(given))
        faults = [Fault(name, "it is given once; remove the repetition") for name in twice]
    except ValidationError as error:
        faults = list(faults_of(error, model))
    if faults:
        raise Problem(WRONG_QUERY, f"{faults[0].path}: {faults[0].message}.", faults)
    return query


def query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    """Return how OpenAPI documents a query."""
    properties = model.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": told["description"],
            "schema": _schema(told),
        }
        for name, told in properties.items()
    ]


def path_parameter(name: str, description: str) -> dict[str, Any]:
    """Return how OpenAPI documents an id that is a part of the path."""
    schema = {"type": "string"}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _schema(told: dict[str, Any]) -> dict[str, Any]:
    """Return what a parameter is if it is given: one that is absent has no null."""
    given = next((one for one in told.get("anyOf", ()) if one != {"type": "null"}), told)
    return {key: value for key, value in given.items() if key not in {"title", "description", "anyOf"}}
