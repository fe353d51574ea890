"""Where a training came from: the data's hash and the commit of the code."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from pipeline.project import Project


def provenance(project: Project) -> dict[str, str]:
    """Return ``data_hash`` (of the checked tables) and ``code_commit`` of the project, if it is in git."""
    digest = hashlib.sha256()
    for path in sorted(project.tables.iterdir()):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return {"data_hash": digest.hexdigest(), "code_commit": _commit(project.root)}


def _commit(folder: Path) -> str:
    asked = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "not in git"
    return found.stdout.strip()
