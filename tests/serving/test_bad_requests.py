"""Requests that are refused as a whole: each with its problem, its path, and without its values."""

from __future__ import annotations

import gzip
import json
import pickle

import pytest
from sqlalchemy import func, select

from serving.ledger.tables import SCORES
from serving.problems import PROBLEM_JSON

SECRET = "jane.doe@example.com"


def body(**lead: object) -> str:
    return json.dumps({"leads": [{"lead_id": "L-1", "fields": {"email": SECRET}, **lead}]})


def activity(**changes: object) -> dict[str, list[object]]:
    return {"activities": [{"activity_type": "Form", "occurred_at": "2026-09-02", **changes}]}


WRONG_SHAPES = {
    "NaN": ('{"leads": [{"lead_id": "a", "fields": {"size": NaN}}]}', "leads[0].fields.size", "found NaN"),
    "infinity": (
        '{"leads": [{"lead_id": "a", "fields": {"size": -Infinity}}]}',
        "leads[0].fields.size",
        "found an infinite number",
    ),
    "too large for a float": (
        '{"leads": [{"lead_id": "a", "fields": {"size": 1e400}}]}',
        "leads[0].fields.size",
        "found an infinite number",
    ),
    "a list as a field": (body(fields={"email": [SECRET]}), "leads[0].fields.email", "found a list"),
    "an object as a field": (
        body(fields={"a b": {"x": SECRET}}),
        'leads[0].fields["a b"]',
        "found an object",
    ),
    "unknown key of the request": (json.dumps({"leads": [], "lead": []}), "lead", "known are leads"),
    "unknown key of a lead": (body(feilds={}), "leads[0].feilds", "known are lead_id, as_of, fields"),
    "unknown key of an activity": (
        body(**activity(lead_id=SECRET)),
        "leads[0].activities[0].lead_id",
        "known are activity_type",
    ),
    "unknown key of a stage change": (
        body(stage_changes=[{"changed_at": "2026-09-02", "stage": "New", "to": "New"}]),
        "leads[0].stage_changes[0].to",
        "known are changed_at",
    ),
    "no fields": ('{"leads": [{"lead_id": "a"}]}', "leads[0].fields", "it is required"),
    "no lead_id": ('{"leads": [{"fields": {}}]}', "leads[0].lead_id", "it is required"),
    "a number as lead_id": (body(lead_id=42), "leads[0].lead_id", "it is text; found a number"),
    "an empty lead_id": (body(lead_id=""), "leads[0].lead_id", "it is not empty"),
    "a lead_id of 10,000 characters": (body(lead_id="x" * 10_000), "leads[0].lead_id", "at most 255"),
    "a control character in lead_id": (body(lead_id="a\u0000"), "leads[0].lead_id", "no control characters"),
    "a number as a time": (body(as_of=1_790_000_000), "leads[0].as_of", "it is text; found a number"),
    "a missing time": (
        body(activities=[{"activity_type": "Form"}]),
        "leads[0].activities[0].occurred_at",
        "it is required",
    ),
    "null as a time": (
        body(**activity(occurred_at=None)),
        "leads[0].activities[0].occurred_at",
        "it is text; found null",
    ),
    "an object as the activities": (
        body(activities={}),
        "leads[0].activities",
        "it is a list; found an object",
    ),
    "text as the leads": ('{"leads": "all"}', "leads", "it is a list; found text"),
    "a list as the request": ("[]", "the body", "it is an object; found a list"),
    "null as the request": ("null", "the body", "it is an object; found null"),
    "a long strange key": (
        json.dumps({"leads": [], "<script>" * 999: 1}),
        '["<script><script><script><script><script><script><script><script>..."]',
        "it is no key",
    ),
}


@pytest.mark.parametrize("name", WRONG_SHAPES)
def test_a_wrong_shape_is_refused_with_its_path(service, name):
    """422 names the path of the fault and the kind of what was found, and repeats no value."""
    sent, path, message = WRONG_SHAPES[name]
    answer = service.send(sent)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM_JSON)
    assert (problem["status"], problem["type"]) == (422, "/docs#problem-wrong-shape")
    assert path in [fault["path"] for fault in problem["faults"]]
    assert message in next(fault["message"] for fault in problem["faults"] if fault["path"] == path)
    assert problem["faults"][0]["path"] in problem["detail"]
    assert SECRET not in answer.text


@pytest.mark.parametrize(
    ("sent", "status", "slug"),
    [
        ("", 400, "not-json"),
        ("{", 400, "not-json"),
        ("{'leads': []}", 400, "not-json"),
        ('{"leads": []} extra', 400, "not-json"),
        ('{"leads":' + "[" * 100_000, 400, "not-json"),
        ('{"a":' * 100_000, 400, "not-json"),
        ('{"leads": [{"lead_id": "\\ud800", "fields": {}}]}', 400, "not-json"),
        ('{"leads": [{"lead_id": "a", "fields": {"n": ' + "9" * 5_000 + "}}]}", 400, "not-json"),
        (body().encode("utf-16"), 400, "wrong-encoding"),
        (b'{"leads": [{"lead_id": "caf\xe9", "fields": {}}]}', 400, "wrong-encoding"),
        ('{"leads": []}', 422, "wrong-count"),
        ('{"leads": [], "leads": []}', 400, "repeated-key"),
        ('{"leads": [{"lead_id": "a", "fields": {"x": 1, "x": 2}}]}', 400, "repeated-key"),
    ],
)
def test_what_is_not_a_request_is_a_problem(service, sent, status, slug):
    """Whatever the bytes are, the answer is a problem document of a 4xx status that says what to do."""
    answer = service.send(sent)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/docs#problem-{slug}")
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert "Traceback" not in answer.text


