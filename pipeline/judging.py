"""Judging the project's bundle: the forward window, the champion on it, and the gate's word."""

from __future__ import annotations

from data_checks.errors import BatonError
from models.bundle import Bundle, load_bundle
from models.findings import Judgement
from models.gate import Challenger, Champion, Incomparable, judge
from models.shelf import Shelf
from models.twin import shares_of_score, twin_probability
from pipeline.audit_files import read_suspects
from pipeline.forward_window import ForwardWindow, read_forward_window, readable
from pipeline.project import Project
from pipeline.store import write_json


def judge_bundle(project: Project, bundle: Bundle) -> Judgement:
    """Return what the gate says of the project's bundle, and leave the evidence in `reports/gate.json`.

    Raises:
        BatonError: The bundle cannot be judged, since what it is judged by is not its own or cannot be read.
    """
    forward = read_forward_window(project, bundle)
    with readable():
        forbidden = read_suspects(project).exclusions.with_agreed(project.agreement)
    challenger = Challenger(bundle.features.profile, shares_of_score(bundle, forward.matrix), forbidden)
    champion, params = _champion(project, bundle, forward), project.params
    judgement = judge(forward.window, challenger, champion, params.gate, params.train.seed)
    identity = {
        "bundle_hash": bundle.hash,
        "data_hash": bundle.facts.data_hash,
        "agreement_version": bundle.agreement.version,
        "champion": champion.name if champion else None,
        "window": forward.window.counts,
    }
    write_json({**identity, **judgement.to_json()}, project.gate)
    return judgement


def _champion(project: Project, bundle: Bundle, forward: ForwardWindow) -> Champion | Incomparable | None:
    """Return what the champion's twin says of the rows, by the champion's own features."""
    named = Shelf(project.served).champion()
    if named is None:
        return None
    name = f"version {named[0]}"
    try:
        served = load_bundle(named[1])
        said = _target(served)
        if said != _target(bundle):
            why = f"it foretells {said} and the new one {_target(bundle)}, as the agreement now has it"
            return Incomparable(name, why, excused=True)
        matrix = served.features.matrix(forward.records, forward.snapshots, served.reference)
        probability = twin_probability(served, matrix)
    except BatonError as fault:
        return Incomparable(name, str(fault))
    since = served.facts.twin_knows_until
    if since is None:
        return Incomparable(name, "it does not say what its twin had learned from")
    return Champion(name, probability, forward.window.as_of >= since)


def _target(bundle: Bundle) -> str:
    target = bundle.agreement.target
    return f"{target.stage} within {target.within_days} days"
