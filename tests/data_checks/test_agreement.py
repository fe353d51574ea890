"""The agreement: read, refused with every fault, and the same after a journey as JSON."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tables import DEFAULT_AGREEMENT, agreed
from data_checks.agreement import Agreement, load_agreement, parse_agreement
from data_checks.errors import BatonError
from data_checks.faults import Fault, FaultyDocument

SOUND = """
version: "1"
stages:
  inquiry: [New]
  sql: [Qualified]
target: {stage: sql, within_days: 90}
handoff: {by: capacity, leads_per_week: 50}
"""


def faults(extra: str = "", **replaced: str) -> dict[str, Fault]:
    text = SOUND + extra
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(FaultyDocument) as refused:
        parse_agreement(text)
    return {fault.path: fault for fault in refused.value.faults}


def test_the_default_agreement_is_sound():
    """The agreement that Baton comes with can be read, and maps the sample CRM's stages."""
    agreement = load_agreement(DEFAULT_AGREEMENT)
    assert agreement.target.stage == "sql"
    assert agreement.stage_of("  closed   WON ") == "won"
    assert agreement.stage_of("Zombie") is agreement.stage_of(None) is None


def test_an_agreement_is_the_same_after_json():
    """It travels inside a model as JSON: what arrives is equal, and has the same fingerprint."""
    agreement = load_agreement(DEFAULT_AGREEMENT)
    arrived = Agreement.model_validate(json.loads(json.dumps(agreement.model_dump(mode="json"))))
    assert arrived == agreement == Agreement.model_validate_json(agreement.model_dump_json())
    assert {arrived: 1}[agreement] == 1
    assert arrived.fingerprint == agreement.fingerprint


def test_agreements_that_differ_have_other_fingerprints():
    """A changed bound is another agreement."""
    clause = {"rule": "range", "field": "annual_revenue", "min": 1}
    assert agreed(clause).fingerprint != agreed({**clause, "min": 2}).fingerprint


def test_clauses_have_names_of_their_own():
    """Two clauses of one rule on one field are told apart."""
    clause = {"rule": "range", "field": "annual_revenue"}
    names = list(
        agreed({**clause, "min": 0}, {**clause, "max": 9}, {"rule": "required", "field": "company"}).clauses
    )
    assert names == ["leads.annual_revenue.range", "leads.annual_revenue.range.2", "leads.company.required"]


def test_norway_and_five_o_clock_are_what_they_say():
    """NO is a country, 17:00 an hour, and 2026-12-25 a day, with or without quotes."""
    agreement = parse_agreement(
        SOUND
        + "lead_data: [{field: country, rule: allowed, values: [NO, SE], breach: flag}]\n"
        + "sla: {working_hours: {opens: 9:00, closes: 17:00, holidays: [2026-12-25]}}\n"
    )
    assert list(agreement.lead_data[0].values) == ["NO", "SE"]
    hours = agreement.sla.working_hours
    assert (hours.opens.hour, hours.closes.hour, hours.holidays[0].isoformat()) == (9, 17, "2026-12-25")


def test_every_fault_is_named_at_once():
    """One reading finds all faults, each with its path, line, value and next step."""
    found = faults(
        "handof: 1\nlead_data:\n"
        "  - {field: a, rule: requird, breach: flag}\n"
        "  - {field: b, rule: range, breach: fla}\n",
        **{'"1"': "2026.10", "within_days: 90": "within_days: ninety", "by: capacity": "by: capcity"},
    )
    assert {path: fault.line for path, fault in found.items()} == {
        "version": 2,
        "target.within_days": 6,
        "handoff": 7,
        "handof": 8,
        "lead_data[0]": 10,
        "lead_data[1].breach": 11,
    }
    assert all(fault.rule and fault.next_step for fault in found.values())
    assert found["version"].value == "2026.1"


