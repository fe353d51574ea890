"""What Baton answers instead of what was asked for."""

from __future__ import annotations

from typing import Final

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

_LONGEST: Final = 300


class Fault(BaseModel):
    """One thing that is wrong in the request: where, and what."""

    model_config = ConfigDict(frozen=True)

    path: str
    message: str


class Problem(BaseModel):
    """A problem document (RFC 9457). ``type`` ends in the problem's name, as on the API page."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    fault_count: int = 0
    faults: tuple[Fault, ...] = ()

    @property
    def slug(self) -> str:
        """The problem's name, like ``wrong-shape``."""
        return self.type.rpartition("#problem-")[2]


class BatonProblem(Exception):  # noqa: N818  RFC 9457 calls it a problem
    """Baton refused a request, or could not answer it; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")


def problem_of(response: httpx.Response) -> BatonProblem:
    """Return the problem that an answer tells; what stands between may answer in its own words."""
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        words = " ".join(response.text.split())[:_LONGEST]
        problem = Problem(
            type="about:blank",
            title=response.reason_phrase or "Not Baton's answer",
            status=response.status_code,
            detail=words or "Something else than Baton answered.",
        )
    return BatonProblem(problem)
