"""The way back to the model that was served before: the shelf at once, the registry when it answers."""

from __future__ import annotations

from models.shelf import Promotion, Shelf
from pipeline.project import Project


def roll_back(project: Project, by: str, reason: str) -> Promotion:
    """Serve again what was served before; no server is asked.

    Raises:
        BatonError: There is nothing to go back to, or it is damaged.
    """
    return Shelf(project.served).rollback(by, reason)


def let_registry_follow(project: Project, version: str) -> None:
    """Let MLflow's alias name the version that the shelf serves.

    Raises:
        TrackingError: The registry does not answer; what is served stays as it is.
    """
    from models.tracking import Tracking

    Tracking(project.tracking, project.tracking_uri).set_champion(version)
