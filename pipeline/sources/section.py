"""What every part of a mapping has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline.sources.errors import hint, listed

Item = TypeVar("Item")
Name = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """A part of a mapping; a key that it does not know is a fault, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def key_names(cls) -> tuple[str, ...]:
        """Return the keys as the mapping file writes them."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @model_validator(mode="before")
    @classmethod
    def _keys_are_known(cls, data: object) -> object:
        if isinstance(data, Mapping):
            unknown = [str(key) for key in data if key not in cls.key_names()]
            if unknown:
                found = ", ".join(f"{key!r}{hint(key, cls.key_names())}" for key in unknown)
                raise ValueError(f"unknown key {found}; the keys here are {listed(cls.key_names())}")
        return data


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


OneOrMany = Annotated[tuple[Item, ...], BeforeValidator(_as_list)]
