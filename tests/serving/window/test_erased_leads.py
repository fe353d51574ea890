"""A lead that was erased is on no page about leads, though the file of the pages was made before."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from altered_pages import altered, csv_rows, frame, ledger_rows, write_ledger
from ledger_rows import score_row
from serving.key_store import create_key
from serving.ledger.ledger import Ledger
from serving.ledger.tables import ERASED_LEADS, SCORES


@pytest.fixture(scope="module")
def lead_id(crm):
    """The lead that rose most of those that come back."""
    sql = """
      select lead_id from scores join leads using (lead_id)
      where month_ago is not null and stage = 'recycled' order by probability - month_ago desc limit 1
    """
    return frame(crm.project.pages, sql)["lead_id"][0]


def erase(window, lead_id):
    with closing(Ledger(window.settings.ledger_url, 2.0)) as ledger:
        ledger.open()
        key = create_key(ledger, "an admin", ["admin"]).text
    window.client.app.state.running.keyring.refresh()
    answer = window.client.delete(f"/leads/{lead_id}", headers={"X-API-Key": key})
    assert answer.status_code == 200


def listed(window, path):
    return {row["lead_id"] for row in csv_rows(window.get(path))}


FILES = ("/open-leads/open-leads.csv", "/come-back/come-back.csv?points=0.01")


def test_it_is_shown_no_more_and_not_counted(window, lead_id):
    """Its page is a 404 like that of a lead that never was; the others stay."""
    before = [listed(window, path) for path in FILES]
    assert all(lead_id in found for found in before)
    erase(window, lead_id)
    assert [listed(window, path) for path in FILES] == [found - {lead_id} for found in before]
    assert f"{len(before[0]) - 1:,} leads" in window.get("/open-leads")
    answer = window.client.get(f"/lead?id={lead_id}")
    assert (answer.status_code, "No such lead" in answer.text) == (404, True)
    assert window.client.get(f"/lead/history.csv?id={lead_id}").status_code == 404
    judged = window.post("/lead/answer", lead_id=lead_id, verdict="accepted", once="n-1")
    assert judged.status_code == 404


def test_it_stays_hidden_while_the_ledger_is_down(window, lead_id):
    """What was known of erasures is remembered."""
    erase(window, lead_id)
    window.client.app.state.running.refresh()
    with window.without_ledger():
        assert lead_id not in listed(window, FILES[0])
        assert window.client.get(f"/lead?id={lead_id}").status_code == 404


def test_the_ledger_keeps_no_id_of_it(window, lead_id):
    """A fingerprint knows it again and does not name it."""
    erase(window, lead_id)
    (row,) = ledger_rows(window.settings.ledger_url, ERASED_LEADS)
    assert lead_id not in str(row)
    assert len(row["fingerprint"]) == 64


def test_a_lead_that_the_crm_has_recorded_since_is_a_new_one(crm, new_window, tmp_path, lead_id):
    """A file whose history goes beyond the erasure shows what the CRM still holds."""
    later = datetime.now(UTC) + timedelta(days=3)
    sets = " ".join(
        f"update facts set value = '\"{later.isoformat()}\"' where name = '{name}';"
        for name in ("now", "built_at")
    )
    window = new_window(altered(crm.project.pages, tmp_path, sets)).sign_in()
    erase(window, lead_id)
    assert lead_id in listed(window, FILES[0])


def test_what_was_set_aside_of_it_is_not_shown(crm, window):
    """It has no row in the history; `/data` and its file hold none of its broken ones."""
    sql = "select lead_id from broken_rows where source_table = 'leads' and lead_id <> ''"
    gone = frame(crm.project.pages, sql)["lead_id"][0]
    rows = csv_rows(window.get("/data/broken-rows.csv"))
    assert gone in {row["lead_id"] for row in rows}
    # What the ledger erases it has to have known.
    write_ledger(window.settings.ledger_url, {SCORES: [score_row(1, lead_id=gone)]})
    erase(window, gone)
    window.client.app.state.running.refresh()
    left = csv_rows(window.get("/data/broken-rows.csv"))
    assert left == [row for row in rows if row["lead_id"] != gone]
    assert gone not in window.get("/data")
