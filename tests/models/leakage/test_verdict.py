"""From evidence to a verdict, and to what is left out."""

import json

import numpy as np
import pytest

from crm_tables import agreed
from features.moments import NEVER
from leakage_world import LeakageWorld
from models.leakage.evidence import LINES, TITLES, Evidence, Kind, Strength
from models.leakage.suspects import SuspectPeriod, Suspects
from models.leakage.verdict import Examined, is_suspect

WORLD = LeakageWorld()
OUTCOME = np.where(WORLD.reached != NEVER, "yes", "no")


def evidence(kind: Kind, strength: Strength) -> Evidence:
    return Evidence(kind, strength, f"{kind} speaks.")


@pytest.mark.parametrize(
    ("found", "suspect"),
    [
        ([], False),
        ([("words", "hint")], False),
        ([("tied", "hint"), ("fill_tied", "hint")], False),
        ([("changed_since", "note"), ("tied", "hint")], False),
        ([("words", "hint"), ("tied", "hint")], True),
        ([("too_good", "conclusive")], True),
    ],
)
def test_one_conclusive_finding_or_two_independent_hints_convict(found, suspect):
    """Hints of one line count once, notes never."""
    assert is_suspect([evidence(kind, strength) for kind, strength in found]) is suspect


def test_reasons_are_what_convicts():
    """Beside a conclusive finding hints are no reasons; without one, one hint of each line is."""
    hints = (evidence("words", "hint"), evidence("fill_tied", "hint"), evidence("tied", "hint"))
    assert Examined("column", "a", hints, "left_out").reasons == ("words speaks.", "fill_tied speaks.")
    conclusive = (*hints, evidence("too_good", "conclusive"))
    assert Examined("column", "a", conclusive, "left_out").reasons == ("too_good speaks.",)
    assert Examined("column", "a", hints[:1], "clear").reasons == ()


def test_every_kind_has_a_title_and_a_line():
    """Whatever can be found can be told and weighed."""
    assert set(TITLES) == set(LINES)


@pytest.mark.parametrize(
    ("keys", "verdict"),
    [
        ({}, "left_out"),
        ({"known_at": {"copy": "creation"}}, "vouched"),
        ({"known_at": {"copy": "as_of"}}, "vouched"),
        ({"never_use": ["copy"]}, "not_used"),
    ],
)
def test_the_agreement_has_the_last_word(keys, verdict):
    """A suspect is left out unless the agreement vouches for it; what is never used is no news."""
    audit = LeakageWorld(columns={"copy": OUTCOME}, agreement=agreed(**keys)).audit()
    one = audit.of("column")["copy"]
    assert (one.verdict, one.suspect) == (verdict, True)
    assert ("copy" in audit.suspects.columns) is (verdict == "left_out")
    assert ("copy" in audit.suspects.vouched_for) is (verdict == "vouched")


def test_a_type_of_activity_is_vouched_for_by_any_spelling():
    """The agreement's `activity_type:Kick Off` means what the audit folds to `kick off`."""
    calls = [(lead, "Kick  off", WORLD.reached[lead], None) for lead in np.flatnonzero(OUTCOME == "yes")]
    agreement = agreed(known_at={"activity_type:Kick OFF": "as_of"})
    audit = LeakageWorld(activities=calls, agreement=agreement).audit()
    assert audit.of("activity_type")["kick off"].verdict == "vouched"
    assert audit.suspects.vouched_for == {"activity_type:kick off": "as_of"}


def test_suspects_survive_json():
    """What the features stage reads is what the audit wrote."""
    suspects = Suspects(
        {"a": ("because",)}, {"call": ("so", "too")}, (SuspectPeriod(5, 7, ("gap",)),), {"b": "creation"}
    )
    assert Suspects.from_json(json.loads(json.dumps(suspects.to_json()))) == suspects


def test_company_convicts_in_a_chain_only_with_a_second_hint():
    """Filled for the same leads as a suspect is enough with a telling name, and not without."""
    flags = np.random.default_rng(9).random(600) < 0.5
    columns = {
        "copy": np.where(flags, OUTCOME, None),
        "lead_grade": np.where(flags, "B", None),
        "hobby": np.where(flags, "golf", None),
    }
    audit = LeakageWorld(columns=columns).audit()
    assert {name for name, one in audit.of("column").items() if one.suspect} == {"copy", "lead_grade"}
