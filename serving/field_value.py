"""What a CRM may send as the value of a field."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

RULE: Final = "a field is text, a finite number, true, false or null"


class _Scalar:
    """The schema of a field's value: one error with one sentence, where a union would give five."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        choices: list[CoreSchema | tuple[CoreSchema, str]] = [
            core_schema.str_schema(strict=True),
            core_schema.none_schema(),
            core_schema.bool_schema(strict=True),
            core_schema.int_schema(strict=True),
            core_schema.float_schema(strict=True, allow_inf_nan=False),
        ]
        return core_schema.union_schema(
            choices, mode="left_to_right", custom_error_type="field_value", custom_error_message=RULE
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean", "null"]}


TEXT_FIRST: Final = WithJsonSchema({"type": ["string", "number", "boolean", "null"]})
NUMBER_FIRST: Final = WithJsonSchema({"type": ["number", "string", "boolean", "null"]})
"""All that a field may be, what it usually is first."""


FieldValue = Annotated[str | bool | int | float | None, _Scalar]
