"""The stages back_test and hindsight, and what the report tells of them."""

from __future__ import annotations

import html
import re
from xml.etree import ElementTree as ET

import pytest

from judged_projects import trained_project, with_params
from pipeline.back_test_files import read_replay, write_replay
from pipeline.project import Project
from pipeline.stages.back_test import run_back_test
from pipeline.stages.hindsight import run_hindsight
from pipeline.stages.report import run_report
from pipeline.store import read_json, write_json

HEADING = "what the model of that time would have said"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project that has gone as far as the bundle, its data without findings, and its past replayed."""
    project = trained_project(tmp_path_factory.mktemp("trained") / "project")
    write_json({"now": "2025-12-31T00:00", "findings": [], "set_aside": {}, "notes": []}, project.findings)
    run_back_test(project)
    return project.root


def told(project: Project) -> tuple[dict, str, str]:
    """Return the record, and the back-test's section as words and as markup."""
    run_hindsight(project)
    run_report(project)
    page = project.report.read_text(encoding="utf-8")
    section = page[page.index('id="back-test"') : page.index("How it does at each age")]
    words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", section)))
    return read_json(project.hindsight), words, section


def test_the_report_tells_each_month(folder):
    """Every replayed month has its row, with what was expected, what came, and what was handed off."""
    record, words, section = told(Project(folder))
    assert len(record["months"]) > 2
    assert "Month by month: " + HEADING in words
    assert record["text"] in words
    assert record["staleness_text"] in words
    rows = re.findall(r"<tr><td>(\d{4}-\d\d)</td>(.*?)</tr>", section, re.DOTALL)
    assert [name for name, _ in rows] == [one["name"] for one in record["months"]]
    for (_, row), one in zip(rows, record["months"], strict=True):
        assert f"<td>{one['expected_rate']:.1%}<br>" in row
        assert f"<td>{one['observed_rate']['value']:.1%}<br>" in row
        assert f"<td>{one['handed']['handed']:,}</td>" in row


def test_the_pictures_are_in_the_report(folder):
    """Both pictures are whole and stand in the page."""
    record, _, section = told(Project(folder))
    assert record["staleness"]
    for name in ("months", "staleness"):
        picture = (Project(folder).hindsight_plots / f"{name}.svg").read_text(encoding="utf-8")
        ET.fromstring(picture)
        assert picture in section


def test_what_was_replayed_is_read_back_as_it_was_written(folder, tmp_path):
    """Models, scores and forward tests survive the way over the disk."""
    replay, kind = read_replay(Project(folder).back_test)
    write_replay(replay, kind, tmp_path / "again")
    for path in Project(folder).back_test.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()
    assert all(len(said.rows) for said in replay.said)


def test_switched_off_it_says_that_nothing_was_replayed(folder):
    """With no months the stages run, learn nothing, and the report says so in words."""
    project = with_params(folder, back_test={"months": 0})
    run_back_test(project)
    record, words, section = told(project)
    assert (record["months"], record["staleness"]) == ([], [])
    assert HEADING in words
    assert record["text"] in words
    assert "<svg" not in section
