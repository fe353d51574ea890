"""What sales says on a page: in the ledger once, by the rules of `POST /feedback`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from altered_pages import frame, ledger_rows, write_ledger
from ledger_rows import feedback_row, handoff_row
from serving.ledger.tables import FEEDBACK, HANDOFFS

NEXT_YEAR = f"{datetime.now(UTC) + timedelta(days=365):%Y-%m-%d}"


@pytest.fixture(scope="module")
def lead_id(crm):
    """The likeliest of the open leads."""
    return frame(crm.project.pages, "select lead_id from scores order by probability desc limit 1")[
        "lead_id"
    ][0]


def hand_over(window, lead_id):
    now = datetime.now(UTC)
    row = handoff_row(
        7, lead_id=lead_id, opened_at=now - timedelta(hours=2), due_at=now + timedelta(hours=90)
    )
    row["handoff_id"] = "00000000-0000-7000-8000-000000000007"
    write_ledger(window.settings.ledger_url, {HANDOFFS: [row]})
    return row["handoff_id"]


def form_on(page, verdict):
    """Return the hidden fields of the page's form for a verdict."""
    forms = re.findall(r'<form method="post" action="/lead/answer".*?</form>', page, re.DOTALL)
    (form,) = [one for one in forms if f'name="verdict" value="{verdict}"' in one]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def said(window):
    return ledger_rows(window.settings.ledger_url, FEEDBACK)


@pytest.mark.parametrize(
    ("verdict", "more", "shown"),
    [
        ("accepted", {}, "Accepted by sales since"),
        ("rejected", {"reason": "no_budget", "comment": "In\r\nspring"}, "Rejected by sales since"),
        ("recycled", {"until": NEXT_YEAR}, "Back with marketing until"),
    ],
)
def test_an_answer_is_written_and_the_hand_off_moves(window, lead_id, verdict, more, shown):
    """The row is in the ledger with the person's name, on the open hand-off; the page confirms it."""
    handoff_id = hand_over(window, lead_id)
    form = form_on(window.get(f"/lead?id={lead_id}"), verdict)
    assert form["handoff_id"] == handoff_id
    answer = window.post("/lead/answer", **form, **more, by="Ada Lovelace")
    assert answer.status_code == 303, answer.text
    (row,) = said(window)
    assert (row["lead_id"], row["verdict"], row["handoff_id"]) == (lead_id, verdict, handoff_id)
    assert (row["given_by"], row["reason"]) == ("Ada Lovelace", more.get("reason"))
    assert row["comment"] == ("In\nspring" if "comment" in more else None)
    page = window.get(answer.headers["location"])
    assert f"<strong>Recorded.</strong> Ada Lovelace {verdict}" in page
    assert shown in page


def test_without_a_name_the_keys_name_counts(window, lead_id):
    """And a lead that Baton never handed over may be judged all the same."""
    form = form_on(window.get(f"/lead?id={lead_id}"), "accepted")
    assert window.post("/lead/answer", **form, by=" ").status_code == 303
    (row,) = said(window)
    assert (row["given_by"], row["handoff_id"]) == ("a visitor", None)
    assert "Accepted by sales since" in window.get(f"/lead?id={lead_id}")


def test_one_click_on_the_list_leads_back_to_the_same_list(window, crm):
    """The button of a waiting lead accepts it; filters and page of the list stay."""
    query = "/open-leads?where=open&sort=due&page=1"
    page = window.get(query)
    form = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)">',
            page[: page.index("</form>", page.index("<tbody>"))],
        )
    )
    form["back"] = form["back"].replace("&amp;", "&")
    answer = window.post("/lead/answer", **form)
    assert answer.headers["location"].startswith("/open-leads?where=open&sort=due&page=1&said=")
    back = window.get(answer.headers["location"])
    assert "<strong>Recorded.</strong>" in back
    assert f'value="{form["lead_id"]}"' not in back[back.index("<tbody>") :]


