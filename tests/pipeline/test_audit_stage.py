"""The stage audit: what it writes, says and shows."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from crm_tables import DEFAULT_AGREEMENT, NOW
from features.moments import DAY, NEVER, to_time
from leakage_world import LeakageWorld
from pipeline.audit_files import findings_file, page_file, read_suspects
from pipeline.project import Project
from pipeline.sampled_history import sampled_history
from pipeline.stages import audit as stage
from pipeline.store import write_history, write_json

WORLD = LeakageWorld()
WON = WORLD.reached != NEVER
NASTY = "deal <script>alert(1)</script>"
COLUMNS = {
    NASTY: np.where(WON, "<img src=x onerror=alert(2)>", "open"),
    "colour": WORLD.draw.choice(["red", "blue"], 600),
    "last_visit": np.where(WON & (WORLD.draw.random(600) < 0.6), "long ago", "never"),
}
CALLS = [(lead, "Kick-off", int(WORLD.reached[lead]), None) for lead in np.flatnonzero(WON)]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose checked tables hold two suspect columns, an honest one, and a consequence."""
    (tmp_path / "params.yaml").write_text("data: {source: data}\nsnapshots: {ages_days: [0]}\n", "utf-8")
    agreed = DEFAULT_AGREEMENT.read_text(encoding="utf-8")
    agreed = re.sub(r"^known_at:.*", "known_at: {last_visit: creation}", agreed, flags=re.MULTILINE)
    (tmp_path / "agreement.yaml").write_text(agreed, encoding="utf-8")
    made = Project(tmp_path)
    write_history(LeakageWorld(columns=COLUMNS, activities=CALLS).history(), made.tables)
    write_json({"now": to_time(NOW).isoformat()}, made.tables / "moment.json")
    made.reports.mkdir()
    return made


def test_the_suspects_are_written_for_the_features_and_all_that_was_examined_for_people(project):
    """Three files: what is left out, everything with its figures, and a page."""
    stage.run_audit(project)
    suspects = read_suspects(project)
    assert (set(suspects.columns), set(suspects.activity_types)) == ({NASTY}, {"kick-off"})
    assert suspects.vouched_for == {"last_visit": "creation"}
    found = json.loads(findings_file(project).read_text(encoding="utf-8"))
    assert {"colour", NASTY, "last_visit", "kick-off"} <= {one["name"] for one in found["examined"]}
    assert page_file(project).exists()


def test_the_page_stands_alone_and_cannot_be_written_on(project):
    """Names and values from the data are escaped, and nothing is fetched from anywhere."""
    stage.run_audit(project)
    page = page_file(project).read_text(encoding="utf-8")
    assert "deal &lt;script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
    assert not re.search(r"https?://|src=[\"']|@import", page)


def test_the_stage_tells_what_it_leaves_out_and_why(project, capsys):
    """A line for each suspect with its reason, and one for what is vouched for."""
    stage.run_audit(project)
    said = capsys.readouterr().err
    assert re.search(r"left out: activities of type kick-off\. All \d+ records", said)
    assert "suspect but vouched for: last_visit" in said
    assert "colour" not in said


def test_the_same_tables_give_the_same_files(project, tmp_path_factory):
    """A second run changes no byte."""
    stage.run_audit(project)
    kept = tmp_path_factory.mktemp("kept")
    shutil.copy(findings_file(project), kept / "first.json")
    stage.run_audit(project)
    assert findings_file(project).read_bytes() == (kept / "first.json").read_bytes()


def test_a_large_history_is_audited_on_a_sample_of_whole_leads(project, capsys, monkeypatch):
    """Drawn by a fixed seed, each lead with all its rows, and the stage says so."""
    whole = LeakageWorld(columns=COLUMNS, activities=CALLS).history()
    drawn, leads = sampled_history(project.tables, 300)
    again, _ = sampled_history(project.tables, 300)
    assert (len(drawn.leads), leads) == (300, 600)
    assert drawn.leads["lead_id"].tolist() == again.leads["lead_id"].tolist()
    mine = whole.activities[whole.activities["lead_id"].isin(drawn.leads["lead_id"])]
    assert len(drawn.activities) == len(mine) > 0
    assert drawn.absent == whole.absent
    monkeypatch.setattr(stage, "MOST_LEADS", 300)
    stage.run_audit(project)
    assert "looking at 300 leads drawn from 600" in capsys.readouterr().err


def test_a_gap_in_the_record_is_left_out_as_a_period(project):
    """Leads of a time without any outcome on record are named by its dates, in microseconds."""
    history = LeakageWorld(leads=3000).history()
    kept = history.stage_changes["changed_at"] >= to_time(NOW - 200 * DAY)
    cut = history.stage_changes[kept | (history.stage_changes["stage"] != "Qualified")]
    write_history(
        type(history)(leads=history.leads, stage_changes=cut, absent=history.absent), project.tables
    )
    write_json({"now": to_time(NOW).isoformat()}, project.tables / "moment.json")
    stage.run_audit(project)
    [gap] = read_suspects(project).periods
    assert gap.since <= NOW - 399 * DAY
    assert abs(gap.until - (NOW - 200 * DAY)) < 5 * DAY
    assert "no outcome is on record" in gap.reasons[0]
