"""`baton ledger export`: the ledger as Parquet files, and feedback as stage changes."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from data_checks.errors import BatonError
from ledger_rows import NOW, feedback_row, handoff_row, score_row
from serving import export
from serving.export import champions_agreement, export_ledger
from serving.ledger.audit import audit_entries
from serving.ledger.tables import FEEDBACK, HANDOFFS, SCORES

VERDICTS = ("accepted", "rejected", "recycled", "accepted")
STAGES = {"sal": ["Taken", "Accepted"], "disqualified": ["Junk"], "recycled": ["Nurture"]}


@pytest.fixture
def filled(ledger):
    """A ledger with a score, a hand-off and feedback of four leads."""
    numbers = range(4)
    ledger.append(
        {
            SCORES: [score_row(number, reasons='[{"text":"ü 🚀"}]') for number in numbers],
            HANDOFFS: [handoff_row(number, due_at=None) for number in numbers],
            FEEDBACK: [
                feedback_row(number, verdict=VERDICTS[number], recorded_at=NOW + timedelta(hours=number))
                for number in numbers
            ],
        }
    )
    return ledger


@pytest.fixture
def agreement(new_agreement):
    """The agreement of the tests, with all stages that sales decides."""
    return new_agreement(stages={"inquiry": ["New"], "sql": ["Qualified"], **STAGES})


def test_every_table_is_exported_whole(filled, agreement, tmp_path, monkeypatch):
    """A file for each table, with its columns and rows, however many blocks; moments with their zone."""
    monkeypatch.setattr(export, "_BLOCK", 3)
    told = export_ledger(filled, agreement, tmp_path / "out", "user ada", NOW)
    assert told.rows == {"scores": 4, "handoffs": 4, "feedback": 4, "shadow_scores": 0, "stage_changes": 4}
    scores = pd.read_parquet(tmp_path / "out/scores.parquet")
    assert list(scores.columns) == [column.name for column in SCORES.columns]
    assert list(scores["score_id"]) == [f"score-{number}" for number in range(4)]
    assert set(scores["reasons"]) == {'[{"text":"ü 🚀"}]'}
    assert set(scores["scored_at"]) == {pd.Timestamp(NOW)}
    assert pd.read_parquet(tmp_path / "out/handoffs.parquet")["due_at"].isna().all()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"{name}.parquet" for name in told.rows
    )
    with filled.reading() as connection:
        [entry] = audit_entries(connection, 9)
    assert (entry.action, entry.actor, entry.details) == ("ledger_exported", "user ada", told.rows)


def test_feedback_becomes_stage_changes(filled, agreement, tmp_path):
    """Each verdict is the first of the CRM's own values for its stage."""
    export_ledger(filled, agreement, tmp_path, "user ada", NOW)
    changes = pd.read_parquet(tmp_path / "stage_changes.parquet")
    assert list(changes.columns) == ["lead_id", "changed_at", "stage", "reason", "changed_by"]
    assert list(changes["stage"]) == ["Taken", "Junk", "Nurture", "Taken"]
    assert list(changes["lead_id"]) == ["L-0", "L-1", "L-2", "L-3"]
    assert changes["changed_at"].iloc[3] == pd.Timestamp(NOW + timedelta(hours=3))
    assert set(changes["changed_by"]) == {"Ada"}


def test_a_stage_that_is_not_agreed_is_left_out_and_said(filled, new_agreement, tmp_path):
    """What the agreement has no word for cannot be said in the CRM's words."""
    agreement = new_agreement(stages={"inquiry": ["New"], "sql": ["Qualified"], "sal": ["Taken"]})
    told = export_ledger(filled, agreement, tmp_path, "user ada", NOW)
    assert told.left_out == {"disqualified": 1, "recycled": 1}
    assert list(pd.read_parquet(tmp_path / "stage_changes.parquet")["stage"]) == ["Taken", "Taken"]


def test_an_export_that_fails_leaves_the_earlier_one(filled, agreement, tmp_path, monkeypatch):
    """Files are replaced together, once all are written."""
    export_ledger(filled, agreement, tmp_path, "user ada", NOW)
    before = (tmp_path / "scores.parquet").read_bytes()
    filled.append({SCORES: [score_row(9)]})

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(export, "_stage_changes", fail)
    with pytest.raises(Exception, match="disk full"):
        export_ledger(filled, agreement, tmp_path, "user ada", NOW)
    assert (tmp_path / "scores.parquet").read_bytes() == before


def test_without_a_model_nobody_knows_the_stages(tmp_path):
    """The error says what to do."""
    with pytest.raises(BatonError, match="baton promote"):
        champions_agreement(tmp_path)
