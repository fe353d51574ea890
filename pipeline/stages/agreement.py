"""Stage agreement: validate what was signed, and write it out with every key filled in."""

from __future__ import annotations

import yaml

from pipeline.project import Project


def run_agreement(project: Project) -> None:
    """Write build/agreement.yaml: the agreement with what it leaves out filled in.

    DVC stops at a key that a file does not have, and most keys of an agreement may be left out.

    Raises:
        BatonError: The agreement has faults; each is named with its place.
    """
    whole = project.agreement.model_dump(mode="json", by_alias=True)
    project.agreed.parent.mkdir(parents=True, exist_ok=True)
    project.agreed.write_text(yaml.safe_dump(whole, sort_keys=False, allow_unicode=True), encoding="utf-8")
