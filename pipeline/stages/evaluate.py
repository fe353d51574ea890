"""Stage evaluate: the forward test in numbers, curves and pictures, beside its baselines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.cut_off import capacity_share, cut_off
from models.cut_off_table import cut_off_table
from models.evaluation import BEST, CURVES, OWN, by_age, evaluate, verdicts
from models.importance import FamilyImportance, Importance, family_importances, importances
from models.training_rows import TrainingRows
from pipeline.explaining import read_explain
from pipeline.pictures import draw_curves, draw_importance
from pipeline.project import Project
from pipeline.sample_crm.oracle import best_possible
from pipeline.stages.progress import stage_voice
from pipeline.store import fresh_folder, read_json, write_json
from pipeline.training import read_features, read_lead_ids, read_training_rows

Scores = Mapping[str, NDArray[np.float64]]


def run_evaluate(project: Project) -> None:
    """Write metrics.json, cut_offs.json, the curves as CSV for `dvc plots`, and the pictures."""
    say = stage_voice("evaluate")
    rows, scores = _tested(project)
    own = scores[OWN]
    cut = cut_off(project.agreement, own, rows.label, rows.lead, rows.as_of)
    capacity = capacity_share(own, cut)
    scorers = evaluate(rows, scores, capacity)
    for name, figures in scorers.items():
        say(f"{name.replace('_', ' '):20} AUC {figures['auc']:.4f}   log-loss {figures['log_loss']:.4f}")
    found = verdicts(rows, scores, project.params.train.seed)
    learned = read_json(project.model / "learned.json")
    metrics = {
        "scorers": scorers,
        "by_age_days": by_age(rows, rows.age_days, scores, capacity),
        "ladder": learned["standing"],
        "tuning": learned["tuning"],
        "verdicts": {one.against: one.text for one in found},
        "cut_off": cut,
        "share_of_leads_at_capacity": capacity,
        "test": {
            "leads": len(np.unique(rows.lead)),
            "snapshots": len(rows),
            "conversions": int(rows.label.sum()),
            "gap_days": learned["gap_days"],
            "horizon_days": project.agreement.target.within_days,
        },
    }
    write_json(metrics, project.metrics)
    table = cut_off_table(project.agreement, rows, own, project.params.train.seed)
    write_json(asdict(table), project.cut_offs)
    for one in found:
        say(one.text)
    _write_plots(project, rows, scores)


def _tested(project: Project) -> tuple[TrainingRows, Scores]:
    predictions = pd.read_parquet(project.model / "predictions.parquet")
    test = predictions.pop("row").to_numpy(np.intp)
    rows = read_training_rows(project)[test]
    scores = {str(name): column.to_numpy(np.float64) for name, column in predictions.items()}
    source = project.root / project.params.data.source
    if (source / "truth").is_dir():
        lead_ids = read_lead_ids(project, rows.lead)
        scores[BEST] = best_possible(source, lead_ids, rows.as_of, project.agreement.target.within_days)
    return rows, scores


def _write_plots(project: Project, rows: TrainingRows, scores: Scores) -> None:
    folder = fresh_folder(project.plots)
    for name, curve in CURVES.items():
        points = [
            {"scorer": scorer, **point}
            for scorer, score in scores.items()
            if name == "calibration" or np.ptp(score) > 0
            for point in curve(score, rows.label, rows.weight)
        ]
        pd.DataFrame(points).to_csv(folder / f"{name}.csv", index=False)
    draw_curves(folder)
    _write_importance(project, rows)


def _write_importance(project: Project, rows: TrainingRows) -> None:
    features, seed = read_features(project), project.params.train.seed
    effect = read_explain(project)(rows.matrix)
    told: dict[str, tuple[Sequence[object], type]] = {
        "importance": (importances(features, rows, effect, seed), Importance),
        "families": (family_importances(features, rows, effect, seed), FamilyImportance),
    }
    for name, (found, kind) in told.items():
        frame = pd.DataFrame([vars(one) for one in found], columns=[one.name for one in fields(kind)])
        frame.to_csv(project.plots / f"{name}.csv", index=False)
    draw_importance(project.plots)