def test_a_byte_order_mark_is_passed_over(service, a_lead):
    """RFC 8259 lets a reader ignore a byte-order mark, and some exports write one."""
    sent = b"\xef\xbb\xbf" + json.dumps({"leads": [a_lead()]}).encode()
    assert service.send(sent).status_code == 200


def test_a_repeated_key_is_named_by_its_path(service):
    """The problem leads to the repetition."""
    sent = '{"leads": [{"lead_id": "a", "fields": {"x": 1, "company size": 1, "company size": 2}}]}'
    assert service.send(sent).json()["faults"][0]["path"] == 'leads[0].fields["company size"]'


def test_there_is_a_limit_to_the_leads_of_a_request(make_service, a_lead):
    """As many leads as the limit are answered, and one more is refused with the limit."""
    service = make_service(max_leads=3)
    leads = [a_lead(f"L-{number}") for number in range(4)]
    assert service.score(leads[:3]).status_code == 200
    refused = service.score(leads)
    assert (refused.status_code, refused.json()["type"]) == (422, "/docs#problem-wrong-count")
    assert "1 to 3 leads; found 4" in refused.json()["detail"]


def test_a_lead_given_twice_refuses_the_request(service, a_lead):
    """Two answers for one lead at one moment could contradict each other, so there is none."""
    refused = service.score([a_lead(), a_lead("L-2"), a_lead()])
    assert (refused.status_code, refused.json()["type"]) == (422, "/docs#problem-repeated-lead")
    assert refused.json()["faults"][0]["path"] == "leads[2].lead_id"
    assert "leads[0]" in refused.json()["detail"]


def test_many_faults_are_counted_and_the_first_are_listed(service):
    """A problem stays readable however much is wrong."""
    problem = service.send(json.dumps({"leads": [{"lead_id": i, "fields": {}} for i in range(90)]})).json()
    assert (problem["fault_count"], len(problem["faults"])) == (90, 20)


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/vnd.bentoml+pickle",
        "application/x-pickle",
        "application/octet-stream",
        "application/json; charset=latin-1",
        "application/json, application/vnd.bentoml+pickle",
    ],
)
def test_only_json_is_read(service, tmp_path, content_type):
    """No other content type is read, and a pickle is never unpickled, whatever it is called."""
    trap = tmp_path / "executed"
    for sent in (pickle.dumps(_Trap(str(trap))), json.dumps({"leads": []}).encode()):
        assert service.send(sent, content_type).json()["type"] == "/docs#problem-wrong-type"
    assert service.send(pickle.dumps(_Trap(str(trap)))).status_code == 400
    assert not trap.exists()


class _Trap:
    """What unpickles into a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return open, (self.path, "w")


@pytest.mark.parametrize(
    "content_type", ["application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"']
)
def test_json_may_name_its_encoding(service, a_lead, content_type):
    """UTF-8 may be said in any spelling that HTTP allows."""
    assert service.send(json.dumps({"leads": [a_lead()]}), content_type).status_code == 200


def test_a_compressed_body_is_refused(service, a_lead):
    """What a compressed body unpacks to has no limit."""
    packed = gzip.compress(json.dumps({"leads": [a_lead()]}).encode())
    assert service.send(packed, **{"Content-Encoding": "gzip"}).status_code == 415


def test_a_body_above_the_limit_is_refused_with_or_without_its_length(make_service, a_lead):
    """The limit holds for a declared length and for a body that comes in pieces of unknown number."""
    service = make_service(max_body_bytes=4096)
    large = json.dumps({"leads": [a_lead(notes="x" * 5000)]})

    def pieces():
        yield from (large[start : start + 1000].encode() for start in range(0, len(large), 1000))

    for sent in (large, pieces()):
        refused = service.send(sent)
        assert (refused.status_code, refused.json()["type"]) == (413, "/docs#problem-too-large")
        assert refused.headers["connection"] == "close"
    assert service.score([a_lead()]).status_code == 200


def test_nothing_that_was_refused_is_in_the_ledger(service, a_lead):
    """Only what was answered is written."""
    service.score([a_lead(), a_lead()])
    service.send("[]")
    with service.ledger() as ledger, ledger.reading() as connection:
        assert connection.execute(select(func.count()).select_from(SCORES)).scalar() == 0


def test_an_unknown_address_or_method_is_a_problem_too(service):
    """404 and 405 have the shape of every other problem."""
    missing, wrong = service.client.get("/nope"), service.client.get("/score")
    assert (missing.status_code, missing.json()["type"]) == (404, "/docs#problem-not-found")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert missing.headers["content-type"] == wrong.headers["content-type"] == PROBLEM_JSON
