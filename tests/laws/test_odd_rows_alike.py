"""Activities and stage changes that break a rule, in a table and in a request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_tables import agreed
from data_checks.checking import check_agreed_rows, check_history, check_house_rules
from data_checks.tables import CrmHistory
from features.moments import DAY, HOUR, to_time
from models.batch import score_history, score_source
from models.scorer import LeadScore, Scorer, load_scorer
from serving.lead_reading import read_lead
from serving.messages import LeadMessage
from small_tables import table
from tiny_bundle import NOW, save_tiny_bundle

CREATED = NOW - 60 * DAY
UNREADABLE = "03/04/2026"
ACTIVITY_CLAUSES = [
    {"field": "activity_type", "rule": "allowed", "values": ["Web Visit", "Form"], "breach": "reject"},
    {"field": "activity_type", "rule": "pattern", "matches": "[A-Z].*", "breach": "flag"},
    {"field": "direction", "rule": "allowed", "values": ["inbound"], "breach": "flag"},
    {"field": "occurred_at", "rule": "recent", "within_days": 50, "breach": "reject"},
    {"field": "recorded_at", "rule": "range", "max": "2026-10-25", "breach": "reject"},
    {"field": "activity_id", "rule": "pattern", "matches": "L.-[AB]", "breach": "reject"},
]
CHANGE_CLAUSES = [
    {"field": "changed_by", "rule": "required", "breach": "reject"},
    {"field": "reason", "rule": "allowed", "values": ["called"], "breach": "flag"},
]
CLAUSES = [{"table": "activities", **clause} for clause in ACTIVITY_CLAUSES] + [
    {"table": "stage_changes", **clause} for clause in CHANGE_CLAUSES
]

# A moment of the future, one before the lead, two impossible ones, and a text that is none.
moments = st.sampled_from(
    [
        *(CREATED + hours * HOUR for hours in (0, 1, 50, 500, 1300)),
        CREATED - DAY,
        NOW + DAY,
        5 * DAY,
        180 * 365 * DAY,
        UNREADABLE,
    ]
)
activities = st.fixed_dictionaries(
    {
        "activity_type": st.sampled_from(["Web Visit", "web  visit", "Form", "Spam", "N/A", "", " "]),
        "occurred_at": moments,
        "recorded_at": st.none() | moments,
        "activity_id": st.sampled_from([None, None, "A", "B", "odd"]),
        "direction": st.sampled_from([None, "inbound", "sideways"]),
        "asset": st.sampled_from([None, "Guide"]),
    }
)
changes = st.fixed_dictionaries(
    {
        "changed_at": moments,
        "stage": st.sampled_from(["New", "New", "Zombie", "Qualified", " "]),
        "reason": st.sampled_from([None, "called", "other"]),
        "changed_by": st.sampled_from([None, "Ada"]),
    }
)


def repeated(rows: st.SearchStrategy[list[dict[str, object]]]) -> st.SearchStrategy[list[dict[str, object]]]:
    """Lists in which some rows come twice."""
    return st.builds(lambda several, again: [*several, *several[:again]], rows, st.integers(0, 2))


@dataclass(frozen=True)
class Sent:
    """What a CRM holds of one lead."""

    lead_id: str
    size: str
    activities: Sequence[Mapping[str, object]]
    stage_changes: Sequence[Mapping[str, object]]

    def rows(self, name: str) -> list[dict[str, object]]:
        """Return the rows of a table, their ids made the lead's own."""
        return [
            {**row, "activity_id": f"{self.lead_id}-{row['activity_id']}"}
            if row.get("activity_id")
            else {**row}
            for row in (self.activities if name == "activities" else self.stage_changes)
        ]


leads = st.lists(
    st.builds(
        Sent,
        st.just("L"),
        st.sampled_from(["20", "900"]),
        repeated(st.lists(activities, max_size=6)),
        repeated(st.lists(changes, max_size=2)),
    ),
    min_size=1,
    max_size=3,
).map(lambda several: [Sent(f"L{n}", s.size, s.activities, s.stage_changes) for n, s in enumerate(several)])


@pytest.fixture(scope="module")
def scorer(tmp_path_factory) -> Scorer:
    """A model under an agreement about activities and stage changes."""
    folder = tmp_path_factory.mktemp("odd") / "bundle"
    save_tiny_bundle(agreed(*CLAUSES), folder)
    return load_scorer(folder)


def as_tables(sent: Sequence[Sent]) -> CrmHistory:
    """The history as a source reads it: without rows that cannot be read, and without such late times."""
    rows: dict[str, list[dict[str, object]]] = {"activities": [], "stage_changes": []}
    for one in sent:
        for name, happened in (("activities", "occurred_at"), ("stage_changes", "changed_at")):
            for row in one.rows(name):
                if row[happened] != UNREADABLE:
                    read = {key: None if value == UNREADABLE else value for key, value in row.items()}
                    rows[name].append({"lead_id": one.lead_id, **read})
    created = [
        {"lead_id": one.lead_id, "created_at": CREATED, "number_of_employees": one.size} for one in sent
    ]
    return CrmHistory(
        table("leads", created),
        table("activities", rows["activities"]),
        table("stage_changes", rows["stage_changes"]),
        absent=frozenset({"field_changes", "campaigns", "opportunities"}),
    )


def as_message(sent: Sent) -> LeadMessage:
    """The request of the lead's CRM."""
    fields = {"created_at": to_time(CREATED).isoformat(), "number_of_employees": sent.size}
    rows = {name: [_json(row) for row in sent.rows(name)] for name in ("activities", "stage_changes")}
    whole = {"lead_id": sent.lead_id, "as_of": to_time(NOW).isoformat(), "fields": fields, **rows}
    return LeadMessage.model_validate(whole, strict=False)


