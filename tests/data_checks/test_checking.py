"""The check of a history against what was agreed."""

import dataclasses
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tables import DEFAULT_AGREEMENT, NOW, agreed, history, lead
from data_checks.agreed_rules import known_ids
from data_checks.agreement import load_agreement
from data_checks.checking import check_history
from data_checks.findings import Finding, StopBreach
from data_checks.instant import check_lead
from data_checks.tables import CrmHistory
from nasty_texts import NASTY, texts

SIZES = ["250", "about 200", "-5", None]
LEADS = [lead(number, number_of_employees=size) for number, size in enumerate(SIZES)]
RANGE = {"rule": "range", "field": "number_of_employees", "min": 1}


def rows_of(result_tables, source: CrmHistory) -> bool:
    return all(len(frame) == result_tables[name] for name, frame in source)


def test_reject_sets_the_row_aside_with_its_reasons():
    """A rejected lead is in the quarantine, with the rule, the value and the next step."""
    result = check_history(history(LEADS), agreed({**RANGE, "breach": "reject"}), NOW)
    assert result.clean.leads["lead_id"].tolist() == ["L0", "L3"]
    reasons = result.quarantined["leads"].set_index("lead_id")["reasons"]
    assert reasons["L1"].startswith(
        "number_of_employees is a number of at least 1; found «about 200». Next: write"
    )
    assert "«-5»" in reasons["L2"]


def test_flag_keeps_the_row_and_returns_the_issue():
    """A flagged lead stays, and the flag is the very issue that the single lead's check returns."""
    agreement = agreed(RANGE)
    result = check_history(history(LEADS), agreement, NOW)
    assert len(result.clean.leads) == 4
    for flag in result.flags.to_dict("records"):
        size = SIZES[int(flag["lead_id"][1:])]
        (issue,) = check_lead(agreement, {"created_at": "2026-01-01", "number_of_employees": size}, now=NOW)
        assert (flag["field"], flag["rule"], flag["message"]) == (issue.field, issue.rule, issue.message)
    assert result.flags["lead_id"].tolist() == ["L1", "L2"]


def test_stop_halts_the_run_with_all_findings():
    """A broken clause with `stop` halts, and the error carries every finding that was made."""
    with pytest.raises(StopBreach) as stopped:
        check_history(history(LEADS), agreed({**RANGE, "breach": "stop"}, {**RANGE, "max": 100}), NOW)
    assert {finding.breach for finding in stopped.value.findings} == {"stop", "flag"}
    assert "2 of 3 otherwise" in str(stopped.value)


def test_tolerate_lets_pass_exactly_its_share():
    """With two of four sizes at fault, a tolerance of one half does not stop the run."""
    leads = [*LEADS, lead(9, number_of_employees="7")]
    result = check_history(history(leads), agreed({**RANGE, "breach": "stop", "tolerate": 0.5}), NOW)
    assert result.flags["lead_id"].tolist() == ["L1", "L2"]


@pytest.mark.parametrize(("tolerate", "stops"), [(0.5, True), (0.7, False)])
def test_tolerate_stops_above_its_share(tolerate, stops):
    """Two of three sizes break the rule: more than half, less than seven in ten."""
    agreement = agreed({**RANGE, "breach": "reject", "tolerate": tolerate})
    if stops:
        with pytest.raises(StopBreach):
            check_history(history(LEADS), agreement, NOW)
    else:
        assert len(check_history(history(LEADS), agreement, NOW).quarantined["leads"]) == 2


def test_a_lead_alone_is_never_stopped():
    """A single breach of a clause that stops runs is reported for the lead, not held against it."""
    agreement = agreed({**RANGE, "breach": "stop"})
    (issue,) = check_lead(agreement, {"created_at": "2026-01-01", "number_of_employees": "-5"})
    assert issue.breach == "flag"


