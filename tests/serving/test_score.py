"""POST /score: what is answered, and what one bad lead does to the others."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from serving.answers import ScoreAnswer
from serving.lead_reading import read_lead
from serving.ledger.tables import SCORES
from serving.messages import LeadMessage

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


def test_leads_are_answered_in_the_order_of_the_request(service, a_lead):
    """The n-th score belongs to the n-th lead."""
    names = [f"L-{number}" for number in (3, 1, 2)]
    answer = service.score(map(a_lead, names))
    assert [score["lead_id"] for score in answer.json()["scores"]] == names


def test_the_answer_has_the_documented_shape(service, a_lead):
    """What is answered is what the API page says: every key, and no other."""
    answer = service.score([a_lead(), a_lead("L-2", country=None)])
    assert answer.headers["content-type"] == "application/json"
    for strict in (ScoreAnswer.model_validate_json(answer.content), ScoreAnswer(**answer.json())):
        assert json.loads(strict.model_dump_json()) == answer.json()


def test_more_employees_and_activities_raise_the_probability(service, a_lead):
    """The probability comes from the model, and the model sees fields and activities."""
    busy = {**a_lead("L-3"), "activities": [{"activity_type": "Form", "occurred_at": "2026-09-02"}] * 9}
    scores = service.score([a_lead(), a_lead("L-2", number_of_employees=9000), busy]).json()["scores"]
    small, large, active = (score["probability"] for score in scores)
    assert small < large
    assert small < active


def test_a_probability_comes_with_its_interval_and_its_model(service, a_lead):
    """Each score says between which rates its probability lies, and what kind of model gave it."""
    scored, rejected = service.score([a_lead(), a_lead("L-2", country=None)]).json()["scores"]
    assert 0 < scored["probability_low"] <= scored["probability"] <= scored["probability_high"] < 1
    assert (rejected["probability_low"], rejected["probability_high"]) == (None, None)
    assert scored["model_rung"] == rejected["model_rung"] == "trees"


def test_what_was_answered_is_in_the_ledger(service, a_lead):
    """Each answered score is a row of the ledger that says the same, with the key that asked."""
    scores = service.score([a_lead(), a_lead("L-2", country=None)]).json()["scores"]
    with service.ledger() as ledger, ledger.reading() as connection:
        rows = {row.score_id: row._asdict() for row in connection.execute(select(SCORES))}
    assert len(rows) == 2
    for score in scores:
        row = rows[score["score_id"]]
        for moment in ("as_of", "scored_at"):
            score[moment] = datetime.fromisoformat(score[moment])
        assert score == {name: row[name] for name in score}
        assert row["key_id"] == service.key.split("_")[1]
        assert row["idempotency_key"] is None


def test_a_lead_that_breaks_the_agreement_does_not_fail_its_neighbours(service, a_lead):
    """A broken clause rejects its own lead, with the reason, and the others are scored as ever."""
    good, bad, also_good = service.score([a_lead(), a_lead("L-2", country=None), a_lead("L-3")]).json()[
        "scores"
    ]
    assert (bad["decision"], bad["probability"], bad["grade"], bad["reasons"]) == ("reject", None, None, [])
    assert [(issue["field"], issue["rule"]) for issue in bad["issues"]] == [("country", "required")]
    assert good["probability"] == also_good["probability"] > 0.5


@pytest.mark.parametrize("as_of", ["yesterday", "1970-01-01", "2026-02-30"])
def test_an_as_of_that_is_no_moment_rejects_its_lead_alone(service, a_lead, as_of):
    """Nobody can say what was known at an impossible moment: the lead is rejected, the others are scored."""
    bad, good = service.score([{**a_lead(), "as_of": as_of}, a_lead("L-2")]).json()["scores"]
    assert (bad["decision"], bad["probability"], bad["as_of"]) == ("reject", None, None)
    assert [issue["field"] for issue in bad["issues"]] == ["as_of"]
    assert "Next: " in bad["issues"][0]["message"]
    assert good["decision"] == "hand_off"


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ({"activities": [{"activity_type": "F", "occurred_at": "03/04/2026"}]}, "activities[0].occurred_at"),
        (
            {
                "activities": [
                    {"activity_type": "F", "occurred_at": "2026-09-02", "recorded_at": "2026-02-30"}
                ]
            },
            "activities[0].recorded_at",
        ),
        ({"stage_changes": [{"changed_at": "soon", "stage": "New"}]}, "stage_changes[0].changed_at"),
    ],
)
def test_a_time_that_cannot_be_read_costs_its_row_and_not_its_lead(service, a_lead, part, place):
    """An activity or stage change whose time is none is not used, its place is named, the lead is scored."""
    [score] = service.score([{**a_lead(), **part}]).json()["scores"]
    [issue] = score["issues"]
    assert (score["decision"], issue["field"], issue["rule"]) == ("hand_off", place, "time")
    assert "was not used: " in issue["message"]
    assert "Next: " in issue["message"]


def test_a_field_that_the_model_does_not_know_is_accepted_and_named(service, a_lead):
    """A custom field costs a lead nothing; it is among the issues."""
    plain, custom = service.score([a_lead(), a_lead("L-2", favourite_colour="teal")]).json()["scores"]
    assert custom["probability"] == plain["probability"]
    assert [issue["field"] for issue in custom["issues"]] == ["favourite_colour"]


def test_without_as_of_a_lead_is_scored_as_of_now(service, a_lead):
    """Null and absent both mean the moment of the request."""
    before = datetime.now(UTC)
    scores = service.score([{**a_lead(), "as_of": None}, a_lead("L-2")]).json()["scores"]
    for score in scores:
        assert before <= datetime.fromisoformat(score["as_of"]) <= datetime.fromisoformat(score["scored_at"])


def test_an_as_of_ahead_of_the_clock_is_scored_and_said(service, a_lead):
    """A future as_of is flagged, but not within the five minutes by which clocks may differ."""
    ahead = [(datetime.now(UTC) + timedelta(minutes=minutes)).isoformat() for minutes in (1, 10)]
    scores = service.score([{**a_lead(str(number)), "as_of": moment} for number, moment in enumerate(ahead)])
    near, far = scores.json()["scores"]
    assert near["issues"] == []
    assert [(issue["field"], issue["rule"]) for issue in far["issues"]] == [("as_of", "not_later")]
    assert far["probability"] is not None


def test_one_lead_may_be_scored_at_several_moments(service, a_lead):
    """The same lead with another as_of is another snapshot."""
    leads = [{**a_lead(), "as_of": moment} for moment in ("2026-10-01", "2026-11-01", None)]
    assert service.score(leads).status_code == 200


def test_a_missing_value_of_a_reason_is_null(service, a_lead):
    """JSON has no NaN: a feature without a value is shown as null."""
    reasons = service.score([a_lead()]).json()["scores"][0]["reasons"]
    assert [reason["value"] for reason in reasons] == [250.0, 0.0, None]


def test_an_id_that_the_fields_contradict_is_refused(service, a_lead):
    """fields.lead_id may repeat the id, and rejects the lead when it says another."""
    same, other = service.score([a_lead(lead_id="L-1"), a_lead("L-2", lead_id="L-9")]).json()["scores"]
    assert same["decision"] == "hand_off"
    assert (other["decision"], other["issues"][0]["field"]) == ("reject", "lead_id")


def test_texts_of_any_script_and_length_are_taken_as_they_are(service, a_lead):
    """Emoji, right-to-left text, HTML, formulas and 10,000 characters are values like any other."""
    texts = ["🚀" * 50, "شركة الشحن", "<script>alert(1)</script>", "=HYPERLINK(1)", "x" * 10_000, "a\u0000b"]
    leads = [a_lead(f"L-{number}", company=text) for number, text in enumerate(texts)]
    ids = ["ليد", "lead 🚀", "<b>id</b>"]
    scores = service.score(leads + [a_lead(name) for name in ids]).json()["scores"]
    assert {score["decision"] for score in scores} == {"hand_off"}
    assert [score["lead_id"] for score in scores[len(texts) :]] == ids


@given(fields=st.dictionaries(st.text(max_size=20), SCALARS, max_size=8))
def test_any_json_scalar_can_be_read_as_a_field(fields):
    """Reading a lead turns every scalar into text or a missing value, and never fails."""
    fields.pop("lead_id", None)
    body = json.dumps({"lead_id": "L-1", "fields": fields})
    try:
        message = LeadMessage.model_validate_json(body)
    except ValueError:
        assert "\\ud" in body or any(isinstance(v, int) and abs(v) > 10**4000 for v in fields.values())
        return
    lead, issues = read_lead(message, 1_790_000_000_000_000)
    assert issues == ()
    assert all(value is None or isinstance(value, str) for value in lead.fields.values())
    assert all(lead.fields[name] is None for name, value in fields.items() if value is None)


@pytest.mark.parametrize("size", ["1e308", "-40", "about 200", "12345678901234567890123456789"])
def test_an_odd_number_is_scored_and_not_fallen_over(service, a_lead, size):
    """Extreme, negative and wordy numbers are the agreement's business, not a failure of the service."""
    assert service.score([a_lead(number_of_employees=size)]).status_code == 200


def test_a_number_and_its_text_are_the_same_value(service, a_lead):
    """A CRM may send 250, 250.0 or "250"."""
    leads = [a_lead(str(i), number_of_employees=value) for i, value in enumerate([250, 250.0, "250"])]
    assert len({score["probability"] for score in service.score(leads).json()["scores"]}) == 1


def test_a_hundred_leads_are_one_call_of_the_model(make_service, new_scorer, a_lead):
    """A whole batch is scored at once, and all of it is in the ledger."""
    scorer = new_scorer()
    service = make_service(load=lambda *_: scorer)
    scores = service.score([a_lead(f"L-{number}") for number in range(100)]).json()["scores"]
    assert len({score["score_id"] for score in scores}) == 100
    assert scorer.groups == [1, 100]  # the rehearsal, then the request
    with service.ledger() as ledger:
        assert ledger.recent_scores(datetime.now(UTC), timedelta(hours=1)).total == 100