def _json(row: Mapping[str, object]) -> dict[str, object]:
    return {
        key: to_time(value).isoformat() if isinstance(value, int) else value for key, value in row.items()
    }


def asked_alone(scorer: Scorer, sent: Sent) -> LeadScore:
    """The score through the endpoint's reading."""
    lead, remarks = read_lead(as_message(sent), NOW)
    [score] = scorer.score([lead])
    return score.with_issues(remarks)


def set_aside_alone(sent: Sequence[Sent], answers: Mapping[str, LeadScore]) -> Counter[str]:
    """The rows that the issues say were not used, but for those that no source would have read."""
    aside: Counter[str] = Counter()
    for one in sent:
        for name, noun, happened in (
            ("activities", "activity", "occurred_at"),
            ("stage_changes", "stage change", "changed_at"),
        ):
            rows = one.rows(name)
            places = {
                int(found[1])
                for issue in answers[one.lead_id].issues
                if (found := re.match(rf"{name}\[(\d+)\]", issue.field))
                and issue.message.startswith(f"this {noun} was not used: ")
            }
            aside.update(_named(one, rows[place]) for place in places if rows[place][happened] != UNREADABLE)
    return aside


def _named(sent: Sent, row: Mapping[str, object]) -> str:
    values = [row.get(key) for key in ("activity_type", "activity_id", "direction", "stage", "changed_by")]
    return f"{sent.lead_id}: {[value or None for value in values]}"


def set_aside_in_tables(scorer: Scorer, sent: Sequence[Sent], history: CrmHistory) -> Counter[str]:
    """The rows in the quarantine."""
    housed = check_house_rules(history, scorer.agreement, NOW)
    agreed_rows = check_agreed_rows(housed.clean, scorer.agreement, scorer.known_ids, NOW)
    by_id = {one.lead_id: one for one in sent}
    aside: Counter[str] = Counter()
    for step in (housed, agreed_rows):
        for rows in step.quarantined.values():
            for row in rows.astype(object).where(rows.notna(), None).to_dict("records"):
                aside[_named(by_id[row["lead_id"]], row)] += 1
    return aside


WORST = [
    {"activity_type": "Web Visit", "occurred_at": CREATED + HOUR, "activity_id": "A"},
    {"activity_type": "Web Visit", "occurred_at": CREATED + HOUR, "activity_id": "A", "recorded_at": 5 * DAY},
    {"activity_type": "Form", "occurred_at": CREATED + 50 * HOUR, "activity_id": "B"},
    {"activity_type": "Form", "occurred_at": CREATED + 50 * HOUR, "activity_id": "B"},
    {"activity_type": "Spam", "occurred_at": CREATED + 1300 * HOUR},
    {"activity_type": "Web Visit", "occurred_at": CREATED + 1300 * HOUR, "recorded_at": UNREADABLE},
    {"activity_type": "", "occurred_at": 5 * DAY},
]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example(sent=[Sent("L0", "900", WORST, [])])
@given(sent=leads)
def test_a_batch_and_a_request_set_the_same_rows_aside_and_score_alike(scorer, sent):
    """Whatever the rows hold, both doors set the same ones aside and give one probability, bit for bit."""
    history = as_tables(sent)
    batch = {one.lead_id: one for one in score_source(scorer, history, NOW, NOW)}
    alone = {one.lead_id: asked_alone(scorer, one) for one in sent}
    assert set_aside_alone(sent, alone) == set_aside_in_tables(scorer, sent, history)
    for lead_id, answer in alone.items():
        if lead_id in batch:
            told = batch[lead_id]
            assert answer.probability is not None
            assert answer.probability == told.probability
            assert (answer.grade, answer.decision) == (told.grade, told.decision)
            assert repr(answer.reasons) == repr(told.reasons)
        else:
            assert "is_open" in [issue.rule for issue in answer.issues]


def test_checked_tables_score_as_requests_do(scorer):
    """A history that went through the whole check, as before training, scores as the requests do."""
    sent = [Sent("L0", "900", WORST, []), Sent("L1", "20", WORST[2:], [])]
    checked = check_history(as_tables(sent), scorer.agreement, NOW)
    batch = {one.lead_id: one.probability for one in score_history(scorer, checked.clean, NOW)}
    assert batch == {one.lead_id: asked_alone(scorer, one).probability for one in sent}


def test_a_batch_tells_how_many_rows_were_not_used_and_why(scorer):
    """The scores of a batch say of each lead which of its rows were left out or flagged."""
    [score] = score_source(scorer, as_tables([Sent("L0", "900", WORST, [])]), NOW, NOW)
    told = [f"{issue.field}: {issue.message}" for issue in score.issues]
    assert any(
        text.startswith("activities: 2 of the activities were not used: activity_id belongs") for text in told
    )
    assert any("found «Spam»" in text for text in told)
    assert {issue.breach for issue in score.issues} == {"flag"}


def test_a_flag_reports_and_changes_nothing(scorer):
    """An activity that breaks a clause with `flag` counts as any other."""
    plain = {"activity_type": "Web Visit", "occurred_at": NOW - 3 * DAY, "direction": "inbound"}
    good, odd = (
        asked_alone(scorer, Sent("L0", "900", [{**plain, "direction": direction}], []))
        for direction in ("inbound", "sideways")
    )
    none = asked_alone(scorer, Sent("L0", "900", [], []))
    assert good.probability == odd.probability
    assert repr(good.reasons) == repr(odd.reasons) != repr(none.reasons)
    assert [(issue.field, issue.rule) for issue in odd.issues] == [("activities[0].direction", "allowed")]
    assert "not used" not in odd.issues[0].message
