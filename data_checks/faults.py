"""Faults of a document, each with its place, its value and the next step."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from data_checks.errors import BatonError
from data_checks.yaml_reading import Place


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (``lead_data[3].min``, and its line), what must hold, what to do."""

    path: str
    rule: str
    value: str | None
    next_step: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.path} (line {self.line})" if self.line else self.path
        found = f"; found {self.value}" if self.value else ""
        return f"{where}: {self.rule}{found}. Next: {self.next_step.rstrip('.?')}."


class FaultyDocument(BatonError):  # noqa: N818  the document is at fault
    """A document that is not what it should be; ``faults`` lists all that was found."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{name} is without fault", count, "repair what is listed and check again")
        self.args = ("\n  ".join([str(self), *map(str, faults)]),)


@dataclass(frozen=True)
class Clash:
    """A fault between parts of a document, each of which is well formed."""

    place: Place
    value: object
    rule: str
    next_step: str


def refuse(clashes: Iterable[Clash]) -> None:
    """Raise what a validator raises, if there are any clashes; their places are below the validated field."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError("clash", "{rule}", {"rule": clash.rule, "next_step": clash.next_step}),
            loc=clash.place,
            input=clash.value,
        )
        for clash in clashes
    ]
    if details:
        raise ValidationError.from_exception_data("clashes", details)


def meant(name: str, names: Iterable[str]) -> str | None:
    """Return the one of ``names`` that a misspelled one probably is."""
    folded = {other.casefold(): other for other in names}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None
