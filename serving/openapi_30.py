"""An OpenAPI 3.1 document as 3.0.3, for programs that import no other: every schema named and flat.

Three things have no like in 3.0, and what is sent may be told more narrowly than it is taken, while what is
answered may not:

- A null becomes `nullable`.
- A choice of several types becomes the first of them where it is sent, and a schema without a type, which
  is any value, where it is answered.
- A tuple becomes a list of any values, a constant an enumeration of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final, TypeAlias

_Json: TypeAlias = dict[str, Any]

_PREFIX: Final = "#/components/schemas/"
_GONE: Final = (
    "$schema",
    "$id",
    "$comment",
    "$defs",
    "const",
    "contentEncoding",
    "contentMediaType",
    "dependentRequired",
    "examples",
    "if",
    "then",
    "else",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "unevaluatedProperties",
)
_NULL: Final = {"type": "null"}


def as_openapi_30(document: Mapping[str, Any]) -> _Json:
    """Return an OpenAPI 3.1 document as 3.0.3; see the module. The given one is not changed."""
    told: _Json = deepcopy(dict(document))
    told["openapi"] = "3.0.3"
    told.pop("jsonSchemaDialect", None)
    told.pop("webhooks", None)
    info = told["info"]
    if summary := info.pop("summary", None):
        info.setdefault("description", summary)
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    namer = _Namer(schemas)
    sent, answered = _ways(told)
    for name in list(schemas):
        narrow = name in sent and name not in answered
        schemas[name] = _Downgrade(narrow, namer).named(name, schemas[name])
    for title, place, key, is_sent in _places(told):
        place[key] = _Downgrade(is_sent, namer).used(title, place[key])
    return told


class _Namer:
    """Puts schemas that have no name among those that have one."""

    def __init__(self, schemas: _Json) -> None:
        self._schemas = schemas

    def name(self, wanted: str, schema: _Json) -> _Json:
        """Return a reference to a schema under a name of its own; an equal one is shared."""
        words = "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", wanted))
        name, count = words, 1
        while self._schemas.setdefault(name, schema) != schema:
            count += 1
            name = f"{words}{count}"
        return {"$ref": _PREFIX + name}


class _Downgrade:
    """Turns schemas that go one way: ``narrow`` ones are sent and never answered."""

    def __init__(self, narrow: bool, namer: _Namer) -> None:
        self._narrow, self._namer = narrow, namer

    def named(self, name: str, schema: _Json) -> _Json:
        """Return a schema that stands under a name."""
        return self._inside(name, self._plain(schema))

    def used(self, title: str, schema: _Json) -> _Json:
        """Return a schema that stands where it is used: a reference, a plain type, or a list of those."""
        if "$ref" in schema:
            return {"$ref": schema["$ref"]}
        found = self._inside(title, self._plain(schema))
        nested = found.get("properties") or found.get("type") == "object" or _is_choice(found)
        if not nested:
            return found
        nullable = found.pop("nullable", False)
        named = self._namer.name(title, found)
        return {"nullable": True, "allOf": [named]} if nullable else named

    def _inside(self, title: str, schema: _Json) -> _Json:
        """Return a schema with the schemas in it turned, too."""
        if properties := schema.get("properties"):
            schema["properties"] = {key: self.used(f"{title} {key}", one) for key, one in properties.items()}
        if isinstance(more := schema.get("additionalProperties"), dict):
            schema["additionalProperties"] = self._more(title, more)
        if schema.get("type") == "array":
            schema["items"] = self._item(f"{title} item", schema.get("items") or {})
        for choice in ("allOf", "anyOf", "oneOf"):
            if choice in schema:
                schema[choice] = [
                    self.used(f"{title} {place}", one) for place, one in enumerate(schema[choice], 1)
                ]
        return schema

    def _item(self, title: str, schema: _Json) -> _Json:
        found = self.used(title, schema)
        return self._namer.name(title, found) if found.get("type") == "array" else found

    def _more(self, title: str, schema: _Json) -> _Json | bool:
        """Return what other keys may hold: a choice of types is anything."""
        found = self.used(f"{title} value", schema)
        return found if "$ref" in found or isinstance(schema.get("type"), str) else True

    def _plain(self, schema: _Json) -> _Json:
        """Return a schema in the words of 3.0; the schemas in it are not turned yet."""
        found = {key: value for key, value in schema.items() if key not in _GONE}
        if "const" in schema:
            found["enum"] = [schema["const"]]
        if "prefixItems" in schema:
            found["items"] = {}
        if (examples := schema.get("examples")) and "example" not in found:
            found["example"] = examples[0]
        _turn_bounds(found)
        self._turn_types(found)
        self._turn_choice(found)
        return found

    def _turn_types(self, schema: _Json) -> None:
        kinds = schema.get("type")
        if kinds == "null":
            schema |= {"type": "string", "nullable": True, "enum": [None]}
        if not isinstance(kinds, list):
            return
        given = [kind for kind in kinds if kind != "null"]
        del schema["type"]
        if len(given) == 1 or self._narrow:
            schema["type"] = given[0]
            if "null" in kinds:
                schema["nullable"] = True

    def _turn_choice(self, schema: _Json) -> None:
        for word in ("anyOf", "oneOf"):
            if word in schema:
                self._turn_one_choice(schema, word)

    def _turn_one_choice(self, schema: _Json, word: str) -> None:
        choices = schema.pop(word)
        given = [one for one in choices if one != _NULL]
        nullable = len(given) < len(choices)
        plain = all(isinstance(one.get("type"), str) and one["type"] != "object" for one in given)
        if len(given) == 1 or (plain and self._narrow):
            told = given[0]
            schema |= {"allOf": [told]} if "$ref" in told else {**self._plain(told), **schema}
        elif not plain:
            schema[word] = given
        else:
            return
        if nullable:
            schema["nullable"] = True


def _is_choice(schema: _Json) -> bool:
    return any(len(schema.get(word, ())) > 1 for word in ("allOf", "anyOf", "oneOf"))


def _turn_bounds(schema: _Json) -> None:
    for word, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        limit = schema.get(word)
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            schema |= {bound: limit, word: True}


def _places(document: _Json) -> Iterator[tuple[str, _Json, str, bool]]:
    """Yield each place outside the named schemas that holds one: a name for it, and whether it is sent."""
    for path in document["paths"].values():
        shared = path.get("parameters", [])
        for operation in (one for key, one in path.items() if key != "parameters"):
            name = operation["operationId"]
            for parameter in (*shared, *operation.get("parameters", ())):
                if "schema" in parameter:
                    yield f"{name} {parameter['name']}", parameter, "schema", True
            for media in operation.get("requestBody", {}).get("content", {}).values():
                yield f"{name} request", media, "schema", True
            for status, response in operation["responses"].items():
                for media in response.get("content", {}).values():
                    yield f"{name} answer {status}", media, "schema", False
                for header, told in response.get("headers", {}).items():
                    yield f"{name} {header}", told, "schema", False


def _ways(document: _Json) -> tuple[set[str], set[str]]:
    """Return the names of the schemas that are sent, and of those that are answered."""
    schemas = document["components"]["schemas"]
    ways: tuple[set[str], set[str]] = (set(), set())
    for _, place, key, is_sent in _places(document):
        _follow(place.get(key), schemas, ways[0 if is_sent else 1])
    return ways


def _follow(part: object, schemas: _Json, seen: set[str]) -> None:
    if isinstance(part, list):
        for one in part:
            _follow(one, schemas, seen)
    elif isinstance(part, dict):
        name = str(part.get("$ref", "")).removeprefix(_PREFIX)
        if name in schemas and name not in seen:
            seen.add(name)
            _follow(schemas[name], schemas, seen)
        for one in part.values():
            _follow(one, schemas, seen)