def test_a_finding_tells_rows_total_examples_and_the_next_step():
    """A finding is data that a report can show: which clause, how many, such as, and what to do."""
    (finding,) = check_history(history(LEADS), agreed(RANGE), NOW).findings
    assert dataclasses.asdict(finding) == {
        "clause": "leads.number_of_employees.range",
        "table": "leads",
        "field": "number_of_employees",
        "rule": "range",
        "breach": "flag",
        "message": "leads: number_of_employees is a number of at least 1; found 2 of 3 otherwise, such as "
        "«about 200» (1), «-5» (1). They stay and are reported. Next: write number_of_employees in plain "
        "digits, without words, units or thousands separators.",
        "rows": 2,
        "total": 3,
        "examples": ("«about 200»", "«-5»"),
    }


def test_findings_survive_json():
    """A finding written as JSON and read again is the same finding."""
    for finding in check_history(history(LEADS), agreed(RANGE), NOW).findings:
        assert Finding.from_json(json.loads(json.dumps(finding.to_json()))) == finding


def test_clauses_on_other_tables_flag_their_leads():
    """A rule for activities names the lead whose activity broke it, once per lead."""
    agreement = agreed(
        {"table": "activities", "field": "activity_type", "rule": "allowed", "values": ["Web Visit"]}
    )
    rows = [
        {"lead_id": "L0", "occurred_at": "2026-02-01", "activity_type": kind}
        for kind in ("x", "x", "web visit")
    ]
    result = check_history(history(LEADS, activities=rows), agreement, NOW)
    assert result.flags[["lead_id", "field"]].to_numpy().tolist() == [["L0", "activities.activity_type"]]
    assert result.findings[0].rows == 2


def test_a_missing_share_and_a_silent_feed_are_found():
    """The rules about whole columns count what is missing and measure how old the newest value is."""
    agreement = agreed(
        {"rule": "missing_share", "field": "number_of_employees", "at_most": 0.2},
        {"rule": "freshness", "table": "activities", "field": "occurred_at", "within_days": 7},
    )
    rows = [{"lead_id": "L0", "occurred_at": "2026-06-20", "activity_type": "x"}]
    missing, stale = check_history(history(LEADS, activities=rows), agreement, NOW).findings
    assert (missing.rows, missing.total) == (1, 4)
    assert "found 10 days" in stale.message


@pytest.mark.parametrize("breach", ["flag", "stop"])
def test_a_clause_about_an_absent_table_or_column_is_never_silent(breach):
    """What cannot be checked is said, with the column that was probably meant; a clause that stops, stops."""
    agreement = agreed(
        {"rule": "allowed", "field": "numberofemployees", "values": ["1"], "breach": breach},
        {"rule": "reference", "field": "campaign_id", "to": "campaigns.campaign_id", "breach": breach},
        {
            "rule": "freshness",
            "table": "activities",
            "field": "occurred_at",
            "within_days": 7,
            "breach": breach,
        },
    )
    if breach == "stop":
        with pytest.raises(StopBreach, match="cannot be checked"):
            check_history(history(LEADS), agreement, NOW)
        return
    messages = [finding.message for finding in check_history(history(LEADS), agreement, NOW).findings]
    assert len(messages) == 3
    assert "rename 'number_of_employees' to 'numberofemployees'" in " ".join(messages)


def test_a_required_column_that_is_absent_stops_rather_than_empties():
    """If leads without a size are to be set aside and no lead has the column, the run stops."""
    with pytest.raises(StopBreach, match="shoe_size"):
        check_history(
            history(LEADS), agreed({"rule": "required", "field": "shoe_size", "breach": "reject"}), NOW
        )


def test_references_are_looked_up_in_the_other_table():
    """An id is found however it is spaced, and known ids travel to the single lead's check."""
    agreement = agreed({"rule": "reference", "field": "campaign_id", "to": "campaigns.campaign_id"})
    source = history(
        [lead(0, campaign_id="C1 "), lead(1, campaign_id="C2")], campaigns=[{"campaign_id": "C1"}]
    )
    assert check_history(source, agreement, NOW).flags["lead_id"].tolist() == ["L1"]
    known = known_ids(source, agreement)
    assert [
        bool(check_lead(agreement, {"created_at": "2026-01-01", "campaign_id": c}, known))
        for c in ("C1", "C2")
    ] == [
        False,
        True,
    ]