def test_a_form_that_is_sent_twice_counts_once(window, lead_id):
    """The second gets the answer of the first; with other content it is told so and may be sent anew."""
    form = form_on(window.get(f"/lead?id={lead_id}"), "rejected") | {"by": "Ada", "reason": "no_budget"}
    first, second = (window.post("/lead/answer", **form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    other = window.post("/lead/answer", **form | {"reason": "bad_data"})
    assert other.status_code == 422
    assert "was sent before" in other.text
    assert len(said(window)) == 1
    assert form_on(other.text, "rejected")["once"] != form["once"]


@pytest.mark.parametrize(
    ("verdict", "more", "words"),
    [
        ("rejected", {}, "Choose one of the agreed reasons"),
        ("rejected", {"reason": "moon"}, "Choose one of the agreed reasons"),
        ("recycled", {"until": "2020-01-01"}, "Choose a day that lies ahead"),
        ("recycled", {"until": "soon"}, "Choose a day that lies ahead"),
        ("accepted", {"comment": "a\x00b"}, "plain text"),
        ("accepted", {"by": "x" * 300}, "Say who you are"),
        ("accepted", {"once": ""}, "without its number"),
        ("promoted", {}, "verdict"),
    ],
)
def test_what_the_agreement_does_not_allow_is_told_in_words(window, lead_id, verdict, more, words):
    """Nothing is written, and what was filled in is still there."""
    form = {"lead_id": lead_id, "verdict": verdict, "once": "n-1", "by": "Grace <i>", **more}
    answer = window.post("/lead/answer", **form)
    assert answer.status_code in {400, 422}
    assert "Nothing was recorded." in answer.text
    assert words in answer.text
    assert said(window) == []
    if verdict != "promoted" and "by" not in more:
        assert 'value="Grace &lt;i&gt;"' in answer.text


def test_a_hand_off_that_somebody_else_answered_is_told(window, lead_id):
    """Of two people with the same page open, the second hears where it stands."""
    handoff_id = hand_over(window, lead_id)
    form = form_on(window.get(f"/lead?id={lead_id}"), "accepted")
    row = feedback_row(1, lead_id=lead_id, handoff_id=handoff_id, recorded_at=datetime.now(UTC))
    write_ledger(window.settings.ledger_url, {FEEDBACK: [row]})
    answer = window.post("/lead/answer", **form)
    assert answer.status_code == 409
    assert "This hand-off is rejected already" in answer.text
    assert len(said(window)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {},
    ],
)
def test_a_form_of_another_site_is_refused(window, lead_id, headers):
    """The visitor's cookie is not enough."""
    form = {"lead_id": lead_id, "verdict": "accepted", "once": "n-1"}
    answer = window.client.post("/lead/answer", data=form, headers=headers, follow_redirects=False)
    assert answer.status_code == 403
    assert said(window) == []


def test_a_key_without_the_scope_may_not_answer(new_window, lead_id):
    """It sees no form but a line that says why, and a form that is sent anyway is refused."""
    window = new_window().sign_in("read")
    page = window.get(f"/lead?id={lead_id}")
    assert 'action="/lead/answer"' not in page
    assert "takes the scope <code>feedback</code>" in page
    answer = window.post("/lead/answer", lead_id=lead_id, verdict="accepted", once="n-1")
    assert answer.status_code == 403
    assert said(window) == []


def test_without_a_session_one_signs_in_first(new_window, lead_id):
    """And comes back to the lead."""
    answer = new_window().post("/lead/answer", lead_id=lead_id, verdict="accepted", once="n-1")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Flead%3Fid%3D")


def test_without_a_model_there_is_no_agreement_to_answer_by(new_window, lead_id):
    """The page says so, and the form is refused like the endpoint refuses it."""
    window = new_window(with_model=False).sign_in()
    assert "No model is in service" in window.get(f"/lead?id={lead_id}")
    answer = window.post("/lead/answer", lead_id=lead_id, verdict="accepted", once="n-1")
    assert answer.status_code == 503
    assert said(window) == []


def test_with_the_ledger_down_nothing_is_claimed(window, lead_id):
    """The form is there again, filled in, under its number: sent once more, it counts once."""
    form = {"lead_id": lead_id, "verdict": "accepted", "once": "n-1", "by": "Ada"}
    with window.without_ledger():
        answer = window.post("/lead/answer", **form)
    assert answer.status_code == 503
    assert "The ledger cannot be written now" in answer.text
    assert form_on(answer.text, "accepted")["once"] == "n-1"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"]
)
def test_nobody_is_sent_to_another_site(window, lead_id, back):
    """Where to go back to is an address of Baton's own, or the page of the lead."""
    answer = window.post(
        "/lead/answer", lead_id=lead_id, verdict="accepted", once=f"n-{hash(back)}", back=back
    )
    assert answer.headers["location"].startswith(f"/lead?id={lead_id}&said=")


def test_an_unknown_lead_cannot_be_judged(window):
    """Neither CRM nor ledger knows it: a 404 in words."""
    answer = window.post("/lead/answer", lead_id="nobody", verdict="accepted", once="n-1")
    assert answer.status_code == 404
    assert said(window) == []
