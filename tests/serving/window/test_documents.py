"""The model card and the Data Docs: as they were written, under a policy that allows their style alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from serving.routes.window.documents import document, found_below


def style_of(page):
    return re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]


@pytest.mark.parametrize("path", ["/trust/card", "/data/docs/index.html", "/data/docs/leads.html"])
def test_its_own_style_is_allowed_and_nothing_else(crm, new_window, path):
    """The policy names the hash of the style in the head; no script, no picture, no other style."""
    window = new_window(reports=crm.project.reports).sign_in()
    answer = window.client.get(path)
    assert answer.status_code == 200, answer.text[:200]
    policy = answer.headers["content-security-policy"]
    digest = base64.b64encode(hashlib.sha256(style_of(answer.text).encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "<script" not in answer.text
    assert not re.search(r"<[^>]+\sstyle=", answer.text), "the policy would drop it"
    assert "Back to" in answer.text


def test_the_card_is_the_one_that_was_written(crm, window):
    """The page of the card holds what stage card wrote."""
    written = crm.project.card.read_text()
    assert written.partition("<h1>")[2] == window.get("/trust/card").partition("<h1>")[2]


def test_a_style_that_slipped_into_the_body_is_not_allowed():
    """Only styles of the head are hashed."""
    answer = document("<head><style>a</style></head><body><style>b</style></body>", "/data", "Data")
    assert answer.headers["content-security-policy"].count("sha256-") == 1


@pytest.mark.parametrize(
    "name",
    [
        "../model_card.html",
        "..%2fmodel_card.html",
        "%2e%2e/model_card.html",
        "/etc/passwd",
        "x/../../model_card.html",
        "nothing.html",
        "",
        "%00.html",
        "linked.html",
        "plain.txt",
    ],
)
def test_nothing_outside_is_served(crm, new_window, tmp_path, name):
    """No way of writing a path leads out of the folder, nor does a link in it."""
    docs = tmp_path / "reports" / "data_docs"
    docs.mkdir(parents=True)
    (tmp_path / "reports" / "model_card.html").write_text("secret")
    (docs / "linked.html").symlink_to(tmp_path / "reports" / "model_card.html")
    (docs / "plain.txt").write_text("secret")
    window = new_window(reports=tmp_path / "reports").sign_in()
    answer = window.client.get(f"/data/docs/{name}", follow_redirects=True)
    assert answer.status_code == 404
    assert "secret" not in answer.text
    assert found_below(docs, "../model_card.html") is None


def test_they_are_for_those_who_signed_in(crm, new_window):
    """Without a session all of them lead to the sign-in page."""
    window = new_window(reports=crm.project.reports)
    for path in (
        "/trust/card",
        "/data/docs/index.html",
        "/data/broken-rows.csv",
        "/drivers",
        "/trust",
        "/data",
    ):
        answer = window.client.get(path, follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in")


def test_data_docs_that_are_not_there_are_said_to_be_missing(new_window, tmp_path):
    """Without the folder, the page names the setting, and the address answers 404."""
    window = new_window(reports=tmp_path / "nothing").sign_in()
    assert "BATON_REPORTS" in window.get("/data")
    assert window.client.get("/data/docs/index.html").status_code == 404


def test_what_the_gate_said_last_is_told(crm, new_window, tmp_path):
    """The gate's report is shown beside the models, if it is there, and escaped."""
    told = {"bundle_hash": "abc", "passes": False, "objections": ["<b>worse</b>"], "notes": []}
    (tmp_path / "gate.json").write_text(json.dumps(told))
    page = new_window(reports=tmp_path).sign_in().get("/trust")
    assert "it objects. &lt;b&gt;worse&lt;/b&gt;" in page
