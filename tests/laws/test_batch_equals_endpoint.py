"""The same leads through `baton score` and through the endpoint."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pandas as pd
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from data_checks.checking import check_house_rules
from features.lead_input import LeadInput
from features.moments import to_moments
from models.scorer import Scorer, load_scorer
from pipeline.cli import cli
from pipeline.lead_request import lead_requests
from pipeline.promotion import promote_bundle
from pipeline.sources.folder import read_history
from serving.app import build_app
from serving.kept_inputs import packed, unpacked
from serving.key_store import create_key
from serving.lead_reading import read_lead
from serving.ledger.ledger import Ledger
from serving.messages import LeadMessage
from serving.settings import Settings

MOMENT = pd.Timestamp("2026-06-01", tz="UTC")
LEADS = 1000


@pytest.fixture(scope="module")
def batch(project, sample, tmp_path_factory):
    """The scores that `baton score` writes, by lead id."""
    promote_bundle(project, "a test", "to compare batch and endpoint")
    out = tmp_path_factory.mktemp("scores") / "scores.parquet"
    words = ["score", "--source", str(sample), "--as-of", MOMENT.isoformat(), "--out", str(out)]
    done = CliRunner().invoke(cli, [*words, "--project", str(project.root)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return pd.read_parquet(out).set_index("lead_id")


@pytest.fixture(scope="module")
def asked(project, sample, batch):
    """The requests that the CRM would have sent at the moment, for up to a thousand of the scored leads."""
    as_of = int(to_moments(pd.Series([MOMENT]))[0])
    housed = check_house_rules(read_history(sample, None).history, project.agreement, as_of).clean
    requests = lead_requests(housed, as_of, 10**9)
    return [one for one in requests if one["lead_id"] in batch.index][:LEADS]


@pytest.fixture(scope="module")
def answers(project, asked, tmp_path_factory):
    """The endpoint's answers, asked one by one."""
    ledger_url = f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.db'}"
    settings = Settings(ledger_url=ledger_url, models=project.served)
    with closing(Ledger(ledger_url, 2.0)) as ledger:
        ledger.open()
        key = create_key(ledger, "test", ("score",)).text
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    found = {}
    with TestClient(build_app(settings)) as client:
        for one in asked:
            answer = client.post("/score", content=json.dumps({"leads": [one]}), headers=headers)
            assert answer.status_code == 200, answer.text
            found[one["lead_id"]] = answer.json()["scores"][0]
    return found


def test_a_thousand_leads_score_alike_to_the_last_bit(batch, answers):
    """Batch and endpoint give the same probability, grade and decision, bit for bit."""
    assert len(answers) == LEADS
    for lead_id, answer in answers.items():
        row = batch.loc[lead_id]
        probability = None if pd.isna(row["probability"]) else row["probability"]
        assert (answer["probability"], answer["grade"], answer["decision"]) == (
            probability,
            None if pd.isna(row["grade"]) else row["grade"],
            row["decision"],
        ), lead_id


def test_intervals_are_the_same_to_the_last_bit(batch, answers):
    """Batch and endpoint give the same interval and the same rung; the interval holds the probability."""
    for lead_id, answer in answers.items():
        row = batch.loc[lead_id]
        ends = [answer[name] for name in ("probability_low", "probability_high")]
        assert ends == [
            None if pd.isna(row[name]) else row[name]
            for name in (f"probability_{end}" for end in ("low", "high"))
        ], lead_id
        assert answer["model_rung"] == row["model_rung"]
        if answer["probability"] is not None:
            assert ends[0] <= answer["probability"] <= ends[1]


def test_reasons_are_the_same(batch, answers):
    """Batch and endpoint give the same reasons, families and base probability, with the same effects."""
    for lead_id, answer in answers.items():
        row = batch.loc[lead_id]
        assert answer["reasons"] == json.loads(row["reasons"]), lead_id
        assert answer["families"] == json.loads(row["families"]), lead_id
        base = None if pd.isna(row["base_probability"]) else row["base_probability"]
        assert answer["base_probability"] == base, lead_id


def test_what_is_kept_of_a_lead_gives_its_score_again(project, asked, answers):
    """From what the ledger keeps of a lead, its trace comes to the answer to the last bit."""
    scorer = load_scorer(project.bundle)
    for one in asked[:: LEADS // 50]:
        lead, _ = read_lead(LeadMessage.model_validate_json(json.dumps(one)), 0)
        answer = answers[one["lead_id"]]
        if answer["probability"] is not None:
            found = scorer.trace(unpacked(packed(scorer.kept(lead))))
            for name in ("probability", "probability_low", "probability_high", "grade", "decision"):
                assert getattr(found, name) == answer[name], (one["lead_id"], name)
            assert found.total == pytest.approx(found.raw, abs=1e-9)


def test_every_answer_adds_up(answers):
    """Base probability and the effects of all families make the probability, whatever the lead."""
    scored = [one for one in answers.values() if one["probability"] is not None]
    assert scored
    for answer in scored:
        total = answer["base_probability"] + sum(one["effect"] for one in answer["families"])
        assert total == pytest.approx(answer["probability"], abs=1e-9)


def test_reasons_name_leads_alike(answers):
    """Every reason says how many past leads were alike, and most of them how many reached the target."""
    reasons = [reason for answer in answers.values() for reason in answer["reasons"]]
    assert all(reason["leads"] is not None and reason["alike"] for reason in reasons)
    assert sum(reason["rate"] is not None for reason in reasons) > len(reasons) / 2


def test_a_converted_lead_is_not_handed_off_without_stage_changes(project):
    """Where the CRM writes conversions on the lead alone, a converted lead is not open at the endpoint."""
    scorer = load_scorer(project.bundle)
    created, later = "2026-01-05T10:00:00Z", to_moments(pd.Series([MOMENT]))[0]
    bare = replace(scorer.bundle.features.profile, absent=frozenset({"stage_changes"}))
    bundle = replace(scorer.bundle, features=replace(scorer.bundle.features, profile=bare))
    ready = Scorer(bundle, "1")
    fields = {"lead_id": "L", "created_at": created, "company": "Acme", "number_of_employees": "120"}
    won = LeadInput("L", int(later), {**fields, "converted_at": "2026-02-01T10:00:00Z"})
    still_open = LeadInput("L", int(later), fields)
    rules = [[issue.rule for issue in one.issues] for one in ready.score([won, still_open])]
    assert "is_open" in rules[0]
    assert "is_open" not in rules[1]
