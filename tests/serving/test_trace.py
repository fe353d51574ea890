"""`GET /scores/{score_id}/trace`: why a score came out as it did, from what is still known."""

from __future__ import annotations

import math
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select

from data_checks.errors import BatonError
from models.scorer import load_scorer
from serving.ledger.tables import INPUTS, METADATA, SCORES
from serving.trace_answers import EXAMPLE, TraceAnswer

ADDRESS = "jane.doe@example.com"
OTHER = "019ab4f2-3c51-7a0e-9d7e-5f6f1c2b3a4d"
VISITS = [{"activity_type": "Web Visit", "occurred_at": "2026-09-01T10:00:00Z"}] * 3


@pytest.fixture
def real(make_service, tiny_bundle):
    """A service with a real model."""
    return make_service(load=lambda _, version: load_scorer(tiny_bundle, version))


def traced(service, score_id):
    answer = service.client.get(f"/scores/{score_id}/trace", headers=service.headers)
    assert answer.status_code == 200, answer.text
    TraceAnswer.model_validate(answer.json())
    return answer.json()


def scored(service, *leads):
    return service.score(leads).json()["scores"]


def test_a_trace_leads_from_the_records_to_what_was_answered(real, a_lead):
    """Each step is there, the records are dated, and the score is computed again to the last bit."""
    (score,) = scored(real, {**a_lead(number_of_employees=900, email=ADDRESS), "activities": VISITS})
    told = traced(real, score["score_id"])
    assert told["answered"] == score
    assert (told["missing"], told["reproduced"], told["differences"]) == ([], True, [])
    computed = told["computed"]
    total = computed["base"] + sum(one["contribution"] for one in told["features"])
    assert total == pytest.approx(computed["raw_score"], abs=1e-9)
    assert computed["probability"] == score["probability"]
    assert (computed["grade"], computed["decision"], computed["is_open"]) == (
        score["grade"],
        score["decision"],
        True,
    )
    assert [one["grade"] for one in told["model"]["grades"] if one["is_reached"]] == [score["grade"]]
    assert (told["model"]["calibration"], told["model"]["cut_off"]) == ("none", 0.5)
    visits = next(one for one in told["features"] if one["feature"] == "web_visit_count")
    assert visits["value"] == 3
    assert visits["sources"][0] == {
        "table": "activities",
        "occurred_at": "2026-09-01T10:00:00+00:00",
        "known_at": "2026-09-01T10:00:00+00:00",
        "record": {"activity_type": "Web Visit"},
    }


def test_odd_leads_are_reproduced(real, a_lead):
    """Leads with next to nothing, with unknown columns, or with rows that are set aside."""
    odd = [
        {"lead_id": "bare", "fields": {"created_at": "2026-09-01T08:30:00Z", "country": "DE"}},
        a_lead("blank", number_of_employees=None, hobby="chess", company=""),
        {**a_lead("rows"), "activities": [*VISITS, {"activity_type": " ", "occurred_at": "03/04/2026"}]},
        {**a_lead("won"), "stage_changes": [{"changed_at": "2026-09-02T08:30:00Z", "stage": "Qualified"}]},
        {**a_lead("past"), "as_of": "2026-09-03T00:00:00Z"},
    ]
    told = [traced(real, one["score_id"]) for one in scored(real, *odd)]
    assert [one["reproduced"] for one in told] == [True] * len(odd)
    assert [one["computed"]["is_open"] for one in told] == [True, True, True, False, True]


def test_neither_ledger_nor_trace_holds_an_address(real, a_lead):
    """An e-mail address that was sent is in no row of the ledger and in no trace."""
    (score,) = scored(real, a_lead(email=ADDRESS))
    assert ADDRESS not in str(traced(real, score["score_id"]))
    with real.ledger() as ledger, ledger.reading() as connection:
        rows = [str(connection.execute(select(table)).all()) for table in METADATA.sorted_tables]
        contents = connection.execute(select(INPUTS.c.content)).scalars().all()
    assert rows
    assert not [row for row in rows if ADDRESS in row]
    (content,) = contents
    assert ADDRESS.encode() not in zlib.decompress(content)


def test_a_score_of_another_model_is_not_reproduced(real, a_lead):
    """A row whose version names a model that says otherwise: the trace says what differs."""
    (score,) = scored(real, a_lead())
    with real.ledger() as ledger, ledger.writing() as connection:
        row = connection.execute(select(SCORES)).one()._asdict()
        content = connection.execute(select(INPUTS)).one()._asdict()
        told = dict.fromkeys(("reasons", "families", "issues"), "[]") | {"changes": "null"}
        forged = {**row, **told, "score_id": OTHER, "probability": 0.999, "grade": "A"}
        connection.execute(insert(SCORES), [forged])
        connection.execute(insert(INPUTS), [{**content, "score_id": OTHER}])
    found = traced(real, OTHER)
    assert found["reproduced"] is False
    differences = {one["what"]: (one["answered"], one["computed"]) for one in found["differences"]}
    assert differences["probability"] == (0.999, score["probability"])


