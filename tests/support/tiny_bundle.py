"""A real model, trained on the spot in a second: for tests that need one and do not care how good it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data_checks.agreement import Agreement
from data_checks.tables import CrmHistory
from features.census import Census
from features.feature_set import FeatureSet
from features.from_history import records_from_history
from features.moments import DAY, HOUR, parse_moment
from features.profiling import profile_of
from features.reference import Reference
from features.settings import FeatureSettings
from models.bundle import Bundle, save_bundle
from models.effect_table import effect_table
from models.estimator import EstimatorSettings
from models.explanation import effects
from models.facts import ModelFacts
from models.known_outcomes import reference_of
from models.lesson import Lesson
from models.recipe import Recipe
from models.snapshots import SnapshotSettings, labelled_snapshots
from models.training_rows import TrainingRows
from small_tables import table

NOW = parse_moment("2026-11-01")
ROUNDS = 10


def tiny_history(size: int = 400) -> CrmHistory:
    """Return a CRM in which large companies that come back get qualified."""
    draw = np.random.default_rng(5)
    created = NOW - draw.integers(100, 500, size) * DAY
    large = draw.random(size) < 0.4
    visits = draw.poisson(np.where(large, 4, 1))
    leads = [
        {
            "lead_id": f"L-{row}",
            "created_at": int(created[row]),
            "number_of_employees": "900" if large[row] else "20",
        }
        for row in range(size)
    ]
    activities = [
        {"lead_id": f"L-{row}", "occurred_at": int(created[row]) + hour * HOUR, "activity_type": "Web Visit"}
        for row in range(size)
        for hour in range(visits[row])
    ]
    changes = [
        {"lead_id": f"L-{row}", "changed_at": int(created[row]) + 20 * DAY, "stage": "Qualified"}
        for row in np.flatnonzero(large & (visits > 2))
    ]
    return CrmHistory(
        table("leads", leads),
        table("activities", activities),
        table("stage_changes", changes),
        absent=frozenset({"field_changes", "campaigns", "opportunities"}),
    )


def tiny_world(agreement: Agreement) -> tuple[FeatureSet, TrainingRows]:
    """Return the features and the training rows of the tiny history."""
    return _declared(agreement)[:2]


def save_tiny_bundle(agreement: Agreement, folder: Path) -> None:
    """Train on the tiny history and write the bundle; the agreement calls its target stage "Qualified"."""
    features, rows, reference, columns = _declared(agreement)
    recipe = Recipe("scorecard_and_trees", strength=0.1, rounds=ROUNDS)
    model = recipe.model(Lesson.of(rows), EstimatorSettings(threads=1, min_data_in_leaf=10))
    facts = ModelFacts(
        horizon_days=agreement.target.within_days,
        feature_names=features.names,
        feature_fingerprint=features.fingerprint,
        agreement_version=agreement.version,
        rounds=ROUNDS,
        cut_off=0.5,
        lead_columns=columns,
        trained_on={"leads": len(np.unique(rows.lead)), "conversions": int(rows.label.sum())},
    )
    alike = effect_table(
        features, rows, lambda matrix: effects(model.contributions(matrix), facts.calibration), 7
    )
    save_bundle(Bundle(model, features, reference, agreement, facts, effects=alike), folder)


def _declared(agreement: Agreement) -> tuple[FeatureSet, TrainingRows, Reference, tuple[str, ...]]:
    history = tiny_history()
    records = records_from_history(history)
    features = FeatureSet.declare(
        profile_of(Census.of(records, agreement), history.campaigns, agreement, FeatureSettings())
    )
    reference = reference_of(records, history.campaigns, agreement, features.profile, NOW)
    seen = labelled_snapshots(records, agreement, SnapshotSettings(ages_days=(1, 5)), NOW).mature_ones
    at = seen.snapshots
    rows = TrainingRows(
        matrix=features.matrix(records, at, reference),
        names=features.names,
        categorical=features.categorical,
        label=seen.label,
        weight=seen.weight,
        as_of=at.as_of,
        lead=at.lead,
        age_days=(at.as_of - records.created[at.lead]) / DAY,
        reached=seen.reached,
    )
    return features, rows, reference, tuple(map(str, history.leads.columns))
