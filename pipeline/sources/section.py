"""What every part of a mapping has in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data_checks.faults import Clash, refuse
from pipeline.sources.errors import did_you_mean

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
        known = cls.key_names()
        if isinstance(data, Mapping):
            refuse(
                Clash(
                    (str(key),),
                    str(key),
                    f"the keys here are {', '.join(known)}",
                    write_instead(str(key), known),
                )
                for key in data
                if key not in known and key not in cls.model_fields
            )
        return data


def write_instead(name: str, known: tuple[str, ...]) -> str:
    """Return what to do about a name that is not among the known ones."""
    meant = did_you_mean(name, known)
    return f"write {meant!r}, if that is meant" if meant else "remove it"


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


OneOrMany = Annotated[tuple[Item, ...], BeforeValidator(_as_list)]
