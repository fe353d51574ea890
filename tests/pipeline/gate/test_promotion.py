"""The only door to being served."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from judged_projects import baton, registry, shelf_of, train_in, with_params
from models.bundle import load_bundle, save_bundle
from models.leakage.suspects import Suspects
from models.shelf import Shelf
from models.twin import twin_probability
from pipeline.audit_files import suspects_file
from pipeline.forward_window import read_forward_window
from pipeline.project import Project
from pipeline.promotion import RefusedError, gate_says, promote_bundle
from pipeline.store import read_json, write_json


def test_a_promotion_tells_who_when_why_and_from_what(new):
    """`baton models` and the registry say by whom, why, from which data and under which agreement."""
    promote_bundle(new, "Ada")
    told = baton(new, "models").stdout
    facts = load_bundle(new.bundle).facts
    for word in ("version    1", "by Ada", "beats the base rate", "agreement 2026.11", facts.data_hash[:12]):
        assert word in told
    assert f"{pd.Timestamp.now('UTC'):%Y-%m-%d}" in told
    tags = registry(new)._client.get_model_version("baton", "1").tags
    assert tags.keys() >= {"promoted_by", "reason", "bundle_hash", "feature_fingerprint", "code_commit"}
    assert (tags["data_hash"], tags["agreement_version"]) == (facts.data_hash, "2026.11")
    assert registry(new).champion() == "1"


def test_the_evidence_is_left_for_people(new):
    """`reports/gate.json` holds every look, for this very bundle."""
    promote_bundle(new, "Ada")
    told = read_json(new.gate)
    assert told["passes"]
    assert told["bundle_hash"] == load_bundle(new.bundle).hash
    assert {"stage: inquiry", "number_of_employees: 50 to 249"} <= {
        one["subject"] for one in told["findings"]
    }


def test_what_is_served_already_stays(new):
    """Promoting the same bundle twice changes nothing."""
    promote_bundle(new, "Ada")
    before = shelf_of(new)
    assert "is served already" in promote_bundle(new, "Ben")
    assert shelf_of(new) == before


def test_a_challenger_with_other_features_is_compared_and_refused(rival):
    """A worse model is refused against the champion, by name, though their features differ."""
    before = shelf_of(rival)
    with pytest.raises(RefusedError, match="clearly worse than version 1 on the same later leads"):
        promote_bundle(rival, "Ben")
    assert shelf_of(rival) == before
    assert registry(rival).champion() == "1"
    compared = [one for one in read_json(rival.gate)["findings"] if one["subject"] == "version 1"]
    assert {one["check"] for one in compared} == {"log-loss", "ranking", "calibration", "stretches"}


def test_promotion_refuses_a_model_that_a_baseline_beats(rival):
    """The baselines are compared with as well, and one that is clearly better keeps a model from serving."""
    passes, said = gate_says(rival)
    assert not passes
    assert "clearly worse than the logistic regression on the same later leads" in said


def test_the_champion_is_judged_by_its_twin_with_its_own_features(trained, rival):
    """On the window the champion's twin says, by its own features, what it said when it was tested itself."""
    said = pd.read_parquet(trained.model / "predictions.parquet")["baton"]
    first = load_bundle(rival.served / "1")

    forward = read_forward_window(rival, load_bundle(rival.bundle))
    matrix = first.features.matrix(forward.records, forward.snapshots, first.reference)
    np.testing.assert_array_equal(twin_probability(first, matrix), said.to_numpy())
    assert first.features.names != load_bundle(rival.bundle).features.names


def test_a_person_overrules_a_judgement_and_it_is_kept(rival):
    """With a reason a refused model is served; who, why and what was overruled stand in the record."""
    assert "a trial" in promote_bundle(rival, "Ben", "a trial")
    told = baton(rival, "models").stdout
    assert "by Ben: a trial" in told
    assert "overruled: a model is served only if it is not clearly worse than version 1" in told
    assert registry(rival).champion() == "2"


def test_a_reason_is_not_needed_and_overrules_nothing_where_nothing_is_objected(new):
    """A reason given for a model that passes leaves the record saying that it passed."""
    promote_bundle(new, "Ada", "just in case")
    (only,) = Shelf(new.served).history()
    assert only.overruled == ()
    assert "beats" in only.reason


def test_a_dry_run_says_what_the_gate_says_and_changes_nothing(rival):
    """`baton promote --dry-run` lists the objections, ends with 1, and promotes nothing."""
    before = shelf_of(rival)
    done = baton(rival, "promote", "--dry-run")
    assert done.exit_code == 1
    assert "clearly worse than version 1" in done.stdout
    assert shelf_of(rival) == before


def test_a_leak_that_nobody_left_out_is_refused(trained, tmp_path):
    """Without the audit the sample's traps make a model that looks splendid, and the gate says what it is."""
    project = Project(shutil.copytree(trained.root, tmp_path / "project"))
    write_json(Suspects().to_json(), suspects_file(project))
    with_params(project.root, train={"rounds": 60})
    train_in(project.root)
    passes, said = gate_says(Project(project.root))
    assert not passes
    assert "being told the outcome" in said


def test_what_was_found_suspect_since_is_refused_whatever_the_reason(new):
    """A column that the audit suspects today is not used by a model of yesterday, and no reason helps."""
    write_json(Suspects(columns={"industry": ("a reason",)}).to_json(), suspects_file(new))
    with pytest.raises(RefusedError, match="forbids; found industry"):
        promote_bundle(new, "Ada", "I insist")
    assert Shelf(new.served).champion() is None


def test_a_champion_of_another_target_is_told_of_and_not_compared(rival):
    """A champion made for another horizon answers another question: that is said, and no objection."""
    first = load_bundle(rival.served / "1")
    target = first.agreement.target.model_copy(update={"within_days": 180})
    other = first.agreement.model_copy(update={"target": target})
    shutil.rmtree(rival.served / "1")
    save_bundle(replace(first, agreement=other), rival.served / "1")
    gate_says(rival)
    told = read_json(rival.gate)
    assert "version 1 cannot be compared: it foretells sql within 180 days" in str(told["notes"])
    assert not [one for one in told["objections"] if "version 1" in one]
