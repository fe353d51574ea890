"""Where the serving door finds what a project has built."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.project import Project


def serving_environment(project: Project) -> dict[str, str]:
    """Return the settings that point serving at the project; those already set are left alone.

    A ledger's URL may be set by a file too; see `serving.settings`.
    """
    ledger = (project.root / "var" / "ledger.db").resolve()
    secrets = os.environ.get("BATON_SECRETS_DIR")
    wanted = {
        "BATON_MODELS": str(project.served.resolve()),
        "BATON_PAGES": str(project.pages.resolve()),
        "BATON_REPORTS": str(project.reports.resolve()),
    }
    if not (secrets and (Path(secrets) / "baton_ledger_url").exists()):
        wanted["BATON_LEDGER_URL"] = f"sqlite:///{ledger}"
    return {name: os.environ.get(name, value) for name, value in wanted.items()}
