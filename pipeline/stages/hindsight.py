"""Stage hindsight: what the models of the past said, beside what came; nothing is learned here."""

from __future__ import annotations

from models.back_test.record import back_test_record
from pipeline.back_test_files import read_replay
from pipeline.back_test_pictures import draw_back_test
from pipeline.project import Project
from pipeline.stages.progress import stage_voice
from pipeline.store import fresh_folder, write_json
from pipeline.training import read_chosen_rows


def run_hindsight(project: Project) -> None:
    """Write back_test.json and its pictures."""
    say = stage_voice("hindsight")
    replay, kind = read_replay(project.back_test)
    rows, seed = read_chosen_rows(project, ()), project.params.train.seed
    record = back_test_record(rows, replay, kind, project.agreement.handoff, seed)
    write_json(record, project.hindsight)
    draw_back_test(record, fresh_folder(project.hindsight_plots))
    say(record["text"])
    say(record["staleness_text"])
