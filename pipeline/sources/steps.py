"""Queries, grown step by step, in whose text no value of a mapping or a file ever stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_ALIAS: Final = re.compile(r"\bx\d+\b")
_VALUE: Final = re.compile(r"\$v(\d+)\b")


class Steps:
    """Values bound by name, and expressions computed once under a name of their own.

    Queries of this package consist of generated names and ``$v0``, ``$v1`` ...: whatever a mapping or a
    file says, a column's name included, reaches DuckDB as a value and cannot become SQL.

    An expression that others build on is given a name by `let`: nested as text it would be planned and
    computed once for each mention, and there are cells with dozens of them.
    """

    def __init__(self) -> None:
        self._values: dict[str, tuple[int, object]] = {}
        self._names: dict[str, str] = {}
        self._waiting: list[str] = []

    def bind(self, value: object) -> str:
        """Return the name that stands for ``value`` in a query; equal ones share a name."""
        number, _ = self._values.setdefault(repr(value), (len(self._values), value))
        return f"$v{number}"

    def let(self, expression: str) -> str:
        """Return the name under which `over` computes ``expression``; equal ones share a name."""
        if expression not in self._names:
            self._names[expression] = f"x{len(self._names)}"
            self._waiting.append(expression)
        return self._names[expression]

    def over(self, query: str) -> str:
        """Return ``query`` with the expressions named since the last call as further columns."""
        while self._waiting:
            names = {self._names[expression] for expression in self._waiting}
            ready = [text for text in self._waiting if names.isdisjoint(_ALIAS.findall(text))]
            columns = ", ".join(f"{text} AS {self._names[text]}" for text in ready)
            query = f"SELECT *, {columns} FROM ({query})"  # noqa: S608  generated names alone
            self._waiting = [text for text in self._waiting if text not in ready]
        return query

    def sharing_values(self) -> Steps:
        """Return steps of a query within this one: with its values, without its expressions."""
        other = Steps()
        other._values = self._values
        return other

    def values_of(self, query: str) -> Mapping[str, object]:
        """Return the values that ``query`` names."""
        named = {int(number) for number in _VALUE.findall(query)}
        return {f"v{number}": value for number, value in self._values.values() if number in named}