@pytest.mark.parametrize(
    ("extra", "path", "meant"),
    [
        ("never_us: [email]", "never_us", "never_use"),
        ("sla: {sqls_per_moth: 4}", "sla.sqls_per_moth", "sqls_per_month"),
        ("sla: {working_hours: {timezon: UTC}}", "sla.working_hours.timezon", "timezone"),
        ("sla: {first_contact_hours: {a: 2}}", "sla.first_contact_hours.a", "A"),
        ("lead_data: [{field: a, rule: range, mn: 1, breach: flag}]", "lead_data[0].mn", "min"),
        ("lead_data: [{field: a, rule: rnge, min: 1, breach: flag}]", "lead_data[0]", "range"),
        ("lead_data: [{field: a, rule: type, is: numbr, breach: flag}]", "lead_data[0].is", "number"),
        ("lead_data: [{field: a, rule: scale, scale: dbn, breach: flag}]", "lead_data[0].scale", "dnb"),
        (
            "lead_data: [{table: activities, field: activity_typ, rule: required, breach: flag}]",
            "lead_data[0].field",
            "activity_type",
        ),
        (
            "lead_data: [{field: a, rule: reference, to: campaign.campaign_id, breach: flag}]",
            "lead_data[0].to",
            "campaigns.campaign_id",
        ),
    ],
)
def test_a_misspelled_word_is_answered_with_the_meant_one(extra, path, meant):
    """Wherever a key, a rule or a name is misspelled, the next step names what was probably meant."""
    assert f"'{meant}'" in faults(extra)[path].next_step


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ("grades: {A: 0.2, B: 0.4, C: 0}", "grades.B"),
        ("grades: {A: 0.4, B: 0.2}", "grades"),
        ("scales: {bbb: [a, b]}", "scales.bbb"),
        ("scales: {medal: [gold, Gold]}", "scales.medal"),
        ("never_use: [email, email]", "never_use[1]"),
        ("never_use: ['activity:Call']", "never_use[0]"),
        ("never_use: ['activity_type:']", "never_use[0]"),
        ("never_use: [email, created_at]", "never_use[1]"),
        ("never_use: [lead_id]", "never_use[0]"),
        ("known_at: {'activity:Call': creation}", "known_at.activity:Call"),
        ("known_at: {'activity_type:': as_of}", "known_at.activity_type:"),
        ("never_use: [fax]\nknown_at: {fax: creation}", "known_at.fax"),
        (
            "never_use: ['activity_type:Call Back']\nknown_at: {'activity_type:call  back': as_of}",
            "known_at.activity_type:call  back",
        ),
        ("sla: {working_hours: {opens: 17:00, closes: 09:00}}", "sla.working_hours"),
        ("sla: {working_hours: {timezone: Mars/Base}}", "sla.working_hours.timezone"),
        ("lead_data: [{field: a, rule: range, breach: flag}]", "lead_data[0]"),
        ("lead_data: [{field: a, rule: range, min: 3, max: 2, breach: flag}]", "lead_data[0]"),
        ("lead_data: [{field: a, rule: range, min: soon, breach: flag}]", "lead_data[0].min"),
        ("lead_data: [{field: a, rule: range, min: 1, max: 2026-01-31, breach: flag}]", "lead_data[0]"),
        ("lead_data: [{field: a, rule: pattern, matches: '(', breach: flag}]", "lead_data[0].matches"),
        (
            "lead_data: [{field: a, rule: scale, scale: bbb, at_least: H, breach: flag}]",
            "lead_data[0].at_least",
        ),
        ("lead_data: [{field: a, rule: allowed, values: [], breach: flag}]", "lead_data[0].values"),
        (
            "lead_data: [{field: a, rule: allowed, values: {A: [x], B: [X]}, breach: flag}]",
            "lead_data[0].values",
        ),
        ("lead_data: [{field: a, rule: missing_share, at_most: 0.1, breach: reject}]", "lead_data[0].breach"),
        ("lead_data: [{field: a, rule: required}]", "lead_data[0].breach"),
        (
            "lead_data: [{field: a, rule: required, breach: flag}, {field: a, rule: required, breach: flag}]",
            "lead_data[1]",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(extra, path):
    """A clause or promise that cannot be kept, or means nothing, is a fault with its path."""
    assert path in faults(extra)


def test_a_value_of_the_crm_means_one_stage():
    """The same value under two stages is a fault, however it is cased."""
    assert "stages.sql[1]" in faults(Qualified="Qualified, ' new '")


def test_the_target_can_be_seen():
    """A target that no value of the CRM means, and no later stage either, cannot be learned."""
    assert "target.stage" in faults(**{"sql: [Qualified]": "sql: []"})
    assert parse_agreement(SOUND.replace("sql: [Qualified]", "won: [Customer]")).target.stage == "sql"


def test_a_key_written_twice_is_refused():
    """YAML would let the second win in silence."""
    with pytest.raises(BatonError, match="line 8: a key comes once; found 'version'"):
        parse_agreement(SOUND + "version: '2'")


@pytest.mark.parametrize("text", ["", "- a", "just words", "3"])
def test_what_is_no_mapping_is_refused(text):
    """An empty file or a list is not an agreement, and the error says what one looks like."""
    with pytest.raises(FaultyDocument, match="mapping of keys"):
        parse_agreement(text)


def test_what_is_no_yaml_is_refused_with_its_line():
    """The error names the line to look at."""
    with pytest.raises(BatonError, match="line 2: the text is YAML"):
        parse_agreement("version: 1\n  : [")


def test_files_that_cannot_be_read_are_refused(tmp_path):
    """A missing file and another encoding are errors with a next step; a byte-order mark is not."""
    with pytest.raises(BatonError, match=r"Next: give its path"):
        load_agreement(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes('version: "ü"'.encode("latin-1"))
    with pytest.raises(BatonError, match="UTF-8"):
        load_agreement(tmp_path / "latin.yaml")
    (tmp_path / "bom.yaml").write_text(SOUND, encoding="utf-8-sig")
    assert load_agreement(tmp_path / "bom.yaml").version == "1"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x) | st.dictionaries(st.sampled_from([*Agreement.model_fields, "x"]) | st.text(), x)
        ),
        max_leaves=8,
    )
)
def test_anything_at_all_is_an_agreement_or_a_fault(data):
    """Whatever YAML holds, the answer is an agreement or a list of faults, never another error."""
    with contextlib.suppress(BatonError):
        assert parse_agreement(json.dumps(data)).version


def test_a_stage_may_be_called_unknown():
    """What counts as missing elsewhere is a stage if the agreement says so; what is no text is none."""
    agreement = agreed(stages={"inquiry": ["Unknown"], "sql": ["Qualified"]})
    assert agreement.stage_of("UNKNOWN") == "inquiry"
    assert agreement.stage_of(float("nan")) is None


def test_a_changed_copy_forgets_what_its_original_had_computed():
    """A copy with other stages knows its own stages, and has another fingerprint."""
    agreement = load_agreement(DEFAULT_AGREEMENT)
    before = (agreement.fingerprint, agreement.stage_of("New"), list(agreement.clauses))
    changed = agreement.model_copy(update={"stages": {"sql": ("New",)}, "lead_data": ()})
    assert (changed.stage_of("New"), list(changed.clauses)) == ("sql", [])
    assert changed.fingerprint != agreement.fingerprint
    assert before == (agreement.fingerprint, agreement.stage_of("New"), list(agreement.clauses))
