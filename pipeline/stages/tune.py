"""Stage tune: the settings to train with, as params.yaml has them or as forward folds find them."""

from __future__ import annotations

from collections.abc import Callable

from models.forward_part import forward_part
from models.tuning import Tuned, tune
from pipeline.project import Project
from pipeline.stages.progress import stage_voice
from pipeline.store import write_json
from pipeline.training import read_training_rows


def run_tune(project: Project) -> None:
    """Write tuned.json; a search that was stopped goes on with the trials that it has."""
    say = stage_voice("tune")
    tuned = _tuned(project, say) if project.params.tune.trials else Tuned(project.params.train)
    say(tuned.text or "no trials are asked for (tune.trials): the settings are those of params.yaml")
    project.studies.mkdir(parents=True, exist_ok=True)
    write_json(tuned.to_json(), project.tuned)


def _tuned(project: Project, say: Callable[[str], None]) -> Tuned:
    params, horizon_days = project.params, project.agreement.target.within_days
    part = forward_part(read_training_rows(project), params.split, horizon_days)
    return tune(part, params.train, params.tune, project.studies / "trials.db", say)
