"""Reading the facts of the model card back from what the stages left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from models.bundle import load_bundle
from models.calibration_bands import calibration_bands
from models.evaluation import OWN
from models.leakage.suspects import Suspects
from models.metric_intervals import metric_intervals
from models.slice_figures import slice_figures
from pipeline.card.facts import CardFacts
from pipeline.card.forbidden_fields import check_forbidden, forbidden_in
from pipeline.card.forward_test import read_forward_test, told_of, unseen_in, window_of
from pipeline.project import Project
from pipeline.provenance import provenance
from pipeline.store import read_json


def read_facts(project: Project) -> CardFacts:
    """Return the facts of the project's bundle."""
    bundle, metrics = load_bundle(project.bundle), read_json(project.metrics)
    seed, at_least = project.params.train.seed, project.params.gate.slice_conversions_at_least
    test = read_forward_test(project)
    window = window_of(project, test)
    scores = {OWN: window.own, **window.others}
    used = tuple(pd.read_csv(project.plots / "importance.csv")["feature"].astype(str))
    return CardFacts(
        agreement=project.agreement,
        bundle=bundle,
        learned=read_json(project.model / "learned.json"),
        verdicts=tuple(metrics["verdicts"].values()),
        origin=provenance(project),
        checks=read_json(project.findings),
        suspects=Suspects.from_json(bundle.facts.left_out),
        gap_days=metrics["test"]["gap_days"],
        tested=told_of(test),
        metrics=metric_intervals(scores, window.label, window.weight, window.lead, seed),
        bands=tuple(calibration_bands(window)),
        slices=tuple(slice_figures(window, "base_rate", at_least, seed)),
        at_least=at_least,
        forbidden=check_forbidden(project, bundle, test, window, used),
        not_there=tuple(forbidden_in(project, test)[1]),
        unseen=unseen_in(project, test, used),
        used=len(used),
        staleness=_staleness(project),
    )


def _staleness(project: Project) -> Mapping[str, Any] | None:
    """Return what the back test left, if it has run and its curve has a point."""
    try:
        found: Mapping[str, Any] = read_json(project.hindsight)
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return found if found.get("staleness") else None
