"""The pages of a check: readable without a network, harmless, and complete."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

from crm_tables import NOW, agreed, history, lead
from data_checks.checking import check_history
from data_checks.findings import StopBreach
from nasty_texts import NASTY

CLAUSES = [
    {"rule": "required", "field": "company", "why": "<i>Sales</i> calls companies."},
    {"rule": "allowed", "field": "industry", "values": ["Software", "<b>Retail</b>"]},
    {"rule": "range", "field": "number_of_employees", "min": 1},
    {"rule": "pattern", "field": "title", "matches": "<[a-z]+>"},
    {"rule": "unique", "field": "line_of_business"},
    {"rule": "scale", "field": "bbb_rating", "scale": "bbb"},
    {"rule": "freshness", "table": "activities", "field": "occurred_at", "within_days": 7},
]
FIELDS = ("company", "industry", "number_of_employees", "title", "line_of_business", "bbb_rating")


class Page(HTMLParser):
    """What a browser would see of a page: its elements, and the addresses it would fetch or open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note an element."""
        self.elements.append(tag)
        self.addresses += [
            value for name, value in attrs if name in {"href", "src", "action", "data"} and value
        ]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


@pytest.fixture(scope="module")
def docs(tmp_path_factory):
    """The pages about leads that hold every nasty text in every field."""
    folder = tmp_path_factory.mktemp("docs")
    worst_first = sorted(NASTY, key=lambda text: "<" not in text)  # pages show the first values of many
    leads = [lead(number, **dict.fromkeys(FIELDS, text)) for number, text in enumerate(worst_first)]
    rows = [{"lead_id": "L1", "occurred_at": "2026-02-01", "activity_type": "x"}]
    check_history(history(leads, activities=rows), agreed(*CLAUSES), NOW, folder)
    return folder


def test_there_is_a_page_per_table_and_an_index_of_them(docs):
    """What is written is an index, a page per table with clauses, and the findings as data."""
    assert {path.name for path in docs.iterdir()} == {
        "index.html",
        "leads.html",
        "activities.html",
        "findings.json",
    }


@pytest.mark.parametrize("name", ["index.html", "leads.html", "activities.html"])
def test_a_page_fetches_nothing_and_runs_nothing(docs, name):
    """A page works without a network: no address leads outside, no script and no style is fetched."""
    text = (docs / name).read_text()
    page = Page(text)
    assert [one for one in page.addresses if not re.fullmatch(r"#[\w-]+|[a-z_]+\.html", one)] == []
    assert {"script", "link", "img", "iframe", "object"} & set(page.elements) == set()
    assert page.handlers == []
    assert re.search(r"url\(|@import", text) is None
    assert "default-src 'none'" in text


@pytest.mark.parametrize("name", ["index.html", "leads.html"])
def test_what_a_crm_holds_is_shown_and_not_obeyed(docs, name):
    """HTML in a field, in an allowed value or in a reason is text on the page."""
    page = Page((docs / name).read_text())
    assert {"b", "script"} & set(page.elements) == set()
    assert "&lt;script&gt;" in (docs / "leads.html").read_text()


def test_the_index_tells_every_finding(docs):
    """Each finding of the data stands on the index in words."""
    findings = json.loads((docs / "findings.json").read_text())
    text = (docs / "index.html").read_text()
    assert {finding["rule"] for finding in findings} == {clause["rule"] for clause in CLAUSES}
    assert all(html.escape(finding["message"]).replace("&#x27;", "&#39;") in text for finding in findings)


def test_the_page_of_a_table_tells_every_clause_with_its_count(docs):
    """Each agreed clause stands on its table's page in words, kept or not."""
    text = (docs / "leads.html").read_text()
    for clause in CLAUSES[:-1]:
        assert f"leads.{clause['field']}.{clause['rule']}" in text


def test_pages_are_written_before_the_run_stops(tmp_path):
    """Whoever meets a stop can read why."""
    stops = agreed({"rule": "required", "field": "company", "breach": "stop"})
    with pytest.raises(StopBreach):
        check_history(history([lead(0)]), stops, NOW, tmp_path)
    assert "The run stops" in (tmp_path / "index.html").read_text()


def test_a_sound_history_has_a_page_that_says_so(tmp_path):
    """No finding is also something to read."""
    check_history(history([lead(0)]), agreed(), NOW, tmp_path)
    assert "Every rule holds" in (tmp_path / "index.html").read_text()
