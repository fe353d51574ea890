"""How much a key may ask: counted by lead, refused with a moment to come back at."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from serving.api_keys import NO_LIMITS, Grant, Limits
from serving.problems import TOO_MANY, Problem
from serving.rates import Rates

GRANT = Grant("k1", "0" * 64, frozenset({"score"}), Limits(per_minute=10))


def refused(rates, grant, count=1):
    with pytest.raises(Problem) as raised:
        rates.spend(grant, count)
    assert raised.value.kind == TOO_MANY
    return int(raised.value.headers["Retry-After"])


def test_a_key_may_ask_so_much_a_minute_and_then_waits(monkeypatch):
    """What is left is given out to the last lead; after the named wait the whole minute is there again."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    rates = Rates()
    rates.spend(GRANT, 6)
    now[0] += 20.5
    assert refused(rates, GRANT, 5) == 40
    rates.spend(GRANT, 4)
    wait = refused(rates, GRANT)
    assert wait == 40
    now[0] += wait
    rates.spend(GRANT, 10)


def test_each_key_is_counted_by_itself():
    """One key's haste is not another's wait."""
    rates = Rates()
    rates.spend(GRANT, 10)
    refused(rates, GRANT)
    rates.spend(replace(GRANT, key_id="k2"), 10)


def test_a_key_without_a_limit_of_its_own_has_the_common_one():
    """The key's own limit goes before `BATON_PER_MINUTE`, in either direction."""
    unlimited = replace(GRANT, limits=NO_LIMITS)
    Rates().spend(unlimited, 1_000_000)
    refused(Rates(5), unlimited, 6)
    Rates(5).spend(GRANT, 10)


@pytest.mark.parametrize(
    ("limits", "most"),
    [(Limits(), 100), (Limits(most_leads=7), 7), (Limits(per_minute=5), 5), (Limits(500, 200), 100)],
)
def test_a_request_holds_no_more_than_any_limit_allows(limits, most):
    """A request that is larger than a minute's worth could never be answered."""
    assert Rates().most_leads(replace(GRANT, limits=limits), 100) == most


def test_leads_are_counted_at_the_endpoint(make_service, a_lead):
    """Each lead counts, a request that is refused for its shape counts one, and 429 is a problem."""
    service = make_service(limits=Limits(per_minute=5))
    assert service.score([a_lead("L-1"), a_lead("L-2"), a_lead("L-3")]).status_code == 200
    assert service.send("{").status_code == 400
    refused = service.score([a_lead("L-4"), a_lead("L-5")])
    assert (refused.status_code, refused.json()["type"]) == (429, "/docs#problem-too-many")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert service.score([a_lead("L-4")]).status_code == 200
    assert service.client.get("/model", headers=service.headers).status_code == 429
    assert service.client.get("/livez").status_code == 200


def test_a_key_may_send_fewer_leads_than_others(make_service, a_lead):
    """A key's own limit to a request is told as the service's would be."""
    service = make_service(limits=Limits(most_leads=2))
    refused = service.score([a_lead(f"L-{number}") for number in range(3)])
    assert (refused.status_code, refused.json()["type"]) == (422, "/docs#problem-wrong-count")
    assert "1 to 2 leads; found 3" in refused.json()["detail"]


def test_429_is_documented_wherever_a_key_is_asked_for(service):
    """A generator knows of the limit on every operation that takes a key."""
    for path in service.client.get("/openapi.json").json()["paths"].values():
        for operation in path.values():
            assert ("429" in operation["responses"]) == ("security" in operation)
            if "security" in operation:
                assert "Retry-After" in operation["responses"]["429"]["headers"]
