"""The agreement in plain words, what changed in it, and what it leaves open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tables import DEFAULT_AGREEMENT, agreed
from data_checks.advice import advice
from data_checks.agreement import Agreement, load_agreement
from data_checks.amendments import amendments, needs_training
from data_checks.clauses import RULES
from data_checks.plain_words import clause_in_words, in_plain_words

CLAUSES: dict[str, dict[str, object]] = {
    "required": {},
    "unique": {},
    "type": {"is": "email"},
    "range": {"min": 10, "max": 50000},
    "allowed": {"values": {"Software": ["SaaS"], "Retail": []}},
    "pattern": {"matches": "[0-9]{5}"},
    "scale": {"scale": "dnb", "at_least": ["1A3", "1R2"]},
    "reference": {"to": "campaigns.campaign_id"},
    "recent": {"within_days": 365},
    "freshness": {"within_days": 7},
    "missing_share": {"at_most": 0.25},
}
SPOKEN = {
    "required": "x is filled in",
    "unique": "x has no value twice",
    "type": "x is an email address",
    "range": "x is a number from 10 to 50,000",
    "allowed": "x is one of Software, Retail",
    "pattern": "x has the form [0-9]{5}",
    "scale": "x is a D&B rating of at least 1A3 or 1R2",
    "reference": "x is found in campaigns.campaign_id",
    "recent": "x is a date of the last 365 days",
    "freshness": "x has a value of the last 7 days",
    "missing_share": "x is empty in at most 25 % of the rows",
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_can_be_spoken(rule):
    """Each rule is a sentence that people can sign."""
    clause = agreed({"rule": rule, "field": "x", **CLAUSES[rule]}).lead_data[0]
    assert clause_in_words(clause).startswith(f"{SPOKEN[rule]}; ")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"breach": "flag"}, "a lead that breaks this is reported and kept."),
        ({"breach": "reject"}, "a lead that breaks this is set aside."),
        ({"breach": "stop"}, "the run stops at a lead that breaks this."),
        (
            {"breach": "reject", "tolerate": 0.05},
            "a lead that breaks this is set aside, and more than 5 % of such breaches stop the run.",
        ),
        (
            {"breach": "flag", "why": "We ship there."},
            "a lead that breaks this is reported and kept (We ship there).",
        ),
        (
            {"breach": "reject", "table": "activities", "field": "asset"},
            "an activity that breaks this is set aside.",
        ),
    ],
)
def test_what_a_breach_does_is_spoken_too(keys, words):
    """Whoever signs a clause reads what becomes of a lead that breaks it."""
    assert clause_in_words(agreed({"rule": "required", "field": "x", **keys}).lead_data[0]).endswith(words)


def test_amendments_say_promises_as_the_agreement_does():
    """A service level that is new is told in the very words of the agreement."""
    bare = changed(sla={"working_hours": BASIS.sla.model_dump(mode="json")["working_hours"]})
    spoken = in_plain_words(BASIS)
    promised = [one.removeprefix("Newly promised: ") for one in amendments(bare, BASIS) if "promised" in one]
    assert len(promised) == 3
    assert set(promised) <= set(spoken)


def test_the_whole_agreement_is_spoken():
    """Nothing that is agreed is left out of the plain words."""
    agreement, words = (
        load_agreement(DEFAULT_AGREEMENT),
        "\n".join(in_plain_words(load_agreement(DEFAULT_AGREEMENT))),
    )
    spoken = [
        agreement.version,
        *agreement.never_use,
        *agreement.sla.rejection_reasons,
        "50 leads a week",
        "90 days",
    ]
    spoken += [clause.field for clause in agreement.lead_data]
    spoken += [value for values in agreement.stages.values() for value in values]
    assert [one for one in spoken if one not in words] == []


BASIS = agreed(
    *({"rule": rule, "field": "asset", "table": "activities", **keys} for rule, keys in CLAUSES.items()),
    {"rule": "scale", "field": "shoe", "scale": "medal"},
    scales={"medal": ["gold", "silver"]},
    signatories=[{"team": "sales", "name": "Ann"}],
    sla={
        "first_contact_hours": {"A": 2},
        "sqls_per_month": 40,
        "handoffs_worked_share": 0.9,
        "rejection_reasons": {"no_need": "No need"},
    },
    never_use=["email"],
    known_at={"company": "creation"},
)
CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "version": ({"version": "2"}, "The version is 2; it was 1."),
    "signed": ({"signatories": [{"team": "sales", "name": "Bob"}]}, "Bob has signed for sales."),
    "new value": (
        {
            "stages": {
                "inquiry": ["New", "Fresh"],
                "mql": ["MQL"],
                "sql": ["Qualified"],
                "lost": ["Closed Lost"],
            }
        },
        "The CRM's “Fresh” now means inquiry.",
    ),
    "moved value": (
        {"stages": {"inquiry": ["MQL", "New"], "sql": ["Qualified"], "lost": ["Closed Lost"]}},
        "The CRM's “MQL” now means inquiry; it meant mql.",
    ),
    "target": (
        {"target": {"stage": "mql", "within_days": 30}},
        "The target is mql within 30 days; it was sql within 90 days.",
    ),
    "scale": (
        {"scales": {"medal": ["gold", "silver", "tin"]}},
        "The scale medal is gold, silver, tin; it was gold, silver.",
    ),
    "grade": (
        {"grades": {"A": 0.5, "B": 0.2, "C": 0.1, "D": 0}},
        "Grade A begins at a probability of 0.5; it was a probability of 0.4.",
    ),
    "handoff": (
        {"handoff": {"by": "capacity", "leads_per_week": 5}},
        "Marketing hands sales the best 5 leads a week. "
        "Before: Marketing hands sales every lead with a probability of 0.2 or more.",
    ),
    "hours": (
        {"sla": {**BASIS.sla.model_dump(mode="json"), "first_contact_hours": {"A": 4}}},
        "Sales first contacts a lead of grade A within 4 working hours of its hand-off. "
        "Before: Sales first contacts a lead of grade A within 2 working hours",
    ),
    "promise": (
        {"sla": {**BASIS.sla.model_dump(mode="json"), "sqls_per_month": None}},
        "No longer promised: Marketing promises 40 SQLs a month.",
    ),
    "worked": (
        {"sla": {**BASIS.sla.model_dump(mode="json"), "handoffs_worked_share": 0.8}},
        "Sales promises to work 80 % of the hand-offs. Before: Sales promises to work 90 % of the hand-offs.",
    ),
    "reason": (
        {"sla": {**BASIS.sla.model_dump(mode="json"), "rejection_reasons": {}}},
        "The rejection reason no_need is gone; it was No need.",
    ),
    "office": (
        {"sla": {**BASIS.sla.model_dump(mode="json"), "working_hours": {"closes": "18:00"}}},
        "Working hours are 09:00 to 18:00 (UTC)",
    ),
    "never": ({"never_use": ["title"]}, "title is never to be used."),
    "known": (
        {"known_at": {"company": "as_of"}},
        "What the teams vouch for, when known: company is as_of; it was creation.",
    ),
}


def changed(**keys: object) -> Agreement:
    return Agreement.model_validate({**BASIS.model_dump(mode="json"), **keys})


@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_said_in_words(change):
    """A change of any key is a sentence that names the new and the old."""
    keys, sentence = CHANGES[change]
    assert any(one.startswith(sentence) for one in amendments(BASIS, changed(**keys)))


@pytest.mark.parametrize("number", range(len(BASIS.lead_data)))
def test_each_clause_that_comes_changes_or_goes_is_said(number):
    """A clause that is new, gone, or has another consequence is named."""
    clauses = BASIS.model_dump(mode="json")["lead_data"]
    without = changed(lead_data=[*clauses[:number], *clauses[number + 1 :]])
    stricter = changed(
        lead_data=[*clauses[:number], {**clauses[number], "breach": "stop"}, *clauses[number + 1 :]]
    )
    assert amendments(BASIS, without)[0].startswith("No longer agreed: ")
    assert amendments(without, BASIS)[0].startswith("Newly agreed: ")
    (sentence,) = amendments(BASIS, stricter)
    assert " was: " in sentence
    assert "the run stops" in sentence


def test_a_change_of_allowed_values_names_the_values():
    """Marketing reads which verticals came and went, not two long lists."""
    before = agreed({"rule": "allowed", "field": "industry", "values": {"Software": ["SaaS"], "Retail": []}})
    after = agreed({"rule": "allowed", "field": "industry", "values": {"Software": ["SW"], "Energy": []}})
    assert amendments(before, after) == [
        "industry: “SW” now counts as “Software”.",
        "industry: “SaaS” no longer counts as “Software”.",
        "industry may now be “Energy”.",
        "industry may no longer be “Retail”.",
    ]


@given(
    st.lists(st.sampled_from(list(CHANGES)), max_size=4), st.lists(st.sampled_from(list(CHANGES)), max_size=4)
)
def test_words_tell_apart_exactly_what_differs(some, others):
    """Two agreements have amendments between them if and only if they differ."""
    before = changed(**{key: value for name in some for key, value in CHANGES[name][0].items()})
    after = changed(**{key: value for name in others for key, value in CHANGES[name][0].items()})
    assert (amendments(before, after) == []) == (before == after)


def test_an_order_that_changed_is_not_passed_over():
    """Even where only the order differs, something is said."""
    swapped = changed(lead_data=BASIS.model_dump(mode="json")["lead_data"][::-1])
    assert amendments(BASIS, swapped) == ["In lead_data, entries are ordered or spelled differently."]


def test_only_a_change_of_the_question_asks_for_training():
    """Another target asks for another model; another hand-off rule does not."""
    assert needs_training(BASIS, changed(**CHANGES["target"][0]))
    assert not needs_training(BASIS, changed(**CHANGES["handoff"][0], **CHANGES["grade"][0]))


def test_advice_names_what_is_left_open():
    """Missing signatures, unseen stages, unpromised grades and odd columns are asked about."""
    open_questions = agreed(
        {"rule": "required", "field": "Industry"}, sla={"first_contact_hours": {"A": 2}}, signatories=[]
    )
    words = " ".join(advice(open_questions))
    for part in ("signed for sales", "means sal", "Grade B has no time", "if industry is meant"):
        assert part in words


def test_the_default_agreement_leaves_nothing_open():
    """The agreement that Baton comes with needs no advice."""
    assert advice(load_agreement(DEFAULT_AGREEMENT)) == []


def test_vouching_is_said_in_words():
    """A vouched column and a vouched type of activity are told apart, and since when each is known."""
    words = in_plain_words(agreed(known_at={"tags": "creation", "activity_type:Call": "as_of"}))
    assert "Both teams vouch that tags is known when the lead is created." in words
    assert "Both teams vouch that activities of type Call are known whenever a score is made." in words
