"""The report tells both heads what their hand-off rule brings."""

from __future__ import annotations

import html
import json
import re
from xml.etree import ElementTree as ET

import pytest

from judged_projects import trained_project
from pipeline.cut_off_picture import draw_cut_offs
from pipeline.project import Project
from pipeline.stages.evaluate import run_evaluate
from pipeline.stages.report import run_report
from pipeline.store import read_json, write_json


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project that has gone as far as the bundle, its data without findings."""
    project = trained_project(tmp_path_factory.mktemp("trained") / "project")
    nothing = {"now": "2025-12-31T00:00", "findings": [], "set_aside": {}, "notes": []}
    write_json(nothing, project.findings)
    return project.root


@pytest.fixture(
    scope="module",
    params=[
        {"by": "capacity", "leads_per_week": 1},
        {"by": "probability", "at_least": 1.0},
    ],
    ids=lambda rule: rule["by"],
)
def told(request, folder):
    """The rule, the table, and the report's words and markup under it."""
    path = folder / "agreement.yaml"
    rule = f"handoff: {json.dumps(request.param)}"
    text, changed = re.subn(r"^handoff: .*$", rule, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert changed == 1
    path.write_text(text, encoding="utf-8")
    project = Project(folder)
    run_evaluate(project)
    run_report(project)
    page = project.report.read_text(encoding="utf-8")
    return read_json(project.cut_offs), words_of(page), page


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def agreed_of(table) -> dict:
    (own,) = (way for way in table["ways"] if way["agreed"])
    return own


def test_the_report_tells_the_agreed_rules_figures(told):
    """Leads a week, SQLs caught and missed stand in the text and in the one row that is marked as agreed."""
    table, words, page = told
    own = agreed_of(table)
    (row,) = re.findall(r'<tr class="own"><td>[^<]*<br>agreed</td>.*?</tr>', page, re.DOTALL)
    if own["brings"]["handed"]:
        brings = {name: f"{own['brings'][name]['value']:,.0f}" for name in ("per_week", "caught", "missed")}
        assert f"comes to {brings['per_week']} leads a week" in words
        assert f"{brings['caught']} of {table['sqls']:,} SQLs" in words
        assert f"{brings['missed']} are missed" in words
        assert re.findall(r"<td>([\d,]+)<br>", row) == list(brings.values())
    else:
        assert own["shortfall"] in words
        assert own["shortfall"] in row
        assert "Nobody is handed off under the agreed rule" in words


def test_every_rule_and_grade_has_its_row(told):
    """No rule that was compared and no agreed grade is left out of the page."""
    table, _, page = told
    section = page[page.index('id="cut-offs"') : page.index("How it does at each age")]
    shortfalls = sum(bool(way["shortfall"] and way["brings"]["handed"]) for way in table["ways"])
    headings = 2 + 3
    assert section.count("<tr") == len(table["ways"]) + shortfalls + len(table["grades"]) + headings


def test_the_picture_marks_the_agreed_point_where_there_is_one(told):
    """The agreed rule is named in the picture with its leads a week, unless it hands off nobody."""
    table, _, page = told
    picture = draw_cut_offs(table, "SQL")
    ET.fromstring(picture)
    assert picture in page
    own = agreed_of(table)["brings"]
    assert re.findall(r">agreed: ([\d,]+) a week<", picture) == (
        [f"{own['per_week']['value']:,.0f}"] if own["handed"] else []
    )


def test_the_bundle_is_decided_by_the_cut_off_that_the_report_tells(told, folder):
    """The cut-off in the metrics, from which the bundle takes its own, is the agreed row's."""
    table, _, _ = told
    cut = agreed_of(table)["cut_off"]
    assert read_json(Project(folder).metrics)["cut_off"] == cut
