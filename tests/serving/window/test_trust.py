"""`/trust`: what was said and what came are those of the models of the past and of the stage changes."""

from __future__ import annotations

import json
import math
import shutil

import duckdb
import numpy as np
import pandas as pd
import pytest

from models.slices import holm
from serving.figures.foretold import given, judged_window, kinds
from serving.figures.model_history import model_history
from serving.figures.second_chances import called, came_later, low_scores, lowest_grade, sent_back


@pytest.fixture(scope="module")
def said(crm):
    """Each look with what the model of its own month had said, put together in pandas."""
    from pipeline.back_test_files import read_replay
    from pipeline.training import read_chosen_rows, read_lead_ids

    replay, _kind = read_replay(crm.project.back_test)
    rows = read_chosen_rows(crm.project, ())
    parts = []
    for served, own in zip(replay.served, replay.said, strict=True):
        at = rows.as_of[own.rows]
        inside = (at >= served.period.start) & (at < served.period.until)
        parts.append(
            pd.DataFrame(
                {
                    "lead_id": read_lead_ids(crm.project, rows.lead[own.rows][inside]),
                    "as_of": at[inside],
                    "probability": own.probability[inside],
                    "converted": rows.label[own.rows][inside],
                }
            )
        )
    return pd.concat(parts, ignore_index=True).sort_values(["lead_id", "as_of"], ignore_index=True)


def band_of(probability):
    ends = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
    return np.clip(np.searchsorted(ends, probability, side="right") - 1, 0, 10)


@pytest.mark.parametrize("counting", ["first", "last"])
def test_a_lead_counts_once_by_one_look(figures, said, counting):
    """Each lead is in one band, that of its first or its latest look, and what came is counted."""
    own = said.groupby("lead_id").nth(0 if counting == "first" else -1)
    found = given(figures, counting)
    assert sum(one.came.of for one in found) == own["lead_id"].nunique() == judged_window(figures).leads
    for one, (_, part) in zip(found, own.groupby(band_of(own["probability"])), strict=True):
        assert one.came.of == len(part)
        assert one.came.won == part["converted"].sum()
        assert one.said == pytest.approx(part["probability"].mean())


def test_all_looks_share_a_lead_out(figures, said):
    """When all looks count, each is as much of a lead as there are looks at it."""
    share = 1 / said.groupby("lead_id")["as_of"].transform("size")
    found = given(figures, "each")
    for one, (_, part) in zip(found, said.groupby(band_of(said["probability"])), strict=True):
        weight = share[part.index]
        assert one.came.value == pytest.approx(np.average(part["converted"], weights=weight))
        assert one.said == pytest.approx(np.average(part["probability"], weights=weight))
        assert one.came.of == round(weight.sum())


def test_kinds_of_leads_are_judged_together(crm, figures, said):
    """Expected and came are sums over the leads of a kind; Holm's rule marks those that are surely off."""
    own = said.groupby("lead_id").nth(0).merge(crm.leads[["lead_id", "industry"]], on="lead_id")
    own["industry"] = own["industry"].fillna("not known").str.strip()
    found = kinds(figures, "first")
    for one in [kind for kind in found if kind.dimension == "industry" and kind.name != "any other"]:
        part = own[own["industry"] == one.name]
        assert (one.leads, one.came.won) == (len(part), part["converted"].sum())
        assert one.expected == pytest.approx(part["probability"].sum())
        if one.chance is not None:
            spread = math.sqrt((part["probability"] * (1 - part["probability"])).sum())
            miss = abs(part["converted"].sum() - part["probability"].sum()) / spread
            assert one.chance == pytest.approx(math.erfc(miss / math.sqrt(2)))
    told = [one for one in found if one.chance is not None]
    assert told
    assert [one.is_off for one in told] == holm([one.chance for one in told])
    assert all(not one.is_off for one in found if one.chance is None)
    for dimension in ("source_group", "industry", "size", "country"):
        assert sum(one.leads for one in found if one.dimension == dimension) == own["lead_id"].nunique()


def reached(crm, stages):
    own = crm.stage_changes[crm.stage_changes["named"].isin(stages)]
    return own.sort_values("changed_at").groupby("lead_id").first()


def test_leads_that_were_sent_back_and_came_later(crm, figures):
    """Of leads sent back before they were SQLs, those count whose first SQL came after it."""
    back, sqls = reached(crm, ["recycled", "disqualified"]), reached(crm, sql_stages())["changed_at"]
    both = back.assign(sql_at=sqls.reindex(back.index))
    before = both[both["sql_at"].isna() | (both["sql_at"] > both["changed_at"])]
    found = sent_back(figures)
    assert sum(one.leads for one in found) == len(before)
    assert sum(one.reached.won for one in found) == before["sql_at"].notna().sum() > 0
    counts = before["reason"].fillna("no reason given").value_counts()
    assert {one.reason: one.leads for one in found} == counts.to_dict()
    listed = came_later(figures)
    assert {one.lead_id for one in listed} <= set(before.index[before["sql_at"].notna()])
    assert all(one.reached_at > one.given_up_at for one in listed)


