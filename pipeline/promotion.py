"""The way of a bundle to being served: judged, registered, put on the shelf."""

from __future__ import annotations

from collections.abc import Sequence

from data_checks.errors import BatonError
from models.bundle import Bundle, load_bundle
from models.findings import Judgement, Objection
from models.shelf import Shelf
from models.tracking import Run, Tracking
from pipeline.judging import judge_bundle
from pipeline.project import Project


class RefusedError(BatonError):
    """The gate objects to a model."""


def promote_bundle(project: Project, by: str, overruling: str | None = None) -> str:
    """Promote the project's bundle and say so in a sentence; a bundle that is served already stays.

    Nothing is changed before everything is known, and the champion changes last.

    Raises:
        RefusedError: The gate objects, and nobody overruled it or nobody may.
        BatonError: The bundle, what it was evaluated on, or the registry is not in order.
    """
    bundle, shelf = load_bundle(project.bundle), Shelf(project.served)
    if (served := _served_as(shelf, bundle)) is not None:
        return f"version {served} is this very bundle and is served already"
    tracking = Tracking(project.tracking, project.tracking_uri)
    run = _own_run(tracking, bundle, project)
    judgement = judge_bundle(project, bundle)
    overruled = _require_passed(judgement, overruling)
    reason = (overruling if overruled else None) or _passed(judgement)
    version = tracking.register(run.run_id, _record(run, by, reason, overruled))
    shelf.put(project.bundle, version)
    before = tracking.champion()
    tracking.set_champion(version)
    try:
        shelf.promote(version, by, reason, overruled)
    except OSError:
        if before is not None:
            tracking.set_champion(before)
        raise
    return f"version {version} is served: {reason}"


def gate_says(project: Project) -> tuple[bool, str]:
    """Return whether the project's bundle passes the gate, and what it says; nothing is promoted.

    Raises:
        BatonError: The bundle cannot be judged.
    """
    judgement = judge_bundle(project, load_bundle(project.bundle))
    if judgement.objections:
        return False, str(RefusedError(*_as_one(judgement.objections)))
    return True, f"the gate has no objection: {_passed(judgement)}"


def _served_as(shelf: Shelf, bundle: Bundle) -> str | None:
    history = shelf.history()
    same = history and shelf.champion() and history[-1].bundle_hash == bundle.hash
    return history[-1].version if same else None


def _own_run(tracking: Tracking, bundle: Bundle, project: Project) -> Run:
    run, again = tracking.run_of_bundle(bundle.hash), "build it with `dvc repro --force bundle`"
    if run is None:
        found = f"no run of bundle {bundle.hash[:12]} in {project.tracking_uri or project.tracking}"
        raise BatonError("a bundle is promoted from the run that built it", found, again)
    own = {
        "data_hash": bundle.facts.data_hash,
        "agreement_version": bundle.agreement.version,
        "feature_fingerprint": bundle.features.fingerprint,
    }
    for name, value in own.items():
        if (told := run.tags.get(name)) != value:
            raise BatonError(f"a bundle and its run have one {name}", f"{told!r} instead of {value!r}", again)
    return run


def _require_passed(judgement: Judgement, overruling: str | None) -> tuple[str, ...]:
    """Return the objections that are overruled."""
    standing = [one for one in judgement.objections if one.binding or not overruling]
    if standing:
        raise RefusedError(*_as_one(standing))
    return tuple(str(one) for one in judgement.objections)


def _as_one(objections: Sequence[Objection]) -> tuple[str, str, str]:
    """Return several objections as the rule, what was found and the next step of one error."""
    if len(objections) == 1:
        return objections[0].rule, objections[0].found, objections[0].next_step
    listed = "".join(f"\n  {number}. {one}" for number, one in enumerate(objections, 1))
    rule = f"a model is served only if the gate has no objection; it has {len(objections)}"
    return rule, f"{listed}\n", "read reports/gate.json"


def _passed(judgement: Judgement) -> str:
    """Say which comparisons were passed, and how clearly."""
    compared = [one for one in judgement.findings if one.check == "log-loss"]
    beaten = [one.subject for one in compared if float(str(one.figures["low"])) > 0]
    level = [one.subject for one in compared if one.subject not in beaten]
    told = [f"beats {' and '.join(beaten)}"] if beaten else []
    told += [f"cannot be told apart from {' and '.join(level)}"] if level else []
    return "; ".join([", ".join(told), *judgement.notes])


def _record(run: Run, by: str, reason: str, overruled: Sequence[str]) -> dict[str, str]:
    """Return the tags of a registered version: who, why, and from what."""
    kept = ("bundle_hash", "data_hash", "agreement_version", "feature_fingerprint", "code_commit")
    origin = {name: run.tags[name] for name in kept if name in run.tags}
    return {"promoted_by": by, "reason": reason, **origin, "overruled": "\n".join(overruled)}