def test_without_inputs_the_ledger_still_tells(real, a_lead):
    """Once a lead's inputs are gone, what was answered and the model are told, and nothing is made up."""
    (score,) = scored(real, a_lead())
    with real.ledger() as ledger, ledger.writing() as connection:
        connection.execute(delete(INPUTS))
    told = traced(real, score["score_id"])
    assert (told["missing"], told["reproduced"]) == (["inputs"], None)
    assert (told["answered"], told["computed"], told["features"]) == (score, None, [])
    assert [one["grade"] for one in told["model"]["grades"] if one["is_reached"]] == [score["grade"]]


def test_a_rejected_lead_has_no_inputs(real, a_lead):
    """What was rejected is not kept; the trace says so and shows the issues that were answered."""
    (score,) = scored(real, a_lead(country=None))
    told = traced(real, score["score_id"])
    assert told["missing"] == ["inputs"]
    assert told["answered"]["issues"] == score["issues"]


def test_an_earlier_model_is_read_from_the_shelf(real, a_lead):
    """A score of a model that is no longer served is computed by that model, while the shelf has it."""
    (score,) = scored(real, a_lead())
    real.shelf.promote("8")
    _until_version(real, a_lead, "8")
    assert traced(real, score["score_id"])["reproduced"] is True
    real.shelf.gone.add("7")
    told = traced(real, score["score_id"])
    assert (told["missing"], told["model"], told["reproduced"]) == (["model"], None, None)


def _until_version(service, a_lead, version):
    end = datetime.now(UTC) + timedelta(seconds=5)
    while scored(service, a_lead("probe"))[0]["model_version"] != version:
        assert datetime.now(UTC) < end


def test_an_earlier_model_that_is_damaged_is_missing(make_service, new_scorer, a_lead):
    """A bundle that cannot be read any more is told as missing."""
    loaded = []

    def load(_, version):
        loaded.append(version)
        if version == "7" and len(loaded) > 1:
            raise BatonError("a bundle is whole", "half of one", "build it again")
        return new_scorer(version)

    service = make_service(load=load)
    (score,) = scored(service, a_lead())
    service.shelf.promote("8")
    _until_version(service, a_lead, "8")
    assert traced(service, score["score_id"])["missing"] == ["model"]


def test_earlier_models_are_kept_in_memory_but_few(make_service, new_scorer, a_lead):
    """Tracing twice reads the bundle once; no more than two stay."""
    loaded = []

    def load(_, version):
        loaded.append(version)
        return new_scorer(version)

    service = make_service(load=load, champion="1")
    ids = {}
    for version in ("1", "2", "3", "4"):
        service.shelf.promote(version)
        _until_version(service, a_lead, version)
        ids[version] = scored(service, a_lead(f"L-{version}"))[0]["score_id"]
    loaded.clear()
    for version in ("1", "1", "2", "1", "3", "2", "4"):
        traced(service, ids[version])
    assert loaded == ["1", "2", "3", "2"]


@pytest.mark.parametrize("score_id", ["unknown", OTHER, "%00", "%F0%9F%9A%80"])
def test_an_unknown_score_is_not_found(real, score_id):
    """An id that the ledger does not have is 404, whatever it looks like."""
    answer = real.client.get(f"/scores/{score_id}/trace", headers=real.headers)
    assert (answer.status_code, answer.json()["type"]) == (404, "/docs#problem-not-found")


def test_a_trace_needs_the_scope_read(make_service, a_lead):
    """A key for scoring alone sees no trace."""
    service = make_service(scopes=("score",))
    (score,) = scored(service, a_lead())
    answer = service.client.get(f"/scores/{score['score_id']}/trace", headers=service.headers)
    assert answer.status_code == 403
    assert service.client.get(f"/scores/{score['score_id']}/trace").status_code == 401


def test_the_example_keeps_to_its_schema():
    """The example of the documentation could be an answer, and adds up."""
    assert set(TraceAnswer(**EXAMPLE).model_dump()) == set(EXAMPLE)
    total = EXAMPLE["computed"]["base"] + sum(one["contribution"] for one in EXAMPLE["features"])
    assert total == pytest.approx(EXAMPLE["computed"]["total"])
    calibrated = EXAMPLE["computed"]["calibrated"]
    assert 1 / (1 + math.exp(-calibrated)) == pytest.approx(EXAMPLE["computed"]["probability"], abs=5e-4)