def sql_stages():
    from data_checks.stages import STAGE_NAMES, has_reached

    return [stage for stage in STAGE_NAMES if has_reached(stage, "sql")]


def test_low_scores_are_those_of_the_lowest_grade(figures, said):
    """What came of leads that were given less than the lowest grade but one at the first look."""
    grade, below = lowest_grade(figures)
    assert (grade, below) == ("D", 0.1)
    first = said.groupby("lead_id").nth(0)
    low = first[first["probability"] < below]
    assert (low_scores(figures, below).won, low_scores(figures, below).of) == (
        low["converted"].sum(),
        len(low),
    )


def test_hand_offs_that_nobody_called(crm, figures):
    """A hand-off of full age is called if sales was in touch within the agreed days, and not otherwise."""
    from data_checks.stages import STAGE_NAMES, has_reached

    days = pd.Timedelta(days=90)
    handed = reached(crm, [stage for stage in STAGE_NAMES if has_reached(stage, "mql")])["changed_at"]
    sqls = reached(crm, sql_stages())["changed_at"].reindex(handed.index)
    old = handed[(handed <= crm.now - days) & (sqls.isna() | (sqls > handed))]
    calls = crm.activities[crm.activities["direction"] == "outbound"].merge(
        old.rename("handed_at"), left_on="lead_id", right_index=True
    )
    calls = calls[calls["occurred_at"] >= calls["handed_at"]].groupby("lead_id")["occurred_at"].min()
    is_called = (calls.reindex(old.index) - old) <= days
    is_won = (sqls.reindex(old.index) - old) <= days
    found = called(figures)
    assert sum(one.called.of for one in found) == is_called.sum()
    assert sum(one.uncalled.of for one in found) == (~is_called).sum()
    assert sum(one.called.won for one in found) == (is_called & is_won).sum()
    assert sum(one.uncalled.won for one in found) == (~is_called & is_won).sum()


def test_the_page_tells_the_back_test_and_the_card(window, crm):
    """The months, the staleness, the groups and the models in service stand on the page."""
    page = window.get("/trust?count=each&by=country")
    told = json.loads(crm.project.hindsight.read_text())
    for month in told["months"]:
        assert month["name"] in page
    assert "a test" in page
    assert 'href="/trust/card"' in page
    assert "handoff propensity" in page.lower()
    for name in ("given", "kinds", "back-test", "staleness", "sent-back", "called", "models", "groups-2"):
        assert window.get(f"/trust/{name}.csv")
    assert "selected>the first look at it</option>" in window.get("/trust?count=nonsense&by=lead_id")


def test_the_history_of_models_says_who_why_and_what_the_gate_said(crm, new_window):
    """Each promotion stands with its reason, escaped; objections that were overruled are named."""
    window = new_window().sign_in()
    from models.shelf import Shelf

    shelf = Shelf(window.settings.models)
    shelf.put(crm.project.bundle, "2")
    shelf.promote("2", by="<b>ada</b>", reason="<script>alert(1)</script>", overruled=("worse for Retail",))
    shelf.promote("1", by="ben", reason="=1+1")
    page = window.get("/trust")
    assert "<script" not in page
    assert "<b>ada" not in page
    assert "objected and was overruled: worse for Retail" in page
    assert "'=1+1" in window.get("/trust/models.csv")
    first, second, third = model_history(shelf).services
    assert (first.promotion.version, first.until, first.is_again) == ("1", None, True)
    assert second.until == first.promotion.at
    assert not third.is_again
    (window.settings.models / "promotions.jsonl").write_text("half a line\n")
    assert "cannot be read" in window.get("/trust")


def test_nothing_to_judge_yet(crm, new_window, tmp_path):
    """Without a month of the back-test, a card or a stage change, the page says what is missing."""
    pages = tmp_path / "empty.duckdb"
    shutil.copy(crm.project.pages, pages)
    with duckdb.connect(str(pages)) as file:
        for table in (
            "judged",
            "past_scores",
            "stage_changes",
            "handoffs",
            "banded",
            "importance",
            "families",
        ):
            file.execute(f"delete from {table}")
        told = {
            "months": [],
            "staleness": [],
            "too_early": {"2026-01": "<b>no outcome</b>"},
            "kind": "month",
            "text": "No month could be replayed.",
            "staleness_text": "No two models.",
        }
        file.execute("update facts set value = ? where name = 'back_test'", [json.dumps(told)])
        file.execute("delete from facts where name in ('card', 'card_page')")
    window = new_window(pages=pages, with_model=False).sign_in()
    page = window.get("/trust")
    assert "Nothing can be judged yet. No month could be replayed." in page
    assert "&lt;b&gt;no outcome" in page
    assert "Sales sent no lead back." in page
    assert "No model has been put into service yet." in page
    assert "The model card was not made with these pages." in page
    assert window.client.get("/trust/card").status_code == 404
    drivers = window.get("/drivers")
    assert "It gives every lead the same probability" in drivers or "gives every lead the same" in drivers
