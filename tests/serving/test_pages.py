"""The pages: readable without scripts or other hosts, and safe whatever the CRM and the agreement hold."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from serving.answers import EXAMPLE as ANSWER
from serving.answers import ScoreAnswer
from serving.feedback_answers import (
    ERASURE_EXAMPLE,
    HANDOFFS_EXAMPLE,
    ErasureAnswer,
    HandoffsAnswer,
    LeadStory,
    story_example,
)
from serving.feedback_messages import FEEDBACK_EXAMPLE, VERDICT_EXAMPLE, FeedbackRequest, HandoffVerdict
from serving.messages import EXAMPLE, ScoreRequest
from serving.problems import PROBLEM_KINDS

EVIL = "<script>alert('x')</script>"
PAGES = ("/", "/docs")


class Page(HTMLParser):
    """The tags, addresses and anchors of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.addresses, self.ids = [], [], set()
        self.attributes = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        found = dict(attrs)
        self.addresses += [found[name] for name in ("href", "src", "action") if name in found]
        if "id" in found:
            self.ids.add(found["id"])


def test_the_home_page_says_what_decides_and_how_it_is(service, a_lead):
    """Model, agreement in plain words, scores of the day and a line to try are on one page."""
    service.score([a_lead(), a_lead("L-2", country=None)])
    page = re.sub(r"\s+", " ", service.client.get("/").text)
    for words in (
        "Ready to score",
        "Model 7",
        "Qualified by sales within 90 days",
        "Agreement 2026.11",
        "a lead reaches sql within 90 days",
        "Ada signed for sales.",
        "1,200",
        "Hand off</dt><dd>1<",
        "Reject</dt><dd>1<",
        "curl -s http://127.0.0.1:3000/score",
    ):
        assert words in page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_script_and_no_other_host(service, path):
    """Every address on a page is Baton's own and answers; there is neither script nor inline style."""
    answer = service.client.get(path)
    page = Page(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert not {"script", "iframe", "form", "style"} & set(page.tags)
    assert not [name for name in page.attributes if name == "style" or name.startswith("on")]
    for address in page.addresses:
        assert address.startswith(("/", "#"))
        assert not address.startswith("//")
        if address.startswith("#"):
            assert address[1:] in page.ids
        else:
            assert service.client.get(address).status_code == 200


@pytest.mark.parametrize("path", [*PAGES, "/score", "/livez", "/nope", "/assets/baton.css"])
def test_every_answer_has_the_security_headers(service, path):
    """A browser is told to run nothing, frame nothing, guess nothing; no server is advertised."""
    headers = service.client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["x-permitted-cross-domain-policies"] == "none"
    assert "strict-transport-security" not in headers
    assert "server" not in headers
    assert "cache-control" in headers


def test_behind_tls_browsers_are_told_to_stay_there(make_service):
    """HSTS is the operator's to switch on: too early it would lock browsers out."""
    service = make_service(behind_tls=True)
    for path in ("/", "/score", "/nope"):
        assert service.client.get(path).headers["strict-transport-security"] == "max-age=31536000"


def test_what_the_agreement_says_is_escaped(make_service, new_scorer, new_agreement):
    """HTML in a name, a stage or a reason of the agreement is shown, and does nothing."""
    agreement = new_agreement(
        version=EVIL,
        signatories=[{"team": EVIL, "name": EVIL}],
        stages={"inquiry": [EVIL], "sql": ["Qualified"]},
        never_use=[EVIL],
    )
    service = make_service(load=lambda *_: new_scorer(EVIL, agreement))
    page = service.client.get("/").text
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 5


def test_only_loopback_shows_model_and_agreement_without_a_key(make_service):
    """Where others can reach Baton, the page says how it is and no more, unless the operator wants it."""
    closed = make_service(host="0.0.0.0").client.get("/").text
    assert "Ready to score" in closed
    assert "Agreement 2026.11" not in closed
    assert "Model 7" not in closed
    assert "Agreement 2026.11" in make_service(host="0.0.0.0", open_page=True).client.get("/").text
    assert "Agreement 2026.11" not in make_service(open_page=False).client.get("/").text


def test_the_home_page_survives_a_silent_ledger(service, tmp_path):
    """Without its ledger Baton still shows its page, and what is missing."""
    (tmp_path / "var/ledger.db").rename(tmp_path / "away")
    page = service.client.get("/").text
    assert "The ledger cannot be read now" in page


def test_the_api_page_shows_every_operation_body_and_problem(service):
    """What the OpenAPI document holds is on the page, each thing with an anchor."""
    document = service.client.get("/openapi.json").json()
    page = service.client.get("/docs")
    ids = Page(page.text).ids
    operations = [found["operationId"] for path in document["paths"].values() for found in path.values()]
    assert set(operations) <= ids
    schemas = document["components"]["schemas"]
    assert {name for name in schemas if "properties" in schemas[name]} <= ids
    assert {f"problem-{kind.slug}" for kind in PROBLEM_KINDS} <= ids
    assert len({kind.slug for kind in PROBLEM_KINDS}) == len(PROBLEM_KINDS)


def test_a_part_that_may_be_missing_leads_to_its_body(service):
    """What changed since the last score may be null, and the page links to what it is otherwise."""
    page = service.client.get("/docs").text
    assert re.search(r'null or\s*<a href="#[^"]*ChangeAnswer"', page)
    assert "any or null" not in page


def test_the_page_of_the_api_tells_every_parameter(service):
    """What may stand in a query, a path or a header is on the page as it is in the document."""
    page = service.client.get("/docs").text
    paths = service.client.get("/openapi.json").json()["paths"]
    names = {
        one["name"]
        for operations in paths.values()
        for operation in operations.values()
        for one in operation.get("parameters", ())
    }
    assert {
        "state",
        "overdue",
        "grade",
        "limit",
        "cursor",
        "lead_id",
        "handoff_id",
        "Idempotency-Key",
    } <= names
    assert {name for name in names if f"<td><code>{name}</code>" not in page} == set()


def test_the_openapi_document_is_whole(service):
    """Operation ids are set by hand, schemas are named and flat, and every reference leads somewhere."""
    document = service.client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert set(document["paths"]) == {
        "/score",
        "/scores/{score_id}/trace",
        "/feedback",
        "/handoffs",
        "/handoffs/{handoff_id}",
        "/leads/{lead_id}",
        "/livez",
        "/readyz",
        "/healthz",
        "/model",
        "/agreement",
        "/metrics",
    }
    operations = [found for path in document["paths"].values() for found in path.values()]
    assert all(re.fullmatch(r"[a-z_]+", found["operationId"]) for found in operations)
    references = set(re.findall(r"#/components/schemas/(\w+)", service.client.get("/openapi.json").text))
    assert references <= set(schemas)
    assert "ScoreRequest" in references
    for schema in schemas.values():
        for found in schema.get("properties", {}).values():
            assert "properties" not in found
    secured = {found["operationId"] for found in operations if "security" in found}
    assert secured == {found["operationId"] for found in operations} - {"is_alive", "is_ready", "is_healthy"}


def test_the_examples_keep_to_their_schemas(service):
    """The example request can be sent, and the example answer could be one."""
    ScoreRequest.model_validate(EXAMPLE, strict=False)
    assert service.client.post("/score", json=EXAMPLE, headers=service.headers).status_code == 200
    assert set(ScoreAnswer(**ANSWER).model_dump()["scores"][0]) == set(ANSWER["scores"][0])
    FeedbackRequest.model_validate(FEEDBACK_EXAMPLE, strict=False)
    HandoffVerdict.model_validate(VERDICT_EXAMPLE, strict=False)
    story = story_example(ANSWER["scores"])
    assert set(LeadStory(**story).model_dump()["scores"][0]) == set(ANSWER["scores"][0])
    assert HandoffsAnswer(**HANDOFFS_EXAMPLE).handoffs[0].state == "open"
    assert ErasureAnswer(**ERASURE_EXAMPLE).scores == 3


def test_an_asset_is_only_what_the_pages_use(service):
    """No other file of the machine is served."""
    for name in ("home.html", "../settings.py", "%2e%2e/settings.py", "rendering.py"):
        assert service.client.get(f"/assets/{name}").status_code == 404
