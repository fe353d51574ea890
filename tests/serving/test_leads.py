"""The story of a lead, and its erasure to the last byte."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from ledger_rows import NOW, feedback_row, handoff_row, score_row
from serving.ledger.audit import audit_entries
from serving.ledger.erasure import erase_lead
from serving.ledger.ledger import Ledger, add_rows
from serving.ledger.tables import (
    FEEDBACK,
    HANDOFFS,
    INPUTS,
    REMOVALS,
    REQUESTS,
    SCORES,
    SHADOW_SCORES,
)

NASTY = ["a/b", "/a//b/", '<b>"x"</b>\'; DROP', "💥 é\u202e", "50% off?a=1#x", "=cmd()", "L" * 255]


@pytest.fixture
def shop(make_service, url):
    """A service on each kind of ledger."""
    return make_service(ledger_url=url)


def lead(service, lead_id, method="GET", query=""):
    return service.ask(method, f"/leads/{quote(lead_id, safe='')}{query}")


def say(service, lead_id, **more):
    return service.ask(
        "POST", "/feedback", json={"lead_id": lead_id, "verdict": "accepted", "by": "Ada", **more}
    )


@pytest.mark.parametrize("lead_id", NASTY)
def test_any_id_can_be_told_and_erased(shop, a_lead, lead_id):
    """Slashes, quotes, HTML, emoji and percent signs are an id like another, from scoring to erasure."""
    score = shop.score([a_lead(lead_id)]).json()["scores"][0]
    assert say(shop, lead_id).status_code == 200
    story = lead(shop, lead_id).json()
    assert story["lead_id"] == lead_id
    assert [one["score_id"] for one in story["scores"]] == [score["score_id"]]
    assert lead(shop, lead_id, "DELETE").json()["scores"] == 1
    assert lead(shop, lead_id).status_code == 404


def test_a_story_tells_all_and_is_as_it_was_answered(shop, a_lead):
    """Scores with their reasons and issues, hand-offs, feedback; nothing of anybody else."""
    answered = shop.score([a_lead("L-1", industry="Mining")]).json()["scores"][0]
    shop.score([a_lead("L-2")])
    feedback = say(shop, "L-1").json()
    say(shop, "L-2")
    told = lead(shop, "L-1").json()
    assert told["scores"] == [answered]
    assert answered["issues"]
    assert answered["reasons"]
    assert told["feedback"] == [feedback]
    assert [(one["handoff_id"], one["state"]) for one in told["handoffs"]] == [
        (answered["handoff_id"], "accepted")
    ]
    assert "L-2" not in lead(shop, "L-1").text


def test_scores_come_by_the_page_the_newest_first(shop, a_lead):
    """Every score comes once, in the reverse of the order in which they were answered."""
    answered = [shop.score([a_lead()]).json()["scores"][0]["score_id"] for _ in range(5)]
    seen, query = [], "?limit=2"
    while query is not None:
        page = lead(shop, "L-1", query=query).json()
        seen += [one["score_id"] for one in page["scores"]]
        query = page["next_cursor"] and f"?limit=2&cursor={page['next_cursor']}"
    assert seen == answered[::-1]


@pytest.mark.parametrize("lead_id", ["L-404", "\x00", "a\tb", "L" * 256, ""])
def test_a_lead_that_is_not_known_has_no_story_and_nothing_to_erase(shop, lead_id):
    """404 for the story; erasing it is done already."""
    answer = lead(shop, lead_id)
    assert (answer.status_code, answer.json()["type"]) == (404, "/docs#problem-unknown-lead")
    erased = lead(shop, lead_id, "DELETE")
    assert (erased.status_code, set(erased.json().values())) == (200, {0})


def test_a_second_opinion_is_no_part_of_the_story_but_of_the_erasure(shop):
    """What a model in shadow said was never answered; it is erased with the rest."""
    opinion = {
        name: value for name, value in score_row(1, model_rung="trees").items() if name in SHADOW_SCORES.c
    }
    with shop.ledger() as ledger:
        ledger.append({SHADOW_SCORES: [opinion]})
    assert lead(shop, "L-1").status_code == 404
    assert lead(shop, "L-1", "DELETE").json()["shadow_scores"] == 1


def test_erasure_takes_all_of_a_lead_and_nothing_else(shop, a_lead):
    """Every table is counted and emptied of it, the neighbour keeps all, and again gives zeros."""
    for lead_id in ("L-1", "L-2"):
        shop.ask("POST", "/score", json={"leads": [a_lead(lead_id)]}, headers={"Idempotency-Key": lead_id})
        key = {"Idempotency-Key": f"f-{lead_id}"}
        body = {"lead_id": lead_id, "verdict": "accepted", "by": "Ada"}
        assert shop.ask("POST", "/feedback", json=body, headers=key).status_code == 200
    erased = lead(shop, "L-1", "DELETE").json()
    expected = {"scores": 1, "shadow_scores": 0, "handoffs": 1, "feedback": 1, "inputs": 1, "requests": 2}
    assert erased == expected
    assert lead(shop, "L-1", "DELETE").json() == dict.fromkeys(erased, 0)
    assert lead(shop, "L-2").json()["feedback"]
    with shop.ledger() as ledger, ledger.reading() as connection:
        left = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (SCORES, HANDOFFS, FEEDBACK, INPUTS, REQUESTS, REMOVALS)
        }
        audit = audit_entries(connection, 10)
    assert left == {"scores": 1, "handoffs": 1, "feedback": 1, "inputs": 1, "requests": 2, "removals": 0}
    erasures = [one for one in audit if one.action == "lead_erased"]
    assert [one.details["scores"] for one in erasures] == [0, 1]
    assert erasures[0].actor == f"key {shop.key.split('_')[1]}"
    assert "L-1" not in str(erasures)


def test_a_failed_erasure_erases_nothing(url, ledger, monkeypatch):
    """It is one transaction: what fails at its end has not begun."""
    ledger.append({SCORES: [score_row(1)], FEEDBACK: [feedback_row(1)]})

    def fail(*_):
        raise OSError("no more")

    monkeypatch.setattr("serving.ledger.erasure.write_audit", fail)
    with pytest.raises(Exception, match="no more"):
        erase_lead(ledger, "L-1", "key k", score_row(1)["scored_at"])
    with ledger.reading() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar()
            for table in (SCORES, FEEDBACK, REMOVALS)
        ]
    assert counts == [1, 1, 0]


def test_after_an_erasure_the_id_is_in_no_file_of_the_ledger(make_service, a_lead, tmp_path):
    """SQLite overwrites what it deletes, in tables, indexes and its log, among thousands of others' rows."""
    service = make_service(max_leads=1000, max_waiting_leads=9000, max_body_bytes=9_000_000)
    gone = [f"zq{number:03}xk" for number in range(0, 900, 50)]
    for start in range(0, 900, 300):
        leads = [a_lead(f"zq{number:03}xk") for number in range(start, start + 300)]
        assert service.score(leads).status_code == 200
        for number in range(start, start + 300, 50):
            assert say(service, f"zq{number:03}xk", comment=f"zq{number:03}xk").status_code == 200
    assert found_in(tmp_path / "var", gone) == set(gone)
    for lead_id in gone:
        assert lead(service, lead_id, "DELETE").json()["scores"] == 1
    assert found_in(tmp_path / "var", gone) == set()
    assert found_in(tmp_path / "var", ["zq001xk", "zq899xk"]) == {"zq001xk", "zq899xk"}


