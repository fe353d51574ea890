"""From what sales said to the tables that the next model learns from."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from data_checks.errors import BatonError
from ledger_rows import NOW, feedback_row
from models.shelf import Shelf
from pipeline.project import Project
from pipeline.stages.check import run_check
from serving.commands import APP
from serving.ledger.ledger import Ledger
from serving.ledger.tables import FEEDBACK
from source_files import write_files
from tiny_bundle import save_tiny_bundle

ROOT = Path(__file__).resolve().parents[2]
LEADS = "lead_id,created_at,number_of_employees\n" + "".join(
    f"L-{number},2026-10-01,20\n" for number in range(1, 6)
)
CHANGES = """lead_id,changed_at,stage
L-1,2026-10-05T00:00:00Z,New
L-2,2026-11-23T08:00:00Z, nurture
L-3,2026-11-20T11:00:00Z,Unqualified
L-5,2026-11-22T12:00:00Z,Sales Accepted
"""
SAID = [
    feedback_row(1, verdict="accepted", reason=None),
    feedback_row(2, verdict="recycled", reason=None),  # in the CRM 20 hours later
    feedback_row(3, verdict="rejected"),  # in the CRM two days before
    feedback_row(4, verdict="accepted", reason=None, recorded_at=NOW + timedelta(days=9)),
    feedback_row(5, verdict="recycled", reason=None),  # in the CRM another stage at that moment
]


@pytest.fixture
def project(tmp_path):
    """A project on a small CRM that is read as of the day after what sales said."""
    write_files(tmp_path / "crm", {"leads.csv": LEADS, "stage_changes.csv": CHANGES})
    shutil.copy(ROOT / "agreement.yaml", tmp_path)
    params = {"data": {"source": "crm", "now": "2026-11-24", "feedback": "feedback"}}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    return Project(tmp_path)


def export(project, monkeypatch) -> str:
    """Write the feedback to a ledger and export it as a person would."""
    url = f"sqlite:///{project.root}/ledger.db"
    with closing(Ledger(url, 2.0)) as ledger:
        ledger.open()
        ledger.append({FEEDBACK: SAID})
    save_tiny_bundle(project.agreement, project.root / "tiny")
    shelf = Shelf(project.served)
    shelf.put(project.root / "tiny", "1")
    shelf.promote("1", "Ada", "a test")
    monkeypatch.setenv("BATON_LEDGER_URL", url)
    monkeypatch.setenv("BATON_MODELS", str(project.served))
    out = str(project.root / "feedback")
    done = CliRunner().invoke(APP, ["ledger", "export", "--out", out], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_what_sales_said_is_learned_from(project, monkeypatch, capsys):
    """Verdicts become stage changes of the checked tables, but for those that the CRM has within a day."""
    assert "stage_changes.parquet: 5 rows" in export(project, monkeypatch)
    run_check(project)
    changes = pd.read_parquet(project.tables / "stage_changes.parquet")
    days = changes["changed_at"].dt.strftime("%m-%d")
    told = sorted(zip(changes["lead_id"], days, changes["stage"].str.strip(), strict=True))
    assert told == [
        ("L-1", "10-05", "New"),
        ("L-1", "11-22", "Sales Accepted"),
        ("L-2", "11-23", "nurture"),
        ("L-3", "11-20", "Unqualified"),
        ("L-3", "11-22", "Unqualified"),
        ("L-5", "11-22", "Nurture"),
        ("L-5", "11-22", "Sales Accepted"),
    ]
    assert (
        "feedback: 3 stage changes added, 1 are in the CRM already, 1 came after" in capsys.readouterr().err
    )


def test_feedback_does_not_move_the_moment_of_reading(project, monkeypatch):
    """What sales said after the CRM's export makes no lead look older than the CRM knows it."""
    params = yaml.safe_load((project.root / "params.yaml").read_text())
    params["data"]["now"] = None
    (project.root / "params.yaml").write_text(yaml.safe_dump(params))
    export(project, monkeypatch)
    run_check(project)
    assert "2026-11-23T08:00:00" in (project.tables / "moment.json").read_text()


def test_where_the_crm_keeps_no_stages_feedback_adds_none(project, monkeypatch):
    """Else the outcome would be looked for among the verdicts, and converted_at forgotten."""
    (project.root / "crm" / "stage_changes.csv").unlink()
    export(project, monkeypatch)
    run_check(project)
    assert not (project.tables / "stage_changes.parquet").exists()
    assert "feedback is not used" in project.findings.read_text()


@pytest.mark.parametrize(
    ("named", "words"),
    [("feedback", "there is none"), ("elsewhere", "or one below it"), ("..", "or one below")],
)
def test_feedback_that_is_not_there_is_asked_for(project, named, words):
    """A folder that DVC does not watch, or without an export, is refused with the next step."""
    params = yaml.safe_load((project.root / "params.yaml").read_text())
    params["data"]["feedback"] = named
    (project.root / "params.yaml").write_text(yaml.safe_dump(params))
    with pytest.raises(BatonError, match=words) as raised:
        run_check(project)
    assert "baton ledger export --out" in str(raised.value)
