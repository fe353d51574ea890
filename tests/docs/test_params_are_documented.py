"""docs/params.md names every setting of params.yaml, with its default, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

from pipeline.params import Params, load_params

ROOT = Path(__file__).resolve().parents[2]
ROWS = dict(
    re.findall(r"^\| `([a-z0-9_.]+)` \| (.*?) \|", (ROOT / "docs" / "params.md").read_text(), re.MULTILINE)
)


def settings(model: type[BaseModel], prefix: str = "") -> dict[str, object]:
    found = {}
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= settings(inner, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = field.default
    return found


def test_every_setting_is_documented():
    """The table has a row for each setting and none for anything else."""
    assert set(ROWS) == set(settings(Params))


@pytest.mark.parametrize("name", sorted(set(settings(Params)) - {"data.source"}))
def test_defaults_are_told(name):
    """The table tells the default that the code has."""
    default = settings(Params)[name]
    written = yaml.safe_load(ROWS[name].strip("`"))
    assert (list(default) if isinstance(default, tuple) else default) == written


def test_own_params_are_valid():
    """The project's own params.yaml can be read."""
    load_params(ROOT / "params.yaml")
