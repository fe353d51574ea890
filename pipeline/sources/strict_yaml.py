"""YAML in which every scalar is the text that was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pipeline.sources.errors import MappingError


class _StrictLoader(yaml.BaseLoader):
    """YAML without guesses: ``yes`` stays ``yes`` and ``007`` stays ``007``; a key may stand only once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands {keys.count(key)} times", node.start_mark
                )
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> object:
    """Return the lists, dicts and texts of a YAML file.

    Raises:
        MappingError: when the file is missing, not UTF-8 or not YAML, or has a key twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), _StrictLoader)  # noqa: S506  builds texts only
    except OSError as error:
        raise MappingError(
            "the mapping is a file", f"{path}: {error.strerror}", "correct data.mapping in params.yaml"
        ) from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{path.name} is written in UTF-8", str(error), "save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise MappingError(
            f"{path.name} is YAML, each key once", " ".join(str(error).split()), "correct this place"
        ) from error
