"""The OpenAPI document laid out for a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

_Json: TypeAlias = Mapping[str, Any]


def api_page(document: _Json) -> dict[str, Any]:
    """Return what the template `api.html` shows: operations, bodies and problems."""
    schemas = document["components"]["schemas"]
    bodies = [found.get("requestBody", {}) for path in document["paths"].values() for found in path.values()]
    sent = _named_in(bodies, schemas)
    return {
        "operations": list(_operations(document["paths"])),
        "schemas": [
            _schema(name, schemas[name], name in sent) for name in schemas if schemas[name].get("properties")
        ],
        "problems": document["x-problems"],
    }


def _operations(paths: _Json) -> Iterator[dict[str, Any]]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "description": operation.get("description", ""),
                "open": "security" not in operation,
                "parameters": operation.get("parameters", ()),
                "takes": _type(body.get("schema", {}))["ref"],
                "example": json.dumps(body.get("example"), indent=2),
                "answer_example": _example(operation["responses"].get("200", {})),
                "answers": [_answer(status, found) for status, found in operation["responses"].items()],
            }


def _answer(status: str, response: _Json) -> dict[str, Any]:
    contents = list(response.get("content", {}).values())
    meaning = "Done" if response["description"] == "Successful Response" else response["description"]
    return {
        "status": status,
        "description": meaning,
        "body": _type(contents[0].get("schema", {}) if contents else {}),
    }


def _example(response: _Json) -> str | None:
    example = response.get("content", {}).get("application/json", {}).get("example")
    return json.dumps(example, indent=2) if example else None


def _named_in(part: object, schemas: _Json) -> set[str]:
    """Return the schemas that a part of the document leads to."""
    names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part)))
    return names.union(*(_named_in(schemas[name], schemas) for name in names))


def _schema(name: str, schema: _Json, sent: bool) -> dict[str, Any]:
    """Lay out a body; that a key is required concerns those who send it."""
    required = schema.get("required", ()) if sent else ()
    return {
        "name": name,
        "description": schema.get("description", ""),
        "properties": [
            {
                "name": key,
                "required": key in required,
                "type": _type(found),
                "description": found.get("description", ""),
            }
            for key, found in schema["properties"].items()
        ],
    }


def _type(schema: _Json) -> dict[str, str | None]:
    """Return a schema's name to link to, or else its type in words."""
    if "$ref" in schema:
        return {"ref": schema["$ref"].rsplit("/", 1)[1], "words": ""}
    if schema.get("type") == "array" and "$ref" in (items := schema["items"]):
        return {"ref": items["$ref"].rsplit("/", 1)[1], "words": "list of "}
    given = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(given) == 1 and (found := _type(given[0]))["ref"]:
        return {"ref": found["ref"], "words": f"null or {found['words']}"}
    return {"ref": None, "words": _words(schema)}


def _words(schema: _Json) -> str:
    if "enum" in schema:
        return " | ".join(schema["enum"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_words(choice) for choice in schema["anyOf"]))
    kind = schema.get("type", "any")
    if isinstance(kind, list):
        return ", ".join(kind)
    if kind == "array":
        return f"list of {_words(schema['items'])}"
    if kind == "object":
        return (
            f"object of {_words(inner)}"
            if isinstance(inner := schema.get("additionalProperties"), dict)
            else "object"
        )
    return "time" if schema.get("format") == "date-time" else str(kind)
