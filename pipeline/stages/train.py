"""Stage train: learn forward in time, then again from all leads."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from models.learning import learn
from pipeline.project import Project
from pipeline.stages.progress import stage_voice
from pipeline.store import fresh_folder, read_json, write_json
from pipeline.training import read_training_rows, read_tuned, read_young


def run_train(project: Project) -> None:
    """Write the model and its twin, what was learned, and what was predicted of the test rows."""
    say = stage_voice("train")
    params = project.params
    rows, young = read_training_rows(project), read_young(project)
    known = f"{int(rows.label.sum()):,} conversions among {len(rows):,} snapshots"
    say(f"{known}; {len(young.rows):,} more are young")
    tuned = read_tuned(project)
    horizon_days = project.agreement.target.within_days
    learned = learn(rows, tuned.settings, params.split, horizon_days, say, young=young)
    folder = fresh_folder(project.model)
    write_json(learned.model.to_json(), folder / "model.json")
    write_json(learned.twin.to_json(), folder / "twin.json")
    predicted = pd.DataFrame({"row": learned.test, **learned.predicted})
    predicted.to_parquet(folder / "predictions.parquet", index=False)
    facts = read_json(project.training / "facts.json")
    write_json(
        {
            "calibration": learned.calibration.model_dump(mode="json"),
            "interval": None if learned.interval is None else learned.interval.model_dump(mode="json"),
            "recipe": asdict(learned.recipe),
            "settings": tuned.settings.model_dump(mode="json"),
            "tuning": tuned.text,
            "standing": learned.standing.to_json(),
            "gap_days": learned.gap_days,
            "twin_knows_until": learned.twin_knows_until,
            "rows": len(rows),
            "leads": facts["leads"],
            "conversions": int(rows.label.sum()),
            "rows_before_test": learned.trained_on,
        },
        folder / "learned.json",
    )
