"""The page to try a lead by hand: a session that dies with its key, and a trial that hands nothing over."""

from __future__ import annotations

import re
import stat
import time
from html import unescape

import pytest
from sqlalchemy import select

from serving.api_keys import Limits
from serving.key_store import revoke_key
from serving.ledger.tables import HANDOFFS, SCORES
from serving.session_secret import session_secret

ORIGIN = {"Origin": "http://testserver"}
EVIL = "<script>alert('x')</script>"
FORM = {
    "field.created_at": "2026-09-01T08:30",
    "field.industry": "Logistics",
    "field.number_of_employees": "2500",
    "field.country": "DE",
    "activity.1.activity_type": "Web Form",
    "activity.1.occurred_at": "2026-09-02T10:00",
    "activity.1.asset": "",
    "as_of": "",
}


def post(service, path, data, **headers):
    return service.client.post(path, data=data, headers={**ORIGIN, **headers}, follow_redirects=False)


def sign_in(service, key=None, **headers):
    form = {"key": service.key if key is None else key, "next": "/try"}
    return post(service, "/sign-in", form, **headers)


@pytest.fixture
def signed_in(service):
    """A service in whose browser somebody has signed in."""
    assert sign_in(service).headers["location"] == "/try"
    return service


def rows(service, table):
    with service.ledger() as ledger, ledger.reading() as connection:
        return connection.execute(select(table)).all()


def words(page):
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]*>", " ", page)))


def test_a_trial_is_answered_in_words(signed_in):
    """Probability, interval, grade, decision, reasons with their counts, and issues are on the page."""
    answer = post(signed_in, "/try", {**FORM, "field.company": "Nordwind"})
    page = words(answer.text)
    assert answer.status_code == 200
    for said in (
        "To be handed to sales",
        "82 in 100 such leads are qualified by sales within 90 days",
        "Grade A",
        "74\xa0% to 84\xa0%",
        "Where every lead starts 50\xa0%",
        "+8 points 2500 employees",
        "10 in 100 of 1,200 past leads with any got there.",
        "Model 7, agreement 2026.11",
        "Nobody is handed anything",
    ):
        assert said in page, said
    assert 'value="2500"' in answer.text


def test_a_trial_is_in_the_ledger_and_hands_nothing_over(signed_in, a_lead):
    """It is a score like any other, of a lead that nobody has; a real one beside it is handed over."""
    post(signed_in, "/try", FORM)
    post(signed_in, "/try", FORM)
    signed_in.score([a_lead("L-1", number_of_employees=2500)])
    scores = rows(signed_in, SCORES)
    trials = [row for row in scores if row.lead_id.startswith("trial-")]
    assert len({row.lead_id for row in trials}) == 2
    assert {row.decision for row in trials} == {"hand_off"}
    assert {row.key_id for row in trials} == {signed_in.key.split("_")[1]}
    assert {row.handoff_id for row in trials} == {None}
    assert [row.lead_id for row in rows(signed_in, HANDOFFS)] == ["L-1"]


def test_a_rejected_trial_says_why(signed_in):
    """A lead that the agreement rejects has no probability, and its issues are shown."""
    page = words(
        post(signed_in, "/try", {**FORM, "field.country": "", "activity.1.occurred_at": "soon"}).text
    )
    assert "Rejected" in page
    assert "country is filled in" in page
    assert "What speaks" not in page


def test_the_form_asks_what_the_agreement_says(make_service, new_scorer, new_agreement):
    """Its fields come first, allowed values are suggested; what is personal or never used is not asked."""
    agreement = new_agreement(never_use=["annual_revenue"])
    service = make_service(load=lambda *_: new_scorer(agreement=agreement))
    sign_in(service)
    page = service.client.get("/try").text
    names = re.findall(r'name="field\.(\w+)"', page)
    assert names[:3] == ["created_at", "industry", "country"]
    assert '<option value="Logistics">' in page
    assert not {"annual_revenue", "email", "stage", "lead_id", "converted_at"} & set(names)
    for field in re.findall(r'<input id="([^"]+)"', page):
        assert f'<label for="{field}">' in page


def test_what_was_typed_is_escaped(signed_in):
    """HTML in a field is shown as text, in the form and in the issues."""
    page = post(signed_in, "/try", dict.fromkeys(FORM, EVIL)).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("path", ["/try", "/sign-in"])
def test_the_pages_run_nothing_and_send_forms_only_home(signed_in, path):
    """No script, no inline style, no other host; forms may go to Baton alone, and the cache keeps nothing."""
    answer = signed_in.client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'none'" in policy
    assert answer.headers.get_list("content-security-policy") == [policy]
    assert answer.headers.get_list("referrer-policy") == ["same-origin"]
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", answer.text)
    assert "form-action 'none'" in signed_in.client.get("/docs").headers["content-security-policy"]


