"""`/lead`: one lead, and all that tables and ledger know of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from altered_pages import altered, csv_rows, frame, write_ledger
from ledger_rows import feedback_row, handoff_row, score_row
from serving.figures.trend import Trend
from serving.figures.why import changes_of
from serving.ledger.tables import FEEDBACK, HANDOFFS, SCORES


@pytest.fixture(scope="module")
def risen(crm):
    """The score of the open lead that rose most within a month."""
    sql = "select * from scores where month_ago is not null order by probability - month_ago desc limit 1"
    return frame(crm.project.pages, sql).iloc[0]


def test_it_tells_the_score_and_what_moved_it(window, risen):
    """Probability, all reasons for and against, families, and the change since a month ago."""
    page = window.get(f"/lead?id={risen['lead_id']}")
    assert f'<p class="figure">{risen["probability"]:.0%}'.replace("%", "\u00a0%") in page
    reasons = json.loads(risen["reasons"])
    for one in reasons:
        assert one["text"][1:].split("'")[0].split("&")[0] in page
    assert {one["effect"] > 0 for one in reasons} == {True, False}
    points = (risen["probability"] - risen["month_ago"]) * 100
    assert f"<strong>+{points:.0f} points</strong>" in page
    for one in json.loads(risen["families"]):
        assert one["family"].capitalize() in page


def test_its_time_line_is_what_the_tables_hold(window, crm, risen):
    """Each activity, stage change, hand-off and its beginning, the newest first."""
    lead_id = risen["lead_id"]
    rows = csv_rows(window.get(f"/lead/history.csv?id={lead_id}"))
    own = {
        name: table[table["lead_id"] == lead_id]
        for name, table in (("activities", crm.activities), ("stages", crm.stage_changes))
    }
    kinds = [row["kind"] for row in rows]
    assert kinds.count("It did") + kinds.count("We did") == len(own["activities"]) > 5
    assert kinds.count("We did") == (own["activities"]["direction"] == "outbound").sum()
    assert kinds.count("Stage") == len(own["stages"]) + 1
    moments = [datetime.fromisoformat(row["at"]) for row in rows]
    assert moments == sorted(moments, reverse=True)
    expected = sorted(own["activities"]["occurred_at"])
    assert (
        sorted(at for at, kind in zip(moments, kinds, strict=True) if kind in {"It did", "We did"})
        == expected
    )


def test_the_picture_holds_what_was_said_over_time(window, crm):
    """Models of the past, today's model at three moments, and what was answered to the CRM."""
    past = frame(
        crm.project.pages,
        "select p.* from past_scores p join scores using (lead_id) where month_ago is not null",
    )
    lead_id = past["lead_id"].iloc[0]
    answered = score_row(1, lead_id=lead_id, as_of=crm.now.to_pydatetime(), scored_at=datetime.now(UTC))
    write_ledger(window.settings.ledger_url, {SCORES: [answered]})
    rows = csv_rows(window.get(f"/lead/course.csv?id={lead_id}"))
    by_teller = {
        name: [row for row in rows if row["teller"].startswith(name)] for name in ("Mod", "Tod", "Ans")
    }
    own = past[past["lead_id"] == lead_id]
    assert sorted(float(row["probability"]) for row in by_teller["Mod"]) == sorted(own["probability"])
    assert len(by_teller["Tod"]) == 3
    assert [float(row["probability"]) for row in by_teller["Ans"]] == [0.6]
    page = window.get(f"/lead?id={lead_id}")
    assert "<svg" in page
    assert "style=" not in page.replace("font-style=", "")


