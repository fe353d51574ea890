"""YAML read as people mean it, with the line of every value kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from data_checks.errors import BatonError

Place = tuple[str | int, ...]

# The plain scalars of YAML 1.2's core schema. PyYAML's own, of YAML 1.1, read NO (Norway) as false,
# 17:00 as 1,020 and 007 as 7.
_SCALARS: Final[tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...]] = (
    (re.compile(r"true|false", re.IGNORECASE), lambda text: text.lower() == "true"),
    (re.compile(r"~|null|", re.IGNORECASE), lambda _: None),
    (re.compile(r"[-+]?(?:0|[1-9][0-9]*)"), int),
    (re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"), float),
)


@dataclass(frozen=True)
class Document:
    """The data of a YAML text, and the line (from 1) on which each place begins."""

    data: Any
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int | None:
        """Return the line of a place, or of the nearest thing around it that is there."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


def read_yaml(text: str, name: str) -> Document:
    """Read one YAML document; ``name`` is what errors call it.

    Dates stay texts, and a key may come only once.

    Raises:
        BatonError: when the text is no YAML, or a key comes twice.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _unreadable(error, name) from error
    lines: dict[Place, int] = {}
    return Document(None if root is None else _built(root, (), lines, name), lines)


def _built(node: yaml.Node, place: Place, lines: dict[Place, int], name: str) -> Any:  # noqa: ANN401
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_built(one, (*place, number), lines, name) for number, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines, name)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, place: Place, lines: dict[Place, int], name: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in data:
            where = f"{name}, line {key_node.start_mark.line + 1}"
            raise BatonError(f"{where}: a key comes once", repr(key), "remove one of the two")
        data[key] = _built(value_node, (*place, key), lines, name)
        lines[(*place, key)] = key_node.start_mark.line + 1
    return data


def _scalar(node: yaml.Node) -> Any:  # noqa: ANN401
    if isinstance(node, yaml.ScalarNode) and node.style is None:
        for pattern, read in _SCALARS:
            if pattern.fullmatch(node.value):
                return read(node.value)
    return node.value


def _unreadable(error: yaml.YAMLError, name: str) -> BatonError:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    where = f"{name}, line {mark.line + 1}" if mark else name
    return BatonError(
        f"{where}: the text is YAML", problem or str(error), "correct this line or the one above"
    )