def test_values_of_hidden_fields_are_never_repeated(tmp_path):
    """Neither findings, flags, reasons nor pages show a personal value or one never to be used."""
    secrets = {"email": "secret-1 at acme", "owner_id": "secret-2", "number_of_employees": "secret-3"}
    secrets["annual_revenue"] = "-7654321"
    agreement = agreed(
        {"rule": "type", "field": "email", "is": "email"},
        {"rule": "pattern", "field": "owner_id", "matches": "[0-9]+", "breach": "reject"},
        {"rule": "allowed", "field": "number_of_employees", "values": ["1"]},
        {"rule": "unique", "field": "email"},
        {"rule": "range", "field": "annual_revenue", "min": 0},
        never_use=["owner_id", "number_of_employees", "annual_revenue"],
    )
    leads = [lead(0), lead(1, **secrets), lead(2, **{**secrets, "owner_id": "7"})]
    result = check_history(history(leads), agreement, NOW, tmp_path)
    told = "".join(map(str, result.findings)) + result.flags.to_csv()
    told += result.quarantined["leads"]["reasons"].str.cat()
    told += "".join(path.read_text() for path in tmp_path.iterdir())
    assert len(result.findings) == 5
    assert "secret" not in told
    assert "7654321" not in told


nasty_leads = st.lists(
    st.fixed_dictionaries(
        {
            "lead_id": st.sampled_from(["L1", "L2", "L3", None, " "]) | texts,
            "created_at": st.sampled_from(["2026-01-01", "1970-01-01", "2026-08-01", None]),
            "stage": texts,
            "number_of_employees": texts,
        }
    ),
    min_size=1,
    max_size=8,
)
nasty_activities = st.lists(
    st.fixed_dictionaries(
        {
            "lead_id": st.sampled_from(["L0", "L1", "L2", "nobody", None]),
            "occurred_at": st.sampled_from(["2026-02-01", "1970-01-01", "2025-01-01", "2026-08-01", None]),
            "activity_type": st.sampled_from(["x", None]),
            "activity_id": st.sampled_from(["A1", "A2", None]),
        }
    ),
    max_size=8,
)


@given(nasty_leads, nasty_activities)
def test_no_row_is_ever_lost(leads, activities):
    """Whatever a history holds, each of its rows is either clean or quarantined with reasons."""
    source = history([lead(0), *leads], activities=activities, stage_changes=[])
    result = check_history(source, agreed(), NOW)
    for name, frame in source:
        aside = result.quarantined.get(name, pd.DataFrame())
        assert len(getattr(result.clean, name)) + len(aside) == len(frame)
        assert not len(aside) or (aside["reasons"].str.len() > 0).all()


@given(nasty_leads, nasty_activities)
def test_checking_what_is_clean_finds_nothing_new_to_set_aside(leads, activities):
    """The house rules leave a history that they would leave as it is."""
    once = check_history(history([lead(0), *leads], activities=activities), agreed(), NOW)
    again = check_history(once.clean, agreed(), NOW)
    assert again.quarantined == {}
    pd.testing.assert_frame_equal(again.clean.leads, once.clean.leads)


@settings(max_examples=4)
@given(st.permutations(NASTY))
def test_the_same_rows_are_found_in_any_order(sizes):
    """Which leads are set aside does not depend on the order of the rows."""
    leads = [lead(number, number_of_employees=size) for number, size in enumerate(sizes)]
    result = check_history(history([lead("x"), *leads]), agreed({**RANGE, "breach": "reject"}), NOW)
    kept = set(result.clean.leads["number_of_employees"].dropna())
    reference = {
        size
        for size in NASTY
        if not check_lead(agreed(RANGE), {"created_at": "2026-01-01", "number_of_employees": size}, now=NOW)
    }
    assert kept == reference


def test_the_default_agreement_runs_on_a_small_history(tmp_path):
    """The agreement that Baton comes with can be checked on a history that has only leads."""
    leads = [lead(number, company="Acme", lead_source="Web") for number in range(3)]
    result = check_history(history(leads), load_agreement(DEFAULT_AGREEMENT), NOW, tmp_path)
    assert len(result.clean.leads) == 3
    assert (tmp_path / "leads.html").exists()
