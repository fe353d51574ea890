"""`/open-leads`: who is listed, what is said of each, and where it stands, against tables and ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from altered_pages import altered, csv_rows, frame, write_ledger
from data_checks.due_times import due_at
from data_checks.folding import fold
from data_checks.stages import has_reached
from ledger_rows import feedback_row, handoff_row
from serving.ledger.tables import FEEDBACK, HANDOFFS

FILE = "/open-leads/open-leads.csv"
PAGE = 50


@pytest.fixture(scope="module")
def scores(crm):
    """The scores of the file, as a table of pandas."""
    return frame(crm.project.pages, "select * from scores").set_index("lead_id")


@pytest.fixture(scope="module")
def latest(crm):
    """The stage that each lead is in, and since when."""
    known = crm.stage_changes[crm.stage_changes["named"].notna()]
    return known.sort_values("changed_at").groupby("lead_id")[["named", "changed_at"]].last()


@pytest.fixture(scope="module")
def open_ids(crm, latest):
    """The leads that have not reached the target and are not closed, found without the model."""
    target = crm.project.agreement.target.stage
    there = crm.stage_changes["named"].map(lambda named: named is not None and has_reached(named, target))
    reached = set(crm.stage_changes[there]["lead_id"])
    closed = set(latest[latest["named"].isin(["disqualified", "lost"])].index)
    return set(crm.leads["lead_id"]) - reached - closed


def listed(window, query=""):
    return csv_rows(window.get(FILE + query))


def test_each_open_lead_is_listed_once_the_likeliest_first(window, open_ids, scores):
    """The file has all that the tables call open, with the figures of their scores."""
    rows = listed(window)
    assert len(rows) == len(open_ids) > PAGE
    assert {row["lead_id"] for row in rows} == open_ids
    found = [float(row["probability"]) for row in rows]
    assert found == sorted(found, reverse=True)
    for row in rows[:20]:
        score = scores.loc[row["lead_id"]]
        assert float(row["probability"]) == score["probability"]
        assert float(row["probability_low"]) == score["probability_low"] <= score["probability"]
        assert (row["grade"], row["month_ago"] == "") == (score["grade"], pd.isna(score["month_ago"]))
    page = window.get("/open-leads")
    assert f"{len(open_ids):,} leads" in page
    assert rows[0]["company"] in page


@pytest.mark.parametrize(
    ("name", "column"),
    [("source", "lead_source"), ("industry", "industry"), ("country", "country"), ("owner", "owner_id")],
)
def test_a_filter_gives_what_the_table_of_leads_says(window, crm, open_ids, name, column):
    """For the commonest value, and with another filter beside it."""
    own = crm.leads[crm.leads["lead_id"].isin(open_ids)].set_index("lead_id")[column].str.strip()
    clauses = [one for one in crm.project.agreement.lead_data if (one.name, one.field) == ("allowed", column)]
    # Other spellings that the agreement knows are the same value.
    spelt = {other: to for clause in clauses for other, to in clause.spellings.items()}
    own = own.map(lambda text: spelt.get(fold(text), text), na_action="ignore")
    value = own.mode()[0]
    rows = listed(window, f"?{name}={value}")
    assert {row["lead_id"] for row in rows} == set(own[own == value].index)
    narrower = listed(window, f"?{name}={value}&grade=D")
    assert 0 < len(narrower) == sum(row["grade"] == "D" for row in rows)


def test_grade_and_decision_are_those_of_the_score(window, scores):
    """Each value of both gives as many leads as have it."""
    for name in ("grade", "decision"):
        for value, count in scores[name].value_counts().items():
            assert len(listed(window, f"?{name}={value}")) == count


def test_text_is_found_whatever_its_case_and_without_wildcards(window, crm, open_ids):
    """Company, title and id are searched; a per cent sign and an underscore are themselves."""
    own = crm.leads[crm.leads["lead_id"].isin(open_ids)].set_index("lead_id")
    word = own["company"].dropna().iloc[0].split()[0]
    texts = own["company"].fillna("") + "|" + own["title"].fillna("") + "|" + own.index.to_series()
    expected = set(own[texts.str.lower().str.contains(word.lower(), regex=False)].index)
    assert {row["lead_id"] for row in listed(window, f"?q={word.upper()}")} == expected
    one = next(iter(open_ids))
    assert [row["lead_id"] for row in listed(window, f"?q={one.lower()}")] == [one]
    for wildcard in ("%25", "_", "%5C", "%27%20or%201=1--"):
        assert listed(window, f"?q={wildcard}") == []
    assert "No open lead is like this" in window.get("/open-leads?q=%25")


def test_overdue_are_those_that_nobody_called_in_time(window, crm, figures, latest, open_ids):
    """Qualified by marketing, no outbound activity since, and the agreed working hours are over."""
    grades = frame(crm.project.pages, "select lead_id, grade from handoffs").set_index("lead_id")["grade"]
    there = crm.stage_changes["named"].map(lambda named: named is not None and has_reached(named, "mql"))
    handed = crm.stage_changes[there].groupby("lead_id")["changed_at"].min()
    waiting = handed[handed.index.isin(latest[latest["named"] == "mql"].index) & handed.index.isin(open_ids)]
    calls = crm.activities[crm.activities["direction"] == "outbound"].merge(
        waiting.rename("handed_at"), left_on="lead_id", right_index=True
    )
    called = set(calls[calls["occurred_at"] >= calls["handed_at"]]["lead_id"])
    waiting = waiting[~waiting.index.isin(called)]
    due = {
        lead_id: due_at(figures.agreement, grades[lead_id], at.to_pydatetime())
        for lead_id, at in waiting.items()
    }
    expected = {lead_id for lead_id, at in due.items() if at is not None and at < crm.now}
    rows = listed(window, "?where=overdue")
    assert {row["lead_id"] for row in rows} == expected
    assert expected
    assert all(row["due"].startswith("overdue") for row in rows)
    assert {row["lead_id"] for row in listed(window, "?where=open")} == set(waiting.index)
    assert f"{len(expected):,} overdue" in window.get("/open-leads")


@pytest.mark.parametrize("sort", ["probability", "rise", "due", "newest", "active", "company"])
def test_the_pages_together_are_the_whole_list(window, sort):
    """Each page has its rows in the order of the file; no lead is on two pages."""
    whole = [row["lead_id"] for row in listed(window, f"?sort={sort}&grade=C")]
    seen, number = [], 1
    while len(seen) < len(whole):
        page = window.get(f"/open-leads?sort={sort}&grade=C&page={number}")
        body = page[page.index("<tbody>") :]
        links = body.split('class="who"><a href="/lead?id=')[1:]
        seen += [link.split("&amp;")[0] for link in links]
        number += 1
    assert seen == whole
    assert ('rel="next"' in window.get(f"/open-leads?sort={sort}&grade=C")) == (len(whole) > PAGE)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-3", "page=x", "page=1e9", "page=99999999999", "where=moon", "sort=moon", "q="]
)
def test_what_makes_no_sense_falls_back(window, query, open_ids):
    """All leads are shown, on a page that there is."""
    assert f"{len(open_ids):,} leads" in window.get(f"/open-leads?{query}")


def test_a_hand_off_of_batons_has_its_own_clock(window, open_ids, latest):
    """What the ledger says counts before what the CRM said: due, accepted, recycled until a day."""
    now = datetime.now(UTC)
    ids = sorted(open_ids)[:4]
    later, past = now + timedelta(days=30), now - timedelta(days=30)
    opened = {"opened_at": now - timedelta(days=40)}
    write_ledger(
        window.settings.ledger_url,
        {
            HANDOFFS: [
                handoff_row(1, lead_id=ids[0], due_at=later, **opened),
                handoff_row(2, lead_id=ids[1], due_at=past, **opened),
                handoff_row(3, lead_id=ids[2], due_at=past, **opened),
            ],
            FEEDBACK: [
                feedback_row(3, lead_id=ids[2], verdict="accepted", reason=None, recorded_at=now),
                feedback_row(
                    *(4,),
                    lead_id=ids[3],
                    handoff_id=None,
                    step=None,
                    verdict="recycled",
                    until=datetime(2031, 3, 5, tzinfo=UTC),
                    recorded_at=now,
                ),
            ],
        },
    )
    rows = {row["lead_id"]: row for row in listed(window)}
    assert rows[ids[0]]["due"].startswith("due in")
    assert rows[ids[1]]["due"].startswith("overdue by")
    assert rows[ids[2]]["standing"] == "Accepted by sales"
    assert (rows[ids[3]]["standing"], rows[ids[3]]["said_by"]) == ("Back with marketing", "Ada")
    assert "until 5 Mar 2031" in window.get(f"/open-leads?q={ids[3]}")


def test_a_move_in_the_crm_after_the_last_word_counts(window, crm, latest, open_ids):
    """What sales said in Baton before the CRM moved the lead is history."""
    recycled = latest[(latest["named"] == "recycled") & latest.index.isin(open_ids)]
    lead_id, since = recycled.index[0], recycled["changed_at"].iloc[0].to_pydatetime()
    if since > datetime.now(UTC):
        pytest.skip("the sample lies ahead of this machine's clock")
    said = {"lead_id": lead_id, "verdict": "accepted", "handoff_id": None, "step": None, "reason": None}
    write_ledger(
        window.settings.ledger_url,
        {FEEDBACK: [feedback_row(1, **said, recorded_at=since - timedelta(hours=1))]},
    )
    (row,) = listed(window, f"?q={lead_id}")
    assert row["standing"] == "Back with marketing"


def test_a_nasty_name_is_text_and_nothing_else(crm, new_window, tmp_path, scores):
    """Markup is shown as it is written, and a spreadsheet works nothing out; an odd id leads to its page."""
    best = scores["probability"].idxmax()
    odd = "a/b?c=1&d#e\"'<i>%25 ü"
    sets = "company = '<script>alert(1)</script>', title = '=HYPERLINK(\"x\")'"
    bound = odd.replace("'", "''")
    tables = ("leads", "segments", "scores", "activities", "stage_changes", "handoffs")
    pages = altered(
        crm.project.pages,
        tmp_path,
        f"update leads set {sets} where lead_id = '{best}'",
        *(f"update {table} set lead_id = '{bound}' where lead_id = '{best}'" for table in tables),
    )
    window = new_window(pages).sign_in()
    page = window.get("/open-leads?q=script")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    (row,) = listed(window, "?q=script")
    assert (row["lead_id"], row["title"]) == (odd, '\'=HYPERLINK("x")')
    link = page.split('class="who"><a href="')[1].split('"')[0].replace("&amp;", "&")
    assert "&lt;script&gt;alert(1)" in window.get(link)


def test_without_scores_the_page_says_so(crm, new_window, tmp_path):
    """Nobody is open, or the CRM is empty: kind words, and a file with its columns."""
    pages = altered(crm.project.pages, tmp_path, "delete from scores", "delete from handoffs")
    window = new_window(pages).sign_in()
    assert "No lead is open" in window.get("/open-leads")
    assert window.get(FILE).count("\n") == 1
    assert "No such lead has risen" in window.get("/come-back")


def test_with_the_ledger_down_leads_are_shown_still(window, open_ids):
    """The page says that hand-offs cannot be read, and shows what the CRM said."""
    with window.without_ledger():
        page = window.get("/open-leads")
    assert "Hand-offs cannot be read now" in page
    assert f"{len(open_ids):,} leads" in page


def test_a_key_without_the_scope_sees_no_buttons(new_window):
    """It sees the leads, and a line that says why it can answer none."""
    page = new_window().sign_in("read").get("/open-leads?where=open")
    assert 'action="/lead/answer"' not in page
    assert "takes the scope <code>feedback</code>" in page
