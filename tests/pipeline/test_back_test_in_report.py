"""What the report tells of the past month by month."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from back_test_world import HORIZON_DAYS, LEARNER, months_of
from data_checks.handoff import ByProbability
from models.back_test.record import back_test_record
from models.back_test.replay import replay
from pipeline.back_test_files import read_replay, write_replay
from pipeline.back_test_pictures import draw_back_test
from pipeline.stages.report import page_templates
from training import made_up_rows

RULE = ByProbability(by="probability", at_least=0.4)


@pytest.fixture(scope="module")
def rows():
    """Rows of a company with something to learn."""
    return made_up_rows()


@pytest.fixture(scope="module")
def done(rows):
    """Its four newest months, replayed, and one that had too little history."""
    months = months_of(rows, 99)
    return replay(rows, [months[0], *months[-4:]], LEARNER)


@pytest.fixture(scope="module")
def record(rows, done):
    """The back-test as data."""
    return back_test_record(rows, done, "month", RULE, seed=7)


def told(record, folder) -> tuple[str, str]:
    """Return the report's section as words and as markup, its pictures drawn into the folder."""
    draw_back_test(record, folder)
    pictures = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.svg")}
    facts = {
        "back_test": record,
        "back_test_pictures": pictures,
        "agreement": SimpleNamespace(target=SimpleNamespace(stage="sql")),
        "metrics": {"test": {"horizon_days": HORIZON_DAYS}},
    }
    section = page_templates().get_template("back_test.html.j2").render(facts)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", section))), section


def test_every_month_has_its_row(record, tmp_path):
    """Each replayed month tells what was expected and came, and whom the rule would have handed off."""
    words, section = told(record, tmp_path)
    assert "Month by month: what the model of that time would have said" in words
    assert record["text"] in words
    assert record["staleness_text"] in words
    rows = re.findall(r"<tr><td>(\d{4}-\d\d)</td>(.*?)</tr>", section, re.DOTALL)
    assert [name for name, _ in rows] == [one["name"] for one in record["months"]] * 2
    told_rows = [row for _, row in rows]
    for expected, handed, one in zip(told_rows[:4], told_rows[4:], record["months"], strict=True):
        assert f"<td>{one['expected_rate']:.1%}<br>" in expected
        assert f"<td>{one['observed_rate']['value']:.1%}<br>" in expected
        assert f"<td>{one['handed']['handed']:,}</td>" in handed
        assert f"<td>{one['handed']['precision']['value']:.1%}<br>" in handed


def test_the_pictures_are_whole_and_name_each_month(record, tmp_path):
    """Both pictures can be read and stand in the page; the first has every month on its axis."""
    _, section = told(record, tmp_path)
    for name in ("months", "staleness"):
        picture = (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
        ET.fromstring(picture)
        assert picture in section
    months = (tmp_path / "months.svg").read_text(encoding="utf-8")
    assert all(f">{one['name']}<" in months for one in record["months"])


def test_a_month_with_too_little_history_is_named(record, tmp_path):
    """What could not be replayed is said with its reason."""
    ((name, why),) = record["too_early"].items()
    words, _ = told(record, tmp_path)
    assert f"{name} had too little history before: {why}" in words


def test_without_a_past_the_section_says_why(rows, tmp_path):
    """Where nothing was replayed, or it is switched off, there are words and no pictures."""
    nothing = back_test_record(rows, replay(rows, [], LEARNER), "week", RULE, seed=7)
    words, section = told(nothing, tmp_path)
    assert nothing["text"] in words
    assert "<figure" not in section


def test_a_project_made_before_there_was_a_back_test_has_no_section(tmp_path):
    """Its report has no such section, and no fault."""
    words = page_templates().get_template("back_test.html.j2").render(back_test=None)
    assert not words.strip()


def test_what_was_replayed_is_read_back_as_it_was_written(done, rows, tmp_path):
    """Models, scores and forward tests survive the way over the disk; so does having none."""
    for replayed in (done, replay(rows, [], LEARNER)):
        write_replay(replayed, "month", tmp_path / "once")
        back, kind = read_replay(tmp_path / "once")
        assert kind == "month"
        assert (back.served, back.too_early) == (replayed.served, replayed.too_early)
        for one, other in zip(
            [*back.said, *back.counted, *back.tested.values()],
            [*replayed.said, *replayed.counted, *replayed.tested.values()],
            strict=True,
        ):
            assert one.rows.tobytes() == other.rows.tobytes()
            assert one.probability.tobytes() == other.probability.tobytes()
