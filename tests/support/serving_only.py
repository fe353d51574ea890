"""A Python that has what the serving lock installs, and nothing else: for tests of what serves elsewhere."""

from __future__ import annotations

import os
import re
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]

_SITE = """
import os, sys

ABSENT = frozenset({absent!r})
GIVEN = os.environ["PYTHONPATH"].split(os.pathsep)


class NotInstalled:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None


sys.meta_path.insert(0, NotInstalled)
# Baton itself comes from where the test says, not from where it is installed for development.
OTHERS = {{place for place in sys.path if os.path.isdir(os.path.join(place, "serving"))}} - {{*GIVEN}}
sys.path[:] = [place for place in sys.path if place not in OTHERS]
"""


def pins(lock: Path) -> dict[str, str]:
    """Return the version of each package in a lock."""
    return dict(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;]+)", lock.read_text(), re.MULTILINE))


def absent_modules() -> frozenset[str]:
    """Return the importable names here that no package of the serving lock brings."""
    locked = {_plain(name) for name in pins(ROOT / "requirements-serving.lock")}
    return frozenset(
        module for module, names in packages_distributions().items() if not locked & {*map(_plain, names)}
    )


def environment_of_serving(folder: Path, *places: Path) -> dict[str, str]:
    """Return the environment of a Python that finds ``places`` and what the serving lock names.

    It holds for the processes that this Python starts, too; ``folder`` keeps the file that sees to it.
    """
    (folder / "sitecustomize.py").write_text(_SITE.format(absent=sorted(absent_modules())))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BATON_", "PYTHON"))}
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(map(str, [folder, *places])),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
