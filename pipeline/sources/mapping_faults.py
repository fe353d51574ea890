"""What is wrong with a mapping, each fault with its place."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from data_checks.faults import Fault
from data_checks.yaml_reading import Document, Place


def mapping_faults(error: ValidationError, document: Document) -> tuple[Fault, ...]:
    """Return what pydantic found wrong with a document, in the order of its lines."""
    faults = {_fault(one, document): None for one in error.errors(include_url=False)}
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


def _fault(one: ErrorDetails, document: Document) -> Fault:
    place, context = _place(one["loc"], document.data), one.get("ctx", {})
    found = repr(one["input"]) if isinstance(one["input"], str) else None
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    rule, step = one["msg"].removeprefix("Value error, ").replace("Input should be", "it is"), "correct it"
    match one["type"]:
        case "missing":
            rule, found, step = f"{place[-1]} is given", None, f"add {place[-1]}"
        case "model_type" | "dict_type" | "model_attributes_type":
            rule, step = "it is a mapping of keys to values", "write key: value on lines of their own"
        case "clash":
            rule, step = str(context["rule"]), str(context["next_step"])
    return Fault(path.removeprefix(".") or "the mapping", rule, found, step, document.line_of(place))


def _place(loc: Place, data: Any) -> Place:  # noqa: ANN401
    """A list of one may be written without the list: then its number is no part of the place."""
    place: list[str | int] = []
    for part in loc:
        if isinstance(part, int) and not isinstance(data, list):
            continue
        place.append(part)
        is_inside = isinstance(data, list) and isinstance(part, int) and part < len(data)
        data = data[part] if is_inside else data.get(part) if isinstance(data, dict) else None
    return tuple(place)
