"""Stage bundle: seal trees, features, reference and agreement, and record the training in MLflow."""

from __future__ import annotations

from typing import Any

from data_checks.tables import SHAPES
from models.bundle import Bundle, save_bundle
from models.effect_table import effect_table
from models.facts import ModelFacts
from models.ladder import NAMES
from models.model import Model
from models.tracking import Tracking
from pipeline.explaining import read_explain
from pipeline.project import Project
from pipeline.provenance import provenance
from pipeline.stages.progress import stage_voice
from pipeline.store import fresh_folder, read_json
from pipeline.training import read_features, read_reference, read_training_rows


def run_bundle(project: Project) -> None:
    """Write the bundle, which is the same byte by byte for the same data, settings and agreement."""
    say = stage_voice("bundle")
    features, agreement = read_features(project), project.agreement
    learned = read_json(project.model / "learned.json")
    training = read_json(project.training / "facts.json")
    metrics = read_json(project.metrics)
    origin = provenance(project)
    model, twin = (Model.from_json(read_json(project.model / name)) for name in ("model.json", "twin.json"))
    facts = ModelFacts(
        horizon_days=agreement.target.within_days,
        feature_names=features.names,
        feature_fingerprint=features.fingerprint,
        agreement_version=agreement.version,
        calibration=learned["calibration"],
        interval=learned["interval"],
        standing=learned["standing"]["text"],
        rounds=0 if model.trees is None else learned["recipe"]["rounds"],
        cut_off=metrics["cut_off"],
        lead_columns=tuple(sorted({*training["lead_columns"], *SHAPES["leads"].columns})),
        known_ids=training["known_ids"],
        left_out=training["left_out"],
        trained_on={
            "leads": learned["leads"],
            "snapshots": learned["rows"],
            "conversions": learned["conversions"],
            "history_until": training["now"],
        },
        data_hash=origin["data_hash"],
        twin_knows_until=learned["twin_knows_until"],
    )
    folder = fresh_folder(project.bundle)
    alike = effect_table(
        features, read_training_rows(project), read_explain(project), project.params.train.seed
    )
    made = Bundle(model, features, read_reference(project), agreement, facts, twin=twin, effects=alike)
    sealed = save_bundle(made, folder)
    say(f"bundle {sealed[:12]} with {len(features.names)} features: {NAMES[model.rung]}")
    identity = {"bundle_hash": sealed, "feature_fingerprint": features.fingerprint, **origin}
    _record(project, identity, metrics, learned["settings"])


def _record(
    project: Project, identity: dict[str, str], metrics: dict[str, Any], trained_with: dict[str, Any]
) -> None:
    tracking = Tracking(project.tracking, project.tracking_uri)
    tags = {"agreement_version": project.agreement.version, **identity}
    figures = {
        f"{scorer}.{name}": float(value)
        for scorer, found in metrics["scorers"].items()
        for name, value in found.items()
    }
    params = {
        f"{section}.{name}": value
        for section, settings in (project.params.model_dump(mode="json") | {"train": trained_with}).items()
        for name, value in settings.items()
    }
    tracking.log_run(params, figures, tags, {"bundle": project.bundle, "plots": project.plots})
