"""Where a training came from: the data's hash and the commit of the code."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from pipeline.project import Project


def provenance(project: Project) -> dict[str, str]:
    """Return ``data_hash`` (of the checked tables) and ``code_commit`` of the project, if it is in git."""
    return {"data_hash": files_hash(project.tables), "code_commit": _commit(project.root)}


def files_hash(folder: Path, pattern: str = "*") -> str:
    """Return a hash of the names and contents of the folder's files that match the pattern."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob(pattern)):
        digest.update(str(path.relative_to(folder)).encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _commit(folder: Path) -> str:
    asked = ["git", "-C", str(folder), "rev-parse", "HEAD"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "not in git"
    return found.stdout.strip()
