"""One model that all servers share: features that a person can write by hand, and LightGBM's trees alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from benchmarks.projects import sample_project
from benchmarks.single_lead.leads import leads_with
from features.feature import Feature
from features.from_history import records_from_history
from features.lead_input import LeadInput
from features.moments import to_time
from models.bundle import Bundle, save_bundle
from models.effect_table import effect_table
from models.explanation import effects
from models.facts import ModelFacts
from models.recipe import Recipe
from models.shelf import Shelf
from models.training_rows import TrainingRows
from pipeline.checked_tables import CheckedTables
from pipeline.project import Project
from pipeline.store import read_history
from pipeline.training import read_features, read_reference, read_training_rows

ROUNDS: Final = 150
VERSION: Final = "1"
COUNTED: Final = {"activity_count", "activity_age"}
"""Kinds of features that are one for each type of activity."""

ALSO: Final = {"any_activity_count", "any_activity_age", "field_number"}


def make_model(home: Path, leads: int) -> Project:
    """Train on a sample CRM and write `shelf/`, `trees.txt` and `features.json` into a folder."""
    project = sample_project(home / "project", leads)
    every = read_features(project)
    features = every.without({one.name for one in every.features if not _by_hand(one)})
    rows = _only(read_training_rows(project), features.names)
    model = Recipe("trees", strength=0.05, rounds=ROUNDS).model(rows, project.params.train)
    facts = ModelFacts(
        horizon_days=project.agreement.target.within_days,
        feature_names=features.names,
        feature_fingerprint=features.fingerprint,
        agreement_version=project.agreement.version,
        rounds=ROUNDS,
        cut_off=0.2,
        lead_columns=tuple(sorted({*every.profile.columns, "lead_id", "created_at", "company", "email"})),
    )
    alike = effect_table(
        features, rows, lambda matrix: effects(model.contributions(matrix), facts.calibration), 7
    )
    bundle = Bundle(model, features, read_reference(project), project.agreement, facts, effects=alike)
    save_bundle(replace(bundle, twin=model), home / "bundle")
    shelf = Shelf(home / "shelf")
    shelf.put(home / "bundle", VERSION)
    shelf.promote(VERSION, "benchmark", "to be timed")
    (home / "trees.txt").write_text(str(model.trees), encoding="utf-8")
    (home / "features.json").write_text(
        json.dumps(_told(features.features, every.profile.unused_activity_types))
    )
    return project


def _only(rows: TrainingRows, names: tuple[str, ...]) -> TrainingRows:
    places = [rows.names.index(name) for name in names]
    return replace(rows, matrix=rows.matrix[:, places], names=names, categorical=(), monotone={})


def _by_hand(feature: Feature) -> bool:
    own = feature.kind.key in COUNTED and feature.case["column"] == "activity_type"
    return own or feature.kind.key in ALSO


def _told(features: tuple[Feature, ...], unused: tuple[str, ...]) -> dict[str, object]:
    return {
        "unused": list(unused),
        "features": [
            {
                "name": one.name,
                "kind": one.kind.key,
                "label": one.label,
                "window": one.case.get("window"),
                "field": one.case.get("field"),
            }
            for one in features
        ],
    }


def request_bodies(project: Project, activities: int, requests: int) -> list[str]:
    """Return bodies of `POST /score` with one lead each."""
    records, now = records_from_history(read_history(project.tables)), CheckedTables(project.tables).now
    leads = leads_with(records, activities, requests, now, seed=7)
    return [json.dumps({"leads": [message_of(lead)]}) for lead in leads]


def message_of(lead: LeadInput) -> dict[str, Any]:
    """Return a lead as a CRM would send it."""
    return {
        "lead_id": lead.lead_id,
        "as_of": to_time(lead.as_of).isoformat(),
        "fields": {name: value for name, value in lead.fields.items() if value is not None},
        "activities": [
            {
                "activity_type": one.activity_type,
                "occurred_at": to_time(one.occurred_at).isoformat(),
                "recorded_at": None if one.recorded_at is None else to_time(one.recorded_at).isoformat(),
                "asset": one.asset,
                "product": one.product,
                "direction": one.direction,
            }
            for one in lead.activities
        ],
        "stage_changes": [
            {"changed_at": to_time(one.changed_at).isoformat(), "stage": one.stage}
            for one in lead.stage_changes
        ],
    }
