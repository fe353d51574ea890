"""`baton check`: hold the CRM's history against the agreement."""

from __future__ import annotations

from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project
from pipeline.stages.check import run_check


def check(project: ProjectFolder = HERE) -> None:
    """Read the CRM's history, hold it against the agreement, and say what was found.

    Writes reports/findings.json and reports/data_docs/, and sets rows aside under build/quarantine/
    with their reasons. Ends with an error if the agreement says that such data must stop the run.
    """
    run_check(Project(project))
