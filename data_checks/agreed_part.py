"""What every part of an agreement is: fixed once it is made, and without keys that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from typing_extensions import override


class AgreedPart(BaseModel):
    """A frozen part of the agreement; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    @override
    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        # A copy takes over what was computed once for the original, and an update may have made it wrong.
        for name in dir(type(self)):
            if isinstance(getattr(type(self), name, None), cached_property):
                copied.__dict__.pop(name, None)
        return copied
