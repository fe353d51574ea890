"""docs/serving.md does what it says: each of its curl lines is run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from serving.commands import APP

DOCUMENT = (Path(__file__).parents[2] / "docs/serving.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
CURLS = [block for block in BLOCKS if block.startswith("curl")]


def run(line: str, service):
    """Send what a curl line would send."""
    if "$SCORE_ID" in line:
        line = line.replace("$SCORE_ID", a_score(service))
    words = shlex.split(line.replace("$BATON_KEY", service.key).replace("\\\n", " "))
    assert words.pop(0) == "curl"
    url, headers, data, method = "", {}, None, None
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = words.pop(0)
        elif word == "-X":
            method = words.pop(0)
        elif word != "-s":
            assert not url
            url = word
    path = url.removeprefix("http://127.0.0.1:3000")
    assert path.startswith("/")
    method = method or ("GET" if data is None else "POST")
    return service.client.request(method, path, headers=headers, content=data)


@pytest.fixture
def known(make_service, new_scorer, new_agreement):
    """A service that has handed over the lead of the document, under an agreement with its reasons."""
    agreement = new_agreement(sla={"rejection_reasons": {"no_budget": "There is no budget."}})
    return make_service(load=lambda _, version: new_scorer(version, agreement))


def a_score(service) -> str:
    """Return the id of a score."""
    scored = next(block for block in CURLS if "/score " in block and "as_of" not in block)
    return run(scored, service).json()["scores"][0]["score_id"]


@pytest.mark.parametrize("line", CURLS)
def test_every_curl_line_works(known, a_lead, line):
    """What the document tells a reader to type is answered."""
    service = known
    handoff_id = service.score([a_lead("L-1001")]).json()["scores"][0]["handoff_id"]
    answer = run(line.replace("$HANDOFF_ID", handoff_id), service)
    assert answer.status_code == 200
    if "3000/score " in line:
        assert [score["decision"] for score in answer.json()["scores"]] != ["reject"]


def test_the_curl_line_of_the_page_works(service):
    """The line on the home page can be pasted as it is."""
    page = service.client.get("/").text
    found = re.search(r"<code>(curl.*?)</code>", page, re.DOTALL)
    line = found[1].replace("&#34;", '"').replace("&#39;", "'")
    assert run(line, service).status_code == 200


def test_every_operation_has_a_curl_line(service):
    """A method of an address of the API that the document does not show fails this test."""
    shown = [operation_of(line) for line in CURLS]
    paths = service.client.get("/openapi.json").json()["paths"]
    missing = {
        (method.upper(), path)
        for path, operations in paths.items()
        for method in operations
        if not any(
            one == method.upper() and re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), place)
            for one, place in shown
        )
    }
    assert missing == {("GET", "/healthz")}
    assert "`/healthz`" in DOCUMENT


def operation_of(line: str) -> tuple[str, str]:
    """Return the method and the path of a curl line."""
    path = re.search(r"127\.0\.0\.1:3000(/[^\s?\"]*)", line)[1]
    method = re.search(r"-X (\w+)", line)
    return method[1] if method else "POST" if " -d " in line else "GET", path


@pytest.mark.parametrize(
    "command",
    [
        "keys create",
        "keys list",
        "keys rotate",
        "keys revoke",
        "ledger audit",
        "ledger prune",
        "ledger export",
    ],
)
def test_every_command_and_option_is_documented(command):
    """An option of `baton keys` or `baton ledger` that the document does not name fails this test."""
    words = [*command.split(), "--help"]
    shown = CliRunner().invoke(APP, words, env={"COLUMNS": "200", "TERM": "dumb"}).output
    options = set(re.findall(r"--[a-z-]+", shown)) - {"--help"}
    assert f"baton {command}" in DOCUMENT
    assert {option for option in options if option not in DOCUMENT} == set()
