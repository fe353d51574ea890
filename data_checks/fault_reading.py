"""What pydantic says of a document, in words that a person can act on."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from data_checks.faults import Fault, meant
from data_checks.yaml_reading import Document, Place

_DISCRIMINATORS: Final = ("rule", "by")


def faults_of(error: ValidationError, model: type[BaseModel], document: Document) -> tuple[Fault, ...]:
    """Return the faults that ``model`` found in a document, in the order of its lines."""
    faults = {_fault(one, model, document): None for one in error.errors(include_url=False)}
    return tuple(sorted(faults, key=lambda fault: fault.line or 0))


def _fault(one: ErrorDetails, model: type[BaseModel], document: Document) -> Fault:
    place = one["loc"] if one["type"] == "clash" else _place(one["loc"], model)
    rule, value, next_step = _explained(one, place, model)
    return Fault(_path(place), rule, value, next_step, document.line_of(place))


def _explained(one: ErrorDetails, place: Place, model: type[BaseModel]) -> tuple[str, str | None, str]:
    kind, context, found = one["type"], one.get("ctx", {}), _shown(one["input"])
    key = str(place[-1]) if place else "the document"
    said: tuple[str, str | None, str]
    match kind:
        case "clash":
            said = (str(context["rule"]), found, str(context["next_step"]))
        case "missing":
            said = (f"{key} is given", None, f"add {key}")
        case "extra_forbidden":
            keys = _keys(_model_at(model, one["loc"][:-1]))
            said = (f"the keys here are {', '.join(keys)}", repr(key), _suggestion(key, keys, "remove it"))
        case "union_tag_not_found":
            tag = str(context["discriminator"]).strip("'")
            said = (f"{tag} is given", None, f"add {tag}")
        case "literal_error" | "union_tag_invalid":
            choices, asked = _choices(context), str(context.get("tag", one["input"]))
            step = _suggestion(asked, choices, "choose one of them")
            said = (f"it is one of {', '.join(choices)}", repr(asked), step)
        case "model_type" | "dict_type" | "model_attributes_type":
            said = ("it is a mapping of keys to values", found, "write key: value on lines of their own")
        case "string_type":
            said = ("it is a text", found, "put it in quotes")
        case _:
            rule = one["msg"].removeprefix("Value error, ").replace("Input should be", "it is")
            said = (rule[0].lower() + rule[1:], found, "correct it")
    return said


def _suggestion(name: str, names: Iterable[str], otherwise: str) -> str:
    close = meant(name, names)
    return f"write {close!r}, if that is meant" if close else otherwise


def _choices(context: Mapping[str, Any]) -> list[str]:
    listed = str(context.get("expected_tags") or context["expected"]).replace(" or ", ", ")
    return [choice.strip().strip("'") for choice in listed.split(",")]


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"


def _path(place: Place) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return path.removeprefix(".") or "the document"


def _place(loc: Place, model: type[BaseModel]) -> Place:
    """Return ``loc`` without what is not in the document: the tags of unions and the word for a key."""
    place: list[str | int] = []
    annotation: Any = model
    for part in loc:
        annotation = _plain(annotation)
        if _is_union(annotation):
            annotation = _member(annotation, part)
        elif part != "[key]":
            place.append(part)
            annotation = _inside(annotation, part)
    return tuple(place)


def _model_at(annotation: Any, loc: Place) -> type[BaseModel]:  # noqa: ANN401
    for part in loc:
        annotation = _plain(annotation)
        annotation = _member(annotation, part) if _is_union(annotation) else _inside(annotation, part)
    found: type[BaseModel] = _plain(annotation)
    return found


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _inside(annotation: Any, part: str | int) -> Any:  # noqa: ANN401
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return fields[str(part)].annotation if part in fields else object
    arguments = get_args(annotation)
    if not arguments:
        return object
    return arguments[0] if isinstance(part, int) else arguments[-1]


def _member(union: Any, tag: str | int) -> Any:  # noqa: ANN401
    for member in get_args(union):
        for key in _DISCRIMINATORS:
            field = getattr(member, "model_fields", {}).get(key)
            if field is not None and tag in get_args(field.annotation):
                return member
    return object


def _plain(annotation: Any) -> Any:  # noqa: ANN401
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if _is_union(annotation):
        members = [member for member in get_args(annotation) if member is not type(None)]
        return _plain(members[0]) if len(members) == 1 else annotation
    return annotation


def _is_union(annotation: Any) -> bool:  # noqa: ANN401
    return get_origin(annotation) in {Union, types.UnionType}
