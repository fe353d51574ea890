"""`baton bento`: pack what serves."""

from __future__ import annotations

from pipeline.commands.doors import become_serving
from pipeline.commands.options import HERE, ProjectFolder
from pipeline.project import Project
from pipeline.serving_environment import serving_environment


def bento(project: ProjectFolder = HERE) -> None:
    """Pack the serving code and the champion as a bento: it serves where no training is installed.

    It lies in BentoML's store, and its tag is printed; docs/deployment.md says what to do with it.
    """
    become_serving(["bento"], serving_environment(Project(project)))
