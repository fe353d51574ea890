"""`/come-back`: let-go leads that are likelier now, against the scores and the tables."""

from __future__ import annotations

import pandas as pd
import pytest

from altered_pages import csv_rows, frame
from ledger_rows import feedback_row
from serving.figures.come_back import come_backs
from serving.figures.standing import LedgerView
from serving.ledger.latest_words import Word


@pytest.fixture(scope="module")
def risen(crm):
    """By how many points each open lead rose, who is recycled, and how old each is."""
    sql = "select lead_id, 100 * (probability - month_ago) as points from scores where month_ago is not null"
    known = crm.stage_changes[crm.stage_changes["named"].notna()].sort_values("changed_at")
    stage = known.groupby("lead_id")["named"].last()
    found = frame(crm.project.pages, sql).set_index("lead_id")
    created = crm.leads.set_index("lead_id")["created_at"].reindex(found.index)
    days = crm.project.agreement.target.within_days
    return found.assign(
        recycled=stage.reindex(found.index).eq("recycled"), old=created < crm.now - pd.Timedelta(days=days)
    )


def rows_of(window, query=""):
    return csv_rows(window.get(f"/come-back/come-back.csv{query}"))


@pytest.mark.parametrize(
    ("query", "points"), [("", 3), ("?points=1", 1), ("?points=7.5", 7.5), ("?points=x", 3)]
)
def test_all_that_rose_are_listed_those_that_rose_most_first(window, risen, query, points):
    """Recycled or older than the agreed days, by at least the points that were asked for."""
    expected = risen[(risen["points"] >= points) & (risen["recycled"] | risen["old"])]
    rows = rows_of(window, query)
    assert {row["lead_id"] for row in rows} == set(expected.index)
    rises = [float(row["rise"]) for row in rows]
    assert rises == sorted(rises, reverse=True)
    for row in rows[:10]:
        assert 100 * float(row["rise"]) == pytest.approx(expected.loc[row["lead_id"], "points"])
    assert f"{len(expected):,} lead" in window.get(f"/come-back{query}")


@pytest.mark.parametrize("kind", ["recycled", "old"])
def test_one_kind_can_be_asked_for(window, risen, kind):
    """Those that were given back, or those that are old."""
    expected = risen[(risen["points"] >= 1) & risen[kind]]
    assert {row["lead_id"] for row in rows_of(window, f"?points=1&kind={kind}")} == set(expected.index)
    assert len(expected)


def test_it_says_what_the_lead_did_within_the_month(window, crm):
    """How much, the newest of it and when; calls and mails of ours do not count."""
    rows = rows_of(window, "?points=1")
    month_ago = crm.now - pd.Timedelta(days=30)
    for row in rows[:25]:
        own = crm.activities[crm.activities["lead_id"] == row["lead_id"]]
        own = own[(own["direction"] != "outbound") & (own["occurred_at"] > month_ago)]
        assert int(row["activities"]) == len(own)
        if len(own):
            assert pd.Timestamp(row["latest_at"]) == own["occurred_at"].max()
            assert row["latest"].split(": ")[0] in set(own["activity_type"])
    assert any(int(row["activities"]) for row in rows)
    assert any("behaviour +" in row["why"] for row in rows)


def test_a_lead_that_was_given_back_in_baton_comes_back_too(figures, crm, risen):
    """The ledger's word makes a young lead a recycled one."""
    young = risen[(risen["points"] >= 1) & ~risen["recycled"] & ~risen["old"]]
    if young.empty:
        pytest.skip("no young lead rose")
    lead_id, now = young.index[0], crm.now.to_pydatetime()
    word = Word(lead_id, "recycled", now, until=feedback_row(1)["recorded_at"])
    with_word, without = (
        come_backs(figures, LedgerView(words, (), now), 1.0) for words in ({lead_id: word}, {})
    )
    assert {one.lead_id for one in with_word.leads} - {one.lead_id for one in without.leads} == {lead_id}


def test_nobody_who_rose_so_much_is_an_empty_state(window):
    """With a way to ask for less."""
    page = window.get("/come-back?points=100")
    assert "No such lead has risen by 100 points" in page
    assert "/come-back?points=1" in page


def test_all_three_pages_stand_under_leads(window, risen):
    """The navigation says where one is."""
    for path in ("/open-leads", "/come-back", f"/lead?id={risen.index[0]}"):
        assert '<a href="/open-leads" aria-current="page">Leads</a>' in window.get(path)
