"""Where the serving door finds what a project has built."""

from __future__ import annotations

import os

from pipeline.project import Project


def serving_environment(project: Project) -> dict[str, str]:
    """Return the settings that point serving at the project; those already set are left alone."""
    ledger = (project.root / "var" / "ledger.db").resolve()
    wanted = {"BATON_MODELS": str(project.served.resolve()), "BATON_LEDGER_URL": f"sqlite:///{ledger}"}
    return {name: os.environ.get(name, value) for name, value in wanted.items()}
