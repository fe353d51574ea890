"""Computing beforehand what values compute when they are first asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import TypeVar

T = TypeVar("T")


def ready(value: T) -> T:
    """Compute every cached property of a dataclass and of the dataclasses in it, and return it.

    Several processes that are handed the value then need not compute, and hold, the same each.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Square:
    ...     side: int
    ...
    ...     @cached_property
    ...     def area(self) -> int:
    ...         return self.side**2
    >>> vars(ready({"a": Square(3)})["a"])
    {'side': 3, 'area': 9}
    """
    if isinstance(value, Mapping):
        for inner in value.values():
            ready(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        kept = (name for name, found in vars(type(value)).items() if isinstance(found, cached_property))
        for name in (*(field.name for field in fields(value)), *kept):
            ready(getattr(value, name))
    return value
