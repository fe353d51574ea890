"""The way of a bundle to being served: judged, registered, put on the shelf."""

from __future__ import annotations

from collections.abc import Mapping

from data_checks.errors import BatonError
from models.bundle import load_bundle
from models.shelf import Shelf
from models.tracking import Tracking
from pipeline.project import Project
from pipeline.store import read_json


def promote_bundle(project: Project, by: str, overruling: str | None = None) -> str:
    """Promote the project's bundle and say so in a sentence; a bundle that is served already stays.

    Raises:
        BatonError: A baseline beats the model on the forward test and nobody overruled that.
    """
    bundle = load_bundle(project.bundle)
    shelf = Shelf(project.served)
    served = shelf.history()
    if served and shelf.champion() and served[-1].bundle_hash == bundle.hash:
        return f"version {served[-1].version} is this very bundle and is served already"
    objections = _objections(project)
    if objections and not overruling:
        raise BatonError(
            "a model is served only if no baseline beats it on the forward test",
            " ".join(objections),
            "train a better one, or overrule with `baton promote --reason ...`",
        )
    tracking = Tracking(project.tracking, project.tracking_uri)
    run = tracking.run_of_bundle(bundle.hash)
    if run is None:
        raise BatonError(
            "a bundle is promoted from the run that built it",
            f"no run of bundle {bundle.hash[:12]} in {project.tracking}",
            "build it with `dvc repro --force bundle`",
        )
    reason = overruling or _standing(project)
    version = tracking.register(run, {"promoted_by": by, "reason": reason})
    shelf.put(project.bundle, version)
    tracking.set_champion(version)
    shelf.promote(version, by, reason)
    return f"version {version} is served: {reason}"


def _objections(project: Project) -> list[str]:
    return [text for text in _verdicts(project).values() if "beats Baton" in text]


def _standing(project: Project) -> str:
    """Say how the model stands against the baselines, of which none beats it."""
    named = {name.replace("_", " "): text for name, text in _verdicts(project).items()}
    unclear = [f"the {name}" for name, text in named.items() if "cannot be told apart" in text]
    if not unclear:
        return "beats the baselines on the forward test"
    return (
        f"no baseline beats it on the forward test, but it cannot be told apart from {' and '.join(unclear)}"
    )


def _verdicts(project: Project) -> Mapping[str, str]:
    verdicts: Mapping[str, str] = read_json(project.metrics)["verdicts"]
    return verdicts
