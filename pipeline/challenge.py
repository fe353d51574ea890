"""A bundle beside the champion: it scores the same leads, and what it says is kept for comparison."""

from __future__ import annotations

from data_checks.errors import BatonError
from models.bundle import load_bundle
from models.shelf import Shelf
from models.tracking import Tracking
from pipeline.judging import judge_bundle
from pipeline.project import Project
from pipeline.promotion import own_run, passed, record_of, served_as


def challenge_with_bundle(project: Project, by: str, reason: str) -> str:
    """Let the project's bundle score beside the champion, and say so in a sentence.

    The gate is asked and stops nothing: what it objects to is kept with the challenger, which then answers
    nobody, whatever share of leads a service gives to challengers.

    Raises:
        BatonError: There is no champion, the bundle is served already, or the registry is not in order.
    """
    bundle, shelf = load_bundle(project.bundle), Shelf(project.served)
    if shelf.champion() is None:
        raise BatonError(
            "a challenger scores beside a champion", "no champion", "promote one: `baton promote`"
        )
    if (served := served_as(shelf, bundle)) is not None:
        return f"version {served} is this very bundle and is served already"
    if (version := shelf.challenging_as(bundle.hash)) is not None:
        return f"version {version} is this very bundle and is the challenger already"
    tracking = Tracking(project.tracking, project.tracking_uri)
    run = own_run(tracking, bundle, project)
    objections, said = _judged(project)
    version = tracking.register(run.run_id, record_of(run, by, reason, objections, "challenged_by"))
    shelf.put(project.bundle, version)
    shelf.challenge(version, by, reason, objections)
    return f"version {version} scores beside the champion. {said}"


def end_challenge(project: Project) -> str:
    """Let the champion score alone, and say so; no server is asked."""
    return "the champion scores alone" + ("" if Shelf(project.served).end_challenge() else ", as before")


def _judged(project: Project) -> tuple[tuple[str, ...], str]:
    """Return what the gate objects to, or why it could not judge, and the same in words."""
    try:
        judgement = judge_bundle(project, load_bundle(project.bundle))
        objections = tuple(str(one) for one in judgement.objections)
    except BatonError as fault:
        objections = (str(fault),)
    if not objections:
        return (), f"The gate has no objection: {passed(judgement)}"
    listed = "\n".join(f"  {number}. {one}" for number, one in enumerate(objections, 1))
    return objections, f"It answers nobody, since the gate objects:\n{listed}"
