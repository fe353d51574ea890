"""A request that is sent twice is answered twice and written once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, func, insert, select

from serving.ledger.tables import HANDOFFS, REMOVALS, REQUESTS, SCORES

KEY = "5b0c1e6e-6f0e-4f2e-9a57-0a6f8f7f8a10"


def body_of(*leads):
    return json.dumps({"leads": list(leads)})


def rows(service, table=SCORES):
    with service.ledger() as ledger, ledger.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def test_a_retry_gets_the_same_answer_and_writes_nothing(service, a_lead):
    """To the byte, rejected leads, reasons and moments included, though another second has begun."""
    body = body_of(a_lead("L-1"), a_lead("L-2", country=None), a_lead("L-3", email="x@example.com"))
    first = service.send(body, **{"Idempotency-Key": KEY})
    again = service.send(body, **{"Idempotency-Key": KEY})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert rows(service) == 3
    assert rows(service, HANDOFFS) == 2


def test_without_a_key_each_request_counts(service, a_lead):
    """Two requests without a key are two scorings: a CRM may want a new score of an unchanged lead."""
    bodies = [service.send(body_of(a_lead())).json()["scores"][0]["score_id"] for _ in range(2)]
    assert len(set(bodies)) == 2
    assert rows(service) == 2


def test_another_request_under_the_same_key_is_refused(service, a_lead):
    """The key names one request: nothing is scored under a key that has been used for something else."""
    service.send(body_of(a_lead("L-1")), **{"Idempotency-Key": KEY})
    other = service.send(body_of(a_lead("L-2")), **{"Idempotency-Key": KEY})
    assert (other.status_code, other.json()["type"]) == (422, "/docs#problem-other-request")
    assert rows(service) == 1


def test_keys_of_two_clients_do_not_meet(make_service, a_lead):
    """An idempotency key belongs to the API key that it was sent with."""
    one, two = make_service(), make_service()
    for service in (one, two):
        assert service.send(body_of(a_lead("L-1")), **{"Idempotency-Key": KEY}).status_code == 200
    assert rows(one) == 2


@pytest.mark.parametrize("key", ["", "with space", "k" * 256])
def test_a_key_that_is_none_is_refused(service, a_lead, key):
    """Refused before anything is scored, since a retry could not be told."""
    refused = service.send(body_of(a_lead()), **{"Idempotency-Key": key})
    assert (refused.status_code, refused.json()["type"]) == (400, "/docs#problem-wrong-idempotency-key")
    assert rows(service) == 0


def test_retries_at_the_same_moment_write_once(service, a_lead):
    """Twenty at once, in one group or in several, get one answer."""
    body = body_of(a_lead())
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: service.send(body, **{"Idempotency-Key": KEY}), range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert (rows(service), rows(service, REQUESTS), rows(service, HANDOFFS)) == (1, 1, 1)


def test_a_retry_works_after_a_restart_and_under_another_model(make_service, a_lead):
    """What was answered is what was answered: the ledger tells, not the process or the model."""
    first = make_service()
    answer = first.send(body_of(a_lead()), **{"Idempotency-Key": KEY})
    second = make_service(champion="8", scopes=())
    again = second.client.post(
        "/score",
        content=body_of(a_lead()),
        headers={**first.headers, "Content-Type": "application/json", "Idempotency-Key": KEY},
    )
    assert again.content == answer.content
    assert again.json()["scores"][0]["model_version"] == "7"


def test_a_retry_after_an_erasure_says_so(service, a_lead):
    """What is gone is not scored again under the same key, and not made up."""
    body = body_of(a_lead("L-1"))
    service.send(body, **{"Idempotency-Key": KEY})
    with service.ledger() as ledger, ledger.writing() as connection:
        connection.execute(insert(REMOVALS), {"removal_id": "r", "lead_id": "L-1"})
        connection.execute(delete(SCORES))
        connection.execute(delete(REMOVALS))
    gone = service.send(body, **{"Idempotency-Key": KEY})
    assert (gone.status_code, gone.json()["type"]) == (410, "/docs#problem-erased")
    assert rows(service) == 0