def found_in(folder: Path, texts):
    """Return the texts that are in any file of a folder."""
    content = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    return {text for text in texts if text.encode() in content}


def test_hand_offs_of_a_lead_come_the_newest_first(shop):
    """Round by round, each with what was said of it last."""
    rows = [handoff_row(1), handoff_row(2, lead_id="L-1", round=2)]
    said = [feedback_row(1), feedback_row(2, lead_id="L-1", verdict="recycled", reason=None)]
    with shop.ledger() as ledger:
        ledger.append({HANDOFFS: rows, FEEDBACK: said})
    told = lead(shop, "L-1").json()["handoffs"]
    assert [(one["handoff_id"], one["state"]) for one in told] == [
        ("handoff-002", "recycled"),
        ("handoff-001", "rejected"),
    ]


def test_a_wrong_method_is_told_all_that_are_right(shop):
    """`/leads/ID` is two routes, and takes the methods of both."""
    answer = lead(shop, "L-1", "PUT")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET")


def test_an_erasure_waits_for_a_score_that_is_being_written(ledger, url):
    """Another worker has written the score and not yet all that belongs to it: then nothing is left of it."""
    inputs = {"score_id": "score-1", "lead_id": "L-1", "scored_at": NOW, "content": b"{}"}
    with closing(Ledger(url, 2.0)) as other, ThreadPoolExecutor(1) as pool:
        with other.appending() as connection:
            add_rows(connection, {SCORES: [score_row(1)]})
            erasing = pool.submit(erase_lead, ledger, "L-1", "a test", NOW)
            with pytest.raises(TimeoutError):
                erasing.result(timeout=0.3)
            add_rows(connection, {INPUTS: [inputs]})
        assert erasing.result(timeout=10)["scores"] == 1
    with ledger.reading() as connection:
        left = [
            connection.execute(select(func.count()).select_from(table)).scalar() for table in (SCORES, INPUTS)
        ]
    assert left == [0, 0]


def test_a_word_of_sales_amid_an_erasure_is_written_before_it_or_not_at_all(ledger, url):
    """What has been read of a lead still holds when something is written about it."""
    ledger.append({SCORES: [score_row(1)], HANDOFFS: [handoff_row(1)]})
    with closing(Ledger(url, 2.0)) as other, ThreadPoolExecutor(1) as pool:
        with other.appending() as connection:
            assert connection.execute(select(HANDOFFS.c.handoff_id)).scalars().all() == ["handoff-001"]
            erasing = pool.submit(erase_lead, ledger, "L-1", "a test", NOW)
            with pytest.raises(TimeoutError):
                erasing.result(timeout=0.3)
            add_rows(connection, {FEEDBACK: [feedback_row(1)]})
        assert erasing.result(timeout=10)["feedback"] == 1
    with ledger.reading() as connection:
        assert connection.execute(select(func.count()).select_from(FEEDBACK)).scalar() == 0
