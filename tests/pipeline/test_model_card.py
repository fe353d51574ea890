"""The stage card, on a small project whose CRM has fields that may not be used, and hostile names."""

from __future__ import annotations

import html
import re

import numpy as np
import pandas as pd
import pytest

from checked_project import checked_project
from judged_projects import train_in, with_params
from models.evaluation import OWN
from pipeline.card.reading import read_facts
from pipeline.project import Project
from pipeline.provenance import files_hash
from pipeline.stages.audit import run_audit
from pipeline.stages.card import run_card
from pipeline.store import read_json, write_json

HOSTILE = "<script>alert(1)</script> | [x](https://evil.example)\n# big"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with a bundle; its leads have a gender that follows from the country, and no religion."""
    folder = tmp_path_factory.mktemp("card") / "project"
    made = checked_project(folder, workers=1)
    path = made.tables / "leads.parquet"
    leads = pd.read_parquet(path)
    usual = leads["country"].mode()[0]
    draw = np.random.default_rng(0).random(len(leads))
    leads["gender"] = np.where((leads["country"] == usual) & (draw < 0.9), HOSTILE, "m")
    leads["industry"] = leads["industry"].replace(leads["industry"].mode()[0], HOSTILE)
    leads.to_parquet(path, index=False)
    agreement = folder / "agreement.yaml"
    text = agreement.read_text(encoding="utf-8")
    agreement.write_text(
        text.replace("never_use:\n", "never_use: [gender, religion]\nunused:\n"), encoding="utf-8"
    )
    text = re.sub(r"unused:\n(  - .*\n)+", "", agreement.read_text(encoding="utf-8"))
    agreement.write_text(text, encoding="utf-8")
    train = {"rounds": 20, "threads": 1, "rung": "trees"}
    with_params(folder, train=train, data={"source": "data"}, split={"folds": 1})
    run_audit(Project(folder))
    made = train_in(folder)
    findings = {"breach": "reject", "message": f"leads: bad, such as «{HOSTILE}»", "rows": 3}
    write_json(
        {"now": "2025-12-31T00:00", "findings": [findings], "set_aside": {"leads": 3}, "notes": []},
        made.findings,
    )
    return made


@pytest.fixture(scope="module")
def written(project):
    """The facts, and the card as HTML and as Markdown."""
    sealed = files_hash(project.bundle)
    run_card(project)
    assert files_hash(project.bundle) == sealed
    return read_facts(project), project.card.read_text("utf-8"), project.card_for_git.read_text("utf-8")


def figures_in(text: str) -> list[str]:
    return re.findall(r"\d[\d,.]*\d|\d", text)


def words_of(page: str) -> str:
    body = re.sub(
        r"<svg.*?</svg>|<figcaption>.*?</figcaption>", " ", page.partition("<body")[2], flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def test_both_cards_hold_the_same_figures(written):
    """Every number of the page stands in the file for git, in the same order, and no other."""
    _, page, text = written
    assert figures_in(words_of(page)) == figures_in(re.sub(r"\\(.)", r"\1", text))


def test_the_figures_are_those_of_the_evaluation(written, project):
    """What metrics.json tells of each scorer is what the card tells, in its figures and on the page."""
    facts, page, _ = written
    scorers = read_json(project.metrics)["scorers"]
    for name, told in facts.metrics.items():
        for figure, interval in told.items():
            assert interval.value == pytest.approx(scorers[name][figure])
    assert f"<td>{scorers[OWN]['auc']:.3f} <span" in page
    assert facts.bundle.hash in page


def test_a_field_that_follows_from_another_is_told_from_the_features(written):
    """Gender, which leans to one country, is compared by group, and country is named as what tells it."""
    facts, page, _ = written
    (check,) = facts.forbidden
    assert check.field == "gender"
    assert sum(one.leads for one in check.groups) == facts.tested.leads
    (found,) = check.proxies
    assert found.told
    assert found.tellers[0].feature.startswith("country")
    assert "can nearly always be told from the features" in page or "can well be told" in page


def test_a_field_that_is_not_there_is_said_not_to_be(written):
    """A forbidden name that no lead has is no reason to fail, and no reason to be silent."""
    _, page, text = written
    assert "Forbidden, and not a column of the leads: religion." in page
    assert "Forbidden, and not a column of the leads: religion." in text


def test_names_of_a_crm_are_text_and_nothing_else(written):
    """The hostile industry and gender are shown, escaped, in one line each."""
    _, page, text = written
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?<!\\)<|(?<!\\)\]\(", text)
    assert not re.search(r"^# big", text, flags=re.MULTILINE)


def test_without_a_back_test_the_card_says_so_and_with_one_it_draws_the_curve(written, project):
    """The staleness curve is told where there is one."""
    _, page, text = written
    assert "the back test has not run" in page
    assert "the back test has not run" in text
    points = [
        {
            "age_days": 30 * age,
            "months": age,
            "leads": 100,
            "more_loss": age / 100,
            "low": 0.0,
            "high": age / 50,
        }
        for age in range(4)
    ]
    path = project.reports / "back_test.json"
    write_json({"staleness": points, "staleness_text": "It ages slowly."}, path)
    run_card(project)
    path.unlink()
    page, text = project.card.read_text("utf-8"), project.card_for_git.read_text("utf-8")
    assert "It ages slowly." in page
    assert page.count("<svg") == 2
    assert "| 3 | 100 | 0.0300 (0.0000 to 0.0600) |" in text
    assert "the back test has not run" not in text