def test_what_the_ledger_knows_is_on_the_time_line(window, crm, risen):
    """Baton's hand-off, what sales said of it in the agreement's words, and the score."""
    now, lead_id = datetime.now(UTC), risen["lead_id"]
    told = {"lead_id": lead_id, "comment": "Until <spring>", "recorded_at": now}
    rows = {
        SCORES: [score_row(1, lead_id=lead_id, scored_at=now)],
        HANDOFFS: [handoff_row(1, lead_id=lead_id, opened_at=now - timedelta(hours=1))],
        FEEDBACK: [feedback_row(1, **told)],
    }
    write_ledger(window.settings.ledger_url, rows)
    page = window.get(f"/lead?id={lead_id}")
    assert "Handed to sales by Baton" in page
    assert "Rejected by Ada" in page
    assert "There is no budget this year.; Until &lt;spring&gt;" in page
    assert "Rejected by sales since" in page


def test_a_lead_that_only_the_ledger_knows_has_a_page(window):
    """It was scored by the CRM since the history was read."""
    write_ledger(window.settings.ledger_url, {SCORES: [score_row(1, lead_id="brand new")]})
    page = window.get("/lead?id=brand+new")
    assert "not in the CRM&#39;s history yet" in page or "not in the CRM's history yet" in page
    assert "Scored 60" in page


@pytest.mark.parametrize("lead_id", ["", "nobody", "%00", "<b>", "x" * 300, "' or 1=1 --"])
def test_an_unknown_lead_is_a_kind_404(window, lead_id):
    """A page, not a problem document; what was asked for is escaped."""
    for path in ("/lead", "/lead/history.csv"):
        answer = window.client.get(path, params={"id": lead_id})
        assert answer.status_code == 404
    answer = window.client.get("/lead", params={"id": lead_id})
    assert "No such lead" in answer.text
    assert "<b>" not in answer.text


def test_a_lead_that_is_closed_says_so(window, crm):
    """It has a history and no score."""
    closed = frame(crm.project.pages, "select lead_id from leads where stage = 'won' limit 1")["lead_id"][0]
    page = window.get(f"/lead?id={closed}")
    assert "It is not open any more: bought" in page


def test_a_bare_crm_has_a_page_too(crm, new_window, tmp_path, risen):
    """Without stages, campaigns, deals, hand-offs and a replayed past there is still who it is."""
    empty = (
        "stage_changes",
        "campaigns",
        "opportunities",
        "handoffs",
        "past_scores",
        "activities",
    )
    pages = altered(crm.project.pages, tmp_path, *(f"delete from {table}" for table in empty))
    page = new_window(pages).sign_in().get(f"/lead?id={risen['lead_id']}")
    assert "Came to us" in page


def test_with_the_ledger_down_the_lead_is_shown_still(window, risen):
    """What the CRM said of it, and that the rest is missing."""
    with window.without_ledger():
        page = window.get(f"/lead?id={risen['lead_id']}")
    assert "Hand-offs cannot be read now" in page


def test_a_trend_is_told_in_words_and_drawn_in_its_picture():
    """Up, down, steady and new; the line stays within its picture."""
    assert Trend(0.3, 0.3, 0.1).direction == "up"
    assert Trend(0.1, 0.3, 0.3).direction == "down"
    assert Trend(0.301, 0.5, 0.3).direction == "still"
    assert (Trend(0.3, None, None).direction, Trend(0.3, None, None).points) == ("new", ())
    for one in (Trend(1.0, 0.0, 0.5), Trend(0.5, 0.5, 0.5), Trend(0.2, 0.1, None)):
        assert all(0 <= x <= 52 and 0 <= y <= 20 for x, y in one.points)


def test_that_a_month_has_gone_by_is_no_news():
    """A fact that only grew older did not raise the probability in a way that somebody could use."""
    features = [
        {"family": "timing", "text": "Age: 60", "former_value": 30.0, "value": 60.0, "effect": 0.02},
        {"family": "behaviour", "text": "Visits: 3", "former_value": 1.0, "value": 3.0, "effect": 0.04},
        {
            "family": "behaviour",
            "text": "Country: Spain",
            "former_value": "Spain",
            "value": "Spain",
            "effect": 0.1,
        },
    ]
    changes = changes_of(json.dumps({"effect": 0.1, "families": [], "features": features}))
    assert [(one.text, one.former) for one in changes.news] == [("Visits: 3", "1")]
