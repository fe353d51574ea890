"""YAML in which every scalar is the text that was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from data_checks.yaml_reading import Document, Place
from pipeline.sources.errors import MappingError


def read_texts(path: Path) -> Document:
    """Return the lists, mappings and texts of a YAML file: ``yes`` stays ``yes``, ``007`` stays ``007``.

    What a mapping compares with the cells of a file must not be read as something else first.

    Raises:
        MappingError: when the file is missing, not UTF-8 or not YAML, or has a key twice.
    """
    lines: dict[Place, int] = {}
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), yaml.BaseLoader)
    except OSError as error:
        step = "correct data.mapping in params.yaml"
        raise MappingError("the mapping is a file", f"{path}: {error.strerror}", step) from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{path.name} is written in UTF-8", str(error), "save it as UTF-8") from error
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise MappingError(f"{path.name} is YAML", problem, "correct this place") from error
    return Document({} if root is None else _texts(root, (), lines, path.name), lines)


def _texts(node: yaml.Node, place: Place, lines: dict[Place, int], name: str) -> Any:  # noqa: ANN401
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_texts(one, (*place, at), lines, name) for at, one in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return node.value
    data: dict[str, Any] = {}
    for key, value in node.value:
        if str(key.value) in data:
            where = f"{name}, line {key.start_mark.line + 1}"
            raise MappingError(f"{where}: a key stands once", repr(key.value), "remove one of the two")
        lines[(*place, str(key.value))] = key.start_mark.line + 1
        data[str(key.value)] = _texts(value, (*place, str(key.value)), lines, name)
    return data
