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
    url, headers, data = "", {}, None
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            data = words.pop(0)
        elif word != "-s":
            assert not url
            url = word
    path = url.removeprefix("http://127.0.0.1:3000")
    assert path.startswith("/")
    return service.client.request("GET" if data is None else "POST", path, headers=headers, content=data)


def a_score(service) -> str:
    """Return the id of a score."""
    scored = next(block for block in CURLS if "/score " in block and "as_of" not in block)
    return run(scored, service).json()["scores"][0]["score_id"]


@pytest.mark.parametrize("line", CURLS)
def test_every_curl_line_works(service, line):
    """What the document tells a reader to type is answered."""
    answer = run(line, service)
    assert answer.status_code == 200
    if "3000/score " in line:
        assert [score["decision"] for score in answer.json()["scores"]] != ["reject"]


def test_the_curl_line_of_the_page_works(service):
    """The line on the home page can be pasted as it is."""
    page = service.client.get("/").text
    found = re.search(r"<code>(curl.*?)</code>", page, re.DOTALL)
    line = found[1].replace("&#34;", '"').replace("&#39;", "'")
    assert run(line, service).status_code == 200


def test_every_address_has_a_curl_line(service):
    """An address of the API that the document does not show fails this test."""
    told = set(re.findall(r"127\.0\.0\.1:3000(/\w+)", "".join(CURLS)))
    addresses = set(service.client.get("/openapi.json").json()["paths"])
    assert {path for path in addresses if path not in told and f"`{path}`" not in DOCUMENT} == set()
    assert {"/score", "/model", "/agreement", "/livez", "/readyz"} <= told


@pytest.mark.parametrize("command", ["create", "list", "revoke"])
def test_every_key_command_and_option_is_documented(command):
    """An option of `baton keys` that the document does not name fails this test."""
    shown = (
        CliRunner().invoke(APP, ["keys", command, "--help"], env={"COLUMNS": "200", "TERM": "dumb"}).output
    )
    options = set(re.findall(r"--[a-z-]+", shown)) - {"--help"}
    assert f"`baton keys {command}" in DOCUMENT
    assert {option for option in options if option not in DOCUMENT} == set()
