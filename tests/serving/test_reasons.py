"""Reasons on demand, and what changed since the last score."""

from __future__ import annotations

import json

import pytest


def post(service, *leads, **keys):
    """Post leads with further keys of the request."""
    answer = service.send(json.dumps({"leads": leads, **keys}))
    assert answer.status_code == 200, answer.text
    return answer.json()["scores"]


def test_base_probability_and_families_make_the_probability(service, a_lead):
    """What is answered adds up."""
    [score] = post(service, a_lead())
    total = score["base_probability"] + sum(one["effect"] for one in score["families"])
    assert total == pytest.approx(score["probability"], abs=1e-12)


def test_a_reason_says_how_many_leads_were_alike(service, a_lead):
    """A reason holds the leads alike and their rate, or nulls where nobody counted."""
    [score] = post(service, a_lead())
    first, second, _ = score["reasons"]
    assert (first["alike"], first["leads"], first["rate"]) == ("any", 1200, 0.1)
    assert (second["alike"], second["leads"], second["rate"]) == (None, None, None)


def test_without_reasons_the_numbers_are_the_same(service, a_lead):
    """A request that wants only numbers gets the same ones, and empty explanations."""
    [full], [bare] = post(service, a_lead()), post(service, a_lead(), reasons=False)
    for name in ("probability", "probability_low", "probability_high", "grade", "decision", "issues"):
        assert bare[name] == full[name]
    told = [bare[name] for name in ("reasons", "families", "base_probability", "changes")]
    assert told == [[], [], None, None]


@pytest.mark.parametrize("value", ["no", 0, None])
def test_reasons_is_true_or_false(service, a_lead, value):
    """Anything else is refused with its path."""
    answer = service.send(json.dumps({"leads": [a_lead()], "reasons": value}))
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["path"] == "reasons"


def test_what_changed_since_the_last_score_is_told(service, a_lead):
    """The second score names the first, and says family by family and value by value what moved."""
    [first] = post(service, a_lead())
    busy = {**a_lead(), "activities": [{"activity_type": "F", "occurred_at": "2026-09-02"}] * 9}
    [second] = post(service, busy)
    changes = second["changes"]
    assert first["changes"] is None
    for name in ("score_id", "scored_at", "as_of", "model_version", "probability"):
        assert changes[name] == first[name]
    assert changes["effect"] == second["probability"] - first["probability"]
    parts = changes["base_effect"] + sum(one["effect"] for one in changes["families"])
    assert parts == pytest.approx(changes["effect"], abs=1e-12)
    visits = next(one for one in changes["features"] if one["feature"] == "activities")
    assert (visits["former_value"], visits["value"]) == (0, 9)


def test_what_stays_unknown_has_not_changed(service, a_lead):
    """A value that is missing is null wherever it is told, and two missing ones are no change."""
    post(service, a_lead())
    answer = service.send(json.dumps({"leads": [a_lead(number_of_employees=900)]}))
    assert "NaN" not in answer.text
    [score] = answer.json()["scores"]
    assert next(one for one in score["reasons"] if one["feature"] == "last_visit")["value"] is None
    visits = [one for one in score["changes"]["features"] if one["feature"] == "last_visit"]
    assert [(one["former_value"], one["value"]) for one in visits] == [(None, None)]
    post(service, {**a_lead("L-2"), "as_of": "2026-11-01"})
    [same] = post(service, {**a_lead("L-2"), "as_of": "2026-11-01"})
    assert same["changes"]["features"] == []


def test_a_look_at_the_past_has_no_changes(service, a_lead):
    """What the ledger knows of a later moment is no news for an earlier one."""
    post(service, {**a_lead(), "as_of": "2026-11-01"})
    [earlier] = post(service, {**a_lead(), "as_of": "2026-10-01"})
    [later] = post(service, {**a_lead(), "as_of": "2026-11-02"})
    assert earlier["changes"] is None
    assert later["changes"]["score_id"] == earlier["score_id"]


def test_after_a_score_without_reasons_only_the_difference_is_told(service, a_lead):
    """What was not asked for is not in the ledger, so families and features stay empty."""
    [bare] = post(service, a_lead(), reasons=False)
    [full] = post(service, a_lead(number_of_employees=900))
    changes = full["changes"]
    assert changes["effect"] == full["probability"] - bare["probability"]
    assert (changes["base_effect"], changes["families"], changes["features"]) == (None, [], [])


def test_a_rejected_lead_has_no_changes(service, a_lead):
    """Where there is no probability, or was none, nothing can have changed."""
    [rejected] = post(service, a_lead(country=None))
    [scored] = post(service, a_lead())
    [again] = post(service, a_lead(country=None))
    assert [one["changes"] for one in (rejected, scored, again)] == [None, None, None]


def test_a_change_of_a_missing_value_is_json(service, a_lead):
    """A value that is missing is null in the changes, too: JSON has no NaN, and PostgreSQL takes none."""
    service.score([a_lead(number_of_employees=250)])
    text = service.score([a_lead(number_of_employees=9000)]).text
    moved = {one["feature"]: one for one in json.loads(text)["scores"][0]["changes"]["features"]}
    assert (moved["last_visit"]["former_value"], moved["last_visit"]["value"]) == (None, None)
    assert "NaN" not in text
