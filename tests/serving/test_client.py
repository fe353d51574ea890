"""The client for Python programs: typed, patient, and light."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from serving.client import answers
from serving.client.client import BatonClient
from serving.client.problem import BatonProblem
from serving.client.sending import Patience, send
from serving.ledger.tables import SCORES

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/client.md").read_text()
SCHEMAS = {
    "LeadAnswer": answers.Score,
    "ReasonAnswer": answers.Reason,
    "FamilyAnswer": answers.Family,
    "MovedAnswer": answers.Moved,
    "ChangeAnswer": answers.Changes,
    "IssueAnswer": answers.Issue,
    "ScoreAnswer": answers.Scores,
    "ModelAnswer": answers.Model,
    "HandoffAnswer": answers.Handoff,
    "HandoffsAnswer": answers.Handoffs,
    "FeedbackAnswer": answers.Feedback,
    "LeadStory": answers.LeadStory,
    "ErasureAnswer": answers.Erasure,
}


@pytest.fixture
def client(service):
    """A client of the running application."""
    return BatonClient("http://testserver", service.key, http=service.client)


def test_the_example_of_the_document_runs(service, monkeypatch, capsys):
    """What docs/client.md shows can be pasted, and prints what it says."""
    monkeypatch.setenv("BATON_KEY", service.key)
    monkeypatch.setattr("serving.client.client.httpx.Client", lambda **_: service.client)
    monkeypatch.setattr(service.client, "close", lambda: None)
    exec(re.search(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)[1], {})
    printed = capsys.readouterr().out.splitlines()
    lines = [line for line in printed if " INFO " not in line]
    assert re.fullmatch(r"L-1001: (hand_off|nurture), \d+%", lines[0])
    assert lines[-2:] == ["model 7, agreement 2026.11", "repeated-lead leads[1].lead_id"]


def test_every_method_is_documented():
    """A method that the document does not name fails this test."""
    methods = {name for name in vars(BatonClient) if not name.startswith("_")} - {"close"}
    assert {name for name in methods if f"`{name}(" not in DOCUMENT} == set()


def test_scores_are_typed(client, a_lead):
    """Answers come as models, the moments as moments, in the order of the leads."""
    first, rejected = client.score([a_lead("a/b c"), a_lead("L-2", country=None)])
    assert (first.lead_id, rejected.lead_id) == ("a/b c", "L-2")
    assert first.scored_at.tzinfo is not None
    assert first.reasons[0].leads == 1200
    assert (rejected.decision, rejected.probability, rejected.issues[0].field) == ("reject", None, "country")
    [bare] = client.score([a_lead()], reasons=False)
    assert bare.reasons == ()


def test_model_and_agreement_are_typed(client):
    """Keys of the agreement that are not typed can be had all the same."""
    assert client.model().features == ("employees", "activities")
    agreement = client.agreement()
    assert agreement.version == "2026.11"
    assert agreement.model_extra["target"]["within_days"] == 90


def test_a_refusal_is_a_problem(client, a_lead):
    """The exception says what Baton said, and holds the document."""
    with pytest.raises(BatonProblem, match=r"422 .*leads\[0\].fields.size") as raised:
        client.score([a_lead(size=[1])])
    assert raised.value.problem.slug == "wrong-shape"
    assert raised.value.problem.faults[0].path == "leads[0].fields.size"


def test_the_client_knows_every_key_that_is_answered(service):
    """A key that Baton answers and the client does not know fails this test."""
    schemas = service.client.get("/openapi.json").json()["components"]["schemas"]
    known = {name: model for name, model in SCHEMAS.items() if name in schemas}
    assert {"LeadAnswer", "ScoreAnswer", "ModelAnswer", "ChangeAnswer"} <= set(known)
    for name, model in known.items():
        assert set(model.model_fields) == set(schemas[name]["properties"]), name


def answering(*responses):
    """Return a client whose requests are answered in turn, what was sent, and how long was waited."""
    sent, waits, left = [], [], list(responses)

    def handle(request):
        sent.append(request)
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    return httpx.Client(transport=httpx.MockTransport(handle)), sent, waits


def try_to_send(http, waits, patience=None):
    request = http.build_request("POST", "http://baton/score", headers={"Idempotency-Key": "k"})
    return send(http, request, patience or Patience(), waits.append)


BUSY = (503, {"type": "/docs#problem-busy", "title": "Busy", "status": 503, "detail": "Try again."})


def refused(status=503, **headers):
    return httpx.Response(status, json={**BUSY[1], "status": status}, headers=headers)


def test_a_busy_baton_is_asked_again_when_it_says():
    """After 429 and 503 the same request is sent again, under the same key, after Retry-After."""
    http, sent, waits = answering(
        refused(429, **{"Retry-After": "7"}), refused(), httpx.ConnectError("gone"), httpx.Response(200)
    )
    assert try_to_send(http, waits).status_code == 200
    assert waits == [7.0, 1.0, 2.0]
    assert {request.headers["idempotency-key"] for request in sent} == {"k"}


@pytest.mark.parametrize(
    ("responses", "tries"),
    [
        ([refused(**{"Retry-After": "91"})], 1),
        ([refused()] * 5, 5),
        ([refused(422)], 1),
        ([refused(**{"Retry-After": "50"})] * 2, 2),
    ],
)
def test_patience_ends(responses, tries):
    """A refusal that time does not mend, too long a wait, or too many tries is the caller's to know."""
    http, sent, waits = answering(*responses)
    with pytest.raises(BatonProblem):
        try_to_send(http, waits)
    assert len(sent) == tries
    assert sum(waits) <= 90