def test_without_a_session_the_page_asks_for_a_key(service):
    """Neither the form nor a trial is to be had without signing in."""
    for answer in (service.client.get("/try", follow_redirects=False), post(service, "/try", FORM)):
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Ftry")
    assert rows(service, SCORES) == []


def test_a_wrong_key_does_not_sign_in(make_service):
    """It is refused on the page, without a cookie, and is not repeated."""
    service = make_service()
    for key in ("", "hunter2"):
        answer = sign_in(service, key)
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        assert "hunter2" not in answer.text
        assert 'role="alert"' in answer.text


def test_a_key_that_may_not_score_tries_nothing(make_service):
    """Whoever may read signs in, and learns that a trial takes another key."""
    service = make_service(scopes=("read",))
    assert sign_in(service).status_code == 303
    for answer in (service.client.get("/try"), post(service, "/try", FORM)):
        assert answer.status_code == 403
        assert "score" in answer.text
    assert rows(service, SCORES) == []


@pytest.mark.parametrize(
    "wanted",
    [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\t//elsewhere.example",
        "/a\nb",
    ],
)
def test_signing_in_leads_nowhere_else(service, wanted):
    """An address of another site, however it is disguised, is not followed."""
    answer = post(service, "/sign-in", {"key": service.key, "next": wanted})
    assert answer.headers["location"] in {"/month", "/try"}


def test_a_session_ends_with_its_key(signed_in):
    """Once a key is revoked, whoever signed in with it is asked again."""
    with signed_in.ledger() as ledger:
        revoke_key(ledger, signed_in.key.split("_")[1])
    end = time.monotonic() + 5
    while signed_in.client.get("/try", follow_redirects=False).status_code == 200:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert post(signed_in, "/try", FORM).headers["location"] == "/sign-in?next=%2Ftry"


def test_signing_out_ends_the_session(signed_in):
    """The cookie is taken back."""
    answer = post(signed_in, "/sign-out", {"any": ""})
    assert answer.headers["location"] == "/sign-in"
    assert "1970" in answer.headers["set-cookie"]
    assert signed_in.client.get("/try", follow_redirects=False).status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(service, make_service):
    """HttpOnly and SameSite=Strict always; behind TLS Secure, too, and with a name that is this host's."""
    cookie = sign_in(service).headers["set-cookie"].lower()
    assert cookie.startswith("baton=")
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "secure" not in cookie
    assert service.key.split("_", 2)[2].lower() not in cookie
    cookie = sign_in(make_service(behind_tls=True)).headers["set-cookie"].lower()
    assert cookie.startswith("__host-baton=")
    assert {"secure", "path=/"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://[broken"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/try", "/sign-in", "/sign-out"])
def test_a_form_of_another_site_is_refused(signed_in, path, headers):
    """Whatever page sends a form with the visitor's cookie, only Baton's own is heard."""
    answer = post(signed_in, path, FORM, **headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "/docs#problem-cross-site")
    assert rows(signed_in, SCORES) == []


@pytest.mark.parametrize("cookie", ["x", "eyJrZXlfaWQiOiAiYSJ9.x.y", "null", "%00", "é"])
def test_a_forged_cookie_is_no_session(service, cookie):
    """Whatever a cookie says, without Baton's signature it says nothing."""
    answer = service.client.get(
        "/try", headers={"Cookie": f"baton={cookie}".encode()}, follow_redirects=False
    )
    assert answer.status_code == 303


def test_a_trial_counts_against_the_limit_of_the_key(make_service):
    """A page is no way around the limit; it says when there is room again."""
    service = make_service(limits=Limits(per_minute=1))
    sign_in(service)
    assert post(service, "/try", FORM).status_code == 200
    refused = post(service, "/try", FORM)
    assert refused.status_code == 429
    assert "Try again in" in words(refused.text)
    assert 'value="2500"' in refused.text


def test_without_a_model_the_page_says_so(make_service):
    """There is nothing to try, and no form."""
    service = make_service(champion=None)
    sign_in(service)
    assert "No model is in service" in words(service.client.get("/try").text)
    assert post(service, "/try", FORM).status_code == 503


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path):
    """All workers sign with one secret, in a file that nobody else can read."""
    path = tmp_path / "deep" / "session.secret"
    secret = session_secret(path)
    session_secret.cache_clear()
    assert session_secret(path) == secret
    assert len(secret) >= 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["session.secret"]
