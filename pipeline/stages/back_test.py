"""Stage back_test: learn what would have been served in each past month, and let it score what came then."""

from __future__ import annotations

from features.moments import parse_moment
from models.back_test.periods import counted, periods_of
from models.back_test.replay import Learner, replay
from pipeline.back_test_files import write_replay
from pipeline.project import Project
from pipeline.stages.progress import stage_voice
from pipeline.store import read_json
from pipeline.training import read_training_rows


def run_back_test(project: Project) -> None:
    """Write build/back_test: the models of the past and what they said; stage hindsight judges them."""
    say, params = stage_voice("back_test"), project.params
    rows, horizon_days = read_training_rows(project), project.agreement.target.within_days
    now = parse_moment(read_json(project.training / "facts.json")["now"])
    kind, periods = periods_of(rows.as_of, now, horizon_days)
    replayed = periods[len(periods) - min(params.back_test.months, len(periods)) :]
    learner = Learner(params.train, params.split, horizon_days, params.back_test.search_every)
    done = replay(rows, replayed, learner, say)
    say(f"replayed {counted(len(done.served), kind)}; {len(done.too_early)} had too little history before")
    write_replay(done, kind, project.back_test)
