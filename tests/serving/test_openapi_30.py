"""The OpenAPI document for programs that import 3.0 alone: flat, named, and true."""

from __future__ import annotations

import json
import re
from copy import deepcopy

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from serving.messages import EXAMPLE
from serving.openapi_30 import as_openapi_30


@pytest.fixture
def documents(service):
    """Both documents as they are served."""
    get = service.client.get
    return get("/openapi.json").json(), get("/openapi-3.0.json").json()


def schemas_in(document):
    """Yield each place where a schema is used, with the path that leads to it."""

    def within(path, schema):
        yield path, schema
        for key, one in schema.get("properties", {}).items():
            yield from within(f"{path}.{key}", one)
        for key in ("items", "additionalProperties", "not"):
            if isinstance(schema.get(key), dict):
                yield from within(f"{path}.{key}", schema[key])
        for key in ("allOf", "anyOf", "oneOf"):
            for place, one in enumerate(schema.get(key, ())):
                yield from within(f"{path}.{key}[{place}]", one)

    for path, schema in roots_of(document):
        yield from within(path, schema)


def roots_of(document):
    """Yield the named schemas, and those of bodies and parameters."""
    yield from document["components"]["schemas"].items()
    for address, path in document["paths"].items():
        for operation in path.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            yield from (
                (address, media["schema"]) for body in bodies for media in body.get("content", {}).values()
            )
            yield from ((address, parameter["schema"]) for parameter in operation.get("parameters", ()))


def test_both_documents_are_valid(documents):
    """An independent validator finds nothing wrong with either."""
    new, old = documents
    assert (new["openapi"], old["openapi"]) == ("3.1.0", "3.0.3")
    OpenAPIV31SpecValidator(new).validate()
    OpenAPIV30SpecValidator(old).validate()


def test_every_schema_is_named_and_flat(documents):
    """No object stands inside another, in a list, a body or a choice but by its name."""
    named = set(documents[1]["components"]["schemas"])
    for path, schema in schemas_in(documents[1]):
        if path in named:
            continue
        assert schema.get("type") != "object", path
        assert not {"properties", "additionalProperties", "anyOf", "oneOf"} & set(schema), path
        if schema.get("type") == "array":
            assert "$ref" in schema["items"] or schema["items"].get("type") != "array", path
        if "allOf" in schema:
            assert [set(one) for one in schema["allOf"]] == [{"$ref"}], path


def test_nothing_is_said_that_only_31_knows(documents):
    """Null is `nullable`; there is no list of types, constant, tuple, or list of examples."""
    for path, schema in schemas_in(documents[1]):
        assert isinstance(schema.get("type", ""), str), path
        assert schema.get("type") != "null", path
        assert not {"const", "prefixItems", "examples", "patternProperties"} & set(schema), path
        if "$ref" in schema:
            assert set(schema) == {"$ref"}, path


def test_the_operations_are_the_same(documents):
    """Each operation keeps its id, its answers and its examples."""
    new, old = documents
    assert new["paths"].keys() == old["paths"].keys()
    for path, methods in new["paths"].items():
        for method, operation in methods.items():
            other = old["paths"][path][method]
            assert re.fullmatch(r"[A-Za-z_]+", other["operationId"])
            assert other["operationId"] == operation["operationId"]
            assert other["responses"].keys() == operation["responses"].keys()
    sent = old["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]
    example = new["paths"]["/score"]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert sent["example"] == example
    assert example["leads"][0]["fields"] == EXAMPLE["leads"][0]["fields"]
    assert "example" in old["paths"]["/score"]["post"]["responses"]["200"]["content"]["application/json"]


def test_every_reference_leads_somewhere(documents):
    """What was named anew is there."""
    for document in documents:
        names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
        assert names <= set(document["components"]["schemas"])


def test_the_fields_of_a_lead_are_the_columns_of_the_table(documents):
    """A generator makes a field of each column, with its usual type; others may be sent, too."""
    for document in documents:
        lead = document["components"]["schemas"]["LeadMessage"]
        assert lead["properties"]["fields"]["$ref"].endswith("/LeadFields")
    fields = documents[1]["components"]["schemas"]["LeadFields"]
    assert fields["properties"]["number_of_employees"]["type"] == "number"
    assert fields["properties"]["industry"] == fields["properties"]["industry"] | {
        "type": "string",
        "nullable": True,
    }
    assert fields["additionalProperties"] is True


def a_document(schema, answered=False):
    media = {"content": {"application/json": {"schema": schema}}}
    told = {"operationId": "do_it", "responses": {"200": {"description": "Done"}}}
    if answered:
        told["responses"]["200"] |= media
    else:
        told["requestBody"] = media
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1", "summary": "s"},
        "paths": {"/x": {"post": told}},
        "components": {"schemas": {"Named": {"type": "object", "properties": {"a": {"type": "string"}}}}},
    }


def turned(schema, answered=False):
    """Return the property `p` of a sent or answered body, and all named schemas."""
    body = {"type": "object", "properties": {"p": schema}}
    told = as_openapi_30(a_document(body, answered))
    OpenAPIV30SpecValidator(told).validate()
    schemas = told["components"]["schemas"]
    return schemas["DoItAnswer200" if answered else "DoItRequest"]["properties"]["p"], schemas


REF = {"$ref": "#/components/schemas/Named"}


@pytest.mark.parametrize(
    ("schema", "sent", "answered"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}, None),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, {"type": "integer", "nullable": True}, None),
        ({"anyOf": [REF, {"type": "null"}]}, {"allOf": [REF], "nullable": True}, None),
        ({"const": "x"}, {"enum": ["x"]}, None),
        ({"type": "string", "examples": ["a", "b"]}, {"type": "string", "example": "a"}, None),
        (
            {"type": "number", "exclusiveMinimum": 2},
            {"type": "number", "minimum": 2, "exclusiveMinimum": True},
            None,
        ),
        ({"type": "array", "prefixItems": [{"type": "string"}]}, {"type": "array", "items": {}}, None),
        ({"$ref": REF["$ref"], "title": "P"}, REF, None),
        ({"type": ["number", "string", "null"]}, {"type": "number", "nullable": True}, {}),
        (
            {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}]},
            {"type": "number", "nullable": True},
            {},
        ),
    ],
)
def test_each_word_of_31_has_its_like(schema, sent, answered):
    """What is sent may be narrower than what is taken; what is answered may not."""
    assert turned(schema)[0] == sent
    assert turned(schema, answered=True)[0] == (sent if answered is None else answered)


def test_what_has_no_name_gets_one():
    """An object in an object, and a list in a list, are named after where they stand."""
    found, schemas = turned({"type": "object", "properties": {"q": {"type": "string"}}})
    assert found == {"$ref": "#/components/schemas/DoItRequestP"}
    assert schemas["DoItRequestP"]["properties"] == {"q": {"type": "string"}}
    found, schemas = turned({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}})
    assert found["items"] == {"$ref": "#/components/schemas/DoItRequestPItem"}
    assert schemas["DoItRequestPItem"] == {"type": "array", "items": {"type": "integer"}}


def test_the_given_document_stays_as_it_is():
    """The function is pure."""
    given = a_document({"type": ["string", "null"]})
    before = deepcopy(given)
    as_openapi_30(given)
    assert given == before