def test_a_baton_out_of_reach_is_told_as_such():
    """When no answer comes at all, the transport's own error is raised."""
    http, sent, waits = answering(*[httpx.ConnectError("gone")] * 3)
    with pytest.raises(httpx.ConnectError):
        try_to_send(http, waits, Patience(tries=3))
    assert len(sent) == 3


def test_what_is_not_batons_answer_is_a_problem_too():
    """A proxy in between may answer with a page."""
    http, _, waits = answering(httpx.Response(502, text="<html>Bad gateway</html>"))
    with pytest.raises(BatonProblem, match="502 Bad Gateway") as raised:
        try_to_send(http, waits)
    assert raised.value.problem.type == "about:blank"


def test_a_call_that_is_sent_twice_writes_once(service, a_lead, monkeypatch):
    """An answer that was lost on its way does not double a score."""
    real, lost = service.client.send, []

    def lose_the_first(request, **options):
        response = real(request, **options)
        if not lost:
            lost.append(response.json())
            raise httpx.ReadTimeout("lost")
        return response

    monkeypatch.setattr(service.client, "send", lose_the_first)
    monkeypatch.setattr("serving.client.sending.time.sleep", lambda _: None)
    [score] = BatonClient("http://testserver", service.key, http=service.client).score([a_lead()])
    assert score.score_id == lost[0]["scores"][0]["score_id"]
    with service.ledger() as ledger, ledger.reading() as connection:
        assert connection.execute(select(func.count()).select_from(SCORES)).scalar() == 1


def test_each_method_asks_the_agreed_address():
    """Ids are one step of the path whatever they hold; what was not said is not sent."""
    sent = []

    def handle(request):
        sent.append((request.method, request.url.raw_path.decode(), request.content.decode()))
        return httpx.Response(404, json={**BUSY[1], "status": 404})

    with httpx.Client(transport=httpx.MockTransport(handle)) as http:
        baton = BatonClient("http://baton/", "key", http=http)
        until = datetime(2027, 1, 1, tzinfo=UTC)
        for call in (
            lambda: baton.lead("a/b ü", limit=5),
            lambda: baton.erase("a/b"),
            lambda: baton.handoffs("open", overdue=True, grade="A"),
            lambda: baton.answer_handoff("h-1", "rejected", by="Ada", reason="no_budget"),
            lambda: baton.feedback("L-1", "recycled", by="Ada", until=until),
            lambda: baton.trace("s-1"),
        ):
            with pytest.raises(BatonProblem):
                call()
    assert [(method, path) for method, path, _ in sent] == [
        ("GET", "/leads/a%2Fb%20%C3%BC?limit=5"),
        ("DELETE", "/leads/a%2Fb"),
        ("GET", "/handoffs?state=open&overdue=true&grade=A"),
        ("POST", "/handoffs/h-1"),
        ("POST", "/feedback"),
        ("GET", "/scores/s-1/trace"),
    ]
    assert json.loads(sent[3][2]) == {"verdict": "rejected", "by": "Ada", "reason": "no_budget"}
    assert json.loads(sent[4][2])["until"] == "2027-01-01T00:00:00+00:00"


def test_the_client_shows_no_key():
    """A client in a log or a debugger does not tell its key."""
    assert "secret" not in repr(BatonClient("http://baton", "secret"))


def test_the_client_pulls_in_nothing_of_the_stack():
    """A program that asks Baton needs httpx and pydantic alone."""
    code = (
        "import sys, serving.client.client\n"
        "heavy = {'fastapi', 'starlette', 'sqlalchemy', 'numpy', 'models', 'features', 'data_checks'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
