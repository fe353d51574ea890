"""The rivals by name, each loaded when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Final, cast

from benchmarks.model_quality.kept import own_code
from benchmarks.model_quality.task import Rival
from benchmarks.model_quality.with_autogluon import PACKAGE
from models.evaluation import OWN


@dataclass(frozen=True)
class Entry:
    """Where a rival is written and what it needs.

    ``draws`` says whether another seed gives another model, ``timed`` whether it takes a budget of time.
    ``own`` is code of this repository, which gives other figures when it changes.
    """

    module: str
    package: str | None = None
    draws: bool = False
    timed: bool = False
    own: bool = False

    @property
    def why_not(self) -> str | None:
        """Why it cannot be run, None if it can."""
        if self.package is None or find_spec(self.package):
            return None
        return f"{self.package} is not installed: see the extra `rivals`"

    @property
    def stands_for(self) -> str:
        """What its figures depend on beside the rows and the terms."""
        if self.module == "with_autogluon":
            return PACKAGE
        return own_code() if self.own or self.package is None else version(self.package)


def load(name: str) -> Rival:
    """Import a rival and all it needs."""
    module = import_module(f"benchmarks.model_quality.{RIVALS[name].module}")
    return cast("Rival", getattr(module, name))


RIVALS: Final[Mapping[str, Entry]] = {
    OWN: Entry("with_baton", draws=True, own=True),
    "base_rate": Entry("with_baselines", own=True),
    "count_rule": Entry("with_baselines", own=True),
    "logistic_regression": Entry("with_baselines", own=True),
    "lightgbm_default": Entry("with_lightgbm", "lightgbm"),
    "catboost_default": Entry("with_catboost", "catboost", draws=True),
    "flaml": Entry("with_flaml", "flaml", draws=True, timed=True),
    # AutoGluon fixes the seeds of its models by itself.
    "autogluon": Entry("with_autogluon", timed=True),
}
