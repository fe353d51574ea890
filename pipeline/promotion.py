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
    """The gate objects to a model, for one reason or several."""

    def __init__(self, objections: Sequence[Objection]) -> None:
        rule = "a model is served only if the gate has no objection"
        super().__init__(rule, f"{len(objections)}", "read reports/gate.json")
        self.objections = tuple(objections)

    def __str__(self) -> str:
        if len(self.objections) == 1:
            return str(self.objections[0])
        listed = "\n".join(f"  {number}. {one}" for number, one in enumerate(self.objections, 1))
        return (
            f"the gate has {len(self.objections)} objections; reports/gate.json has every figure.\n{listed}"
        )


def promote_bundle(project: Project, by: str, overruling: str | None = None) -> str:
    """Promote the project's bundle and say so in a sentence; a bundle that is served already stays.

    Nothing is changed before everything is known, and the champion changes last.

    Raises:
        RefusedError: The gate objects, and nobody overruled it or nobody may.
        BatonError: The bundle, what it was evaluated on, or the registry is not in order.
    """
    bundle, shelf = load_bundle(project.bundle), Shelf(project.served)
    if (served := served_as(shelf, bundle)) is not None:
        return f"version {served} is this very bundle and is served already"
    tracking = Tracking(project.tracking, project.tracking_uri)
    run = own_run(tracking, bundle, project)
    judgement = judge_bundle(project, bundle)
    overruled = _requirepassed(judgement, overruling)
    reason = (overruling if overruled else None) or passed(judgement)
    record = record_of(run, by, reason, overruled)
    version = shelf.challenging_as(bundle.hash)
    if version is None:
        version = tracking.register(run.run_id, record)
    else:  # its scores are in the ledger under this version already
        tracking.note(version, record)
    shelf.put(project.bundle, version)
    before = tracking.champion()
    tracking.set_champion(version)
    try:
        shelf.promote(version, by, reason, overruled)
    except (OSError, BatonError):
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
        return False, str(RefusedError(judgement.objections))
    return True, f"the gate has no objection: {passed(judgement)}"


def served_as(shelf: Shelf, bundle: Bundle) -> str | None:
    """Return the champion's version if it is this very bundle."""
    history = shelf.history()
    same = history and shelf.champion() and history[-1].bundle_hash == bundle.hash
    return history[-1].version if same else None


def own_run(tracking: Tracking, bundle: Bundle, project: Project) -> Run:
    """Return the run that built a bundle.

    Raises:
        BatonError: There is none, or it says that it built the bundle from something else.
    """
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


def _requirepassed(judgement: Judgement, overruling: str | None) -> tuple[str, ...]:
    """Return the objections that are overruled."""
    standing = [one for one in judgement.objections if one.binding or not overruling]
    if standing:
        raise RefusedError(standing)
    return tuple(str(one) for one in judgement.objections)


def passed(judgement: Judgement) -> str:
    """Say which comparisons were passed, and how clearly."""
    compared = [one for one in judgement.findings if one.check == "log-loss"]
    beaten = [one.subject for one in compared if float(str(one.figures["low"])) > 0]
    level = [one.subject for one in compared if one.subject not in beaten]
    told = [f"beats {' and '.join(beaten)}"] if beaten else []
    told += [f"cannot be told apart from {' and '.join(level)}"] if level else []
    return "; ".join([", ".join(told), *judgement.notes])


def record_of(
    run: Run, by: str, reason: str, overruled: Sequence[str], by_whom: str = "promoted_by"
) -> dict[str, str]:
    """Return the tags of a registered version: who, why, and from what."""
    kept = ("bundle_hash", "data_hash", "agreement_version", "feature_fingerprint", "code_commit")
    origin = {name: run.tags[name] for name in kept if name in run.tags}
    return {by_whom: by, "reason": reason, **origin, "overruled": "\n".join(overruled)}
