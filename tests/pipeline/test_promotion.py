"""The only door to being served, and the way back through it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from data_checks.errors import BatonError
from judged_projects import train_in, trained_project, with_params
from models.bundle import BundleError, load_bundle, save_bundle
from models.leakage.suspects import Suspects
from models.shelf import Shelf
from models.tracking import Tracking, TrackingError
from models.twin import twin_probability
from pipeline.audit_files import suspects_file
from pipeline.belonging import BelongingError
from pipeline.cli import cli
from pipeline.forward_window import read_forward_window
from pipeline.project import Project
from pipeline.promotion import RefusedError, gate_says, promote_bundle
from pipeline.stages.evaluate import run_evaluate
from pipeline.store import read_json, write_json

GONE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A project with a bundle, and nothing served."""
    return trained_project(tmp_path_factory.mktemp("trained") / "project")


@pytest.fixture(scope="module")
def served(trained, tmp_path_factory):
    """The same project, the bundle being served, and a worse challenger with other features trained."""
    folder = shutil.copytree(trained.root, tmp_path_factory.mktemp("served") / "project")
    promote_bundle(Project(folder), "Ada")
    with_params(folder, features={"windows_days": [5, 45]}, train={"rounds": 1})
    return train_in(folder)


@pytest.fixture
def new(trained, tmp_path):
    """A project with a bundle, of its own for each test."""
    return Project(shutil.copytree(trained.root, tmp_path / "project"))


@pytest.fixture
def rival(served, tmp_path):
    """A project with a champion and a worse challenger, of its own for each test."""
    return Project(shutil.copytree(served.root, tmp_path / "project"))


def baton(project: Project, *words: str):
    return CliRunner().invoke(cli, [*words, "--project", str(project.root)])


def registry(project: Project) -> Tracking:
    return Tracking(project.tracking)


def shelf_of(project: Project) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(project.served.rglob("*")) if path.is_file()}


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


def moved(project: Project) -> None:
    leads = pd.read_parquet(project.tables / "leads.parquet")
    leads.iloc[:-1].to_parquet(project.tables / "leads.parquet", index=False)


def other_predictions(project: Project) -> None:
    path = project.model / "predictions.parquet"
    frame = pd.read_parquet(path)
    frame.assign(baton=frame["baton"] ** 0.9).to_parquet(path, index=False)


def easier_rows(project: Project) -> None:
    path = project.model / "predictions.parquet"
    frame = pd.read_parquet(path)
    frame.iloc[: len(frame) // 2].to_parquet(path, index=False)


def easier_window(project: Project) -> None:
    easier_rows(project)
    run_evaluate(project)


def other_split(project: Project) -> None:
    with_params(project.root, split={"test_share": 0.1})


def better_figures(project: Project) -> None:
    metrics = read_json(project.metrics)
    metrics["scorers"]["baton"]["log_loss"] -= 0.01
    write_json(metrics, project.metrics)


def other_outcomes(project: Project) -> None:
    for path in (project.training / "rows").iterdir():
        frame = pd.read_parquet(path)
        frame.assign(_label=~frame["_label"]).to_parquet(path, index=False)


def other_agreement(project: Project) -> None:
    path = project.root / "agreement.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("A: 0.4", "A: 0.5"), encoding="utf-8")


def other_features(project: Project) -> None:
    path = project.training / "features.json"
    features = read_json(path)
    write_json({**features, "features": features["features"][1:]}, path)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (moved, "judged on the data that it was built from"),
        (other_predictions, "predictions evaluated are those of the bundle"),
        (easier_rows, "judged on the whole forward window"),
        (easier_window, "judged on the whole forward window"),
        (other_split, "judged on the whole forward window"),
        (better_figures, r"metrics\.json tells of the bundle's forward test"),
        (other_outcomes, r"metrics\.json tells of the bundle's forward test"),
        (other_agreement, "made under the agreement in force"),
        (other_features, "used with the features it was built for"),
    ],
)
def test_a_model_evaluated_on_other_data_is_refused_whatever_the_reason(new, change, rule):
    """Other tables, rows, outcomes, features, figures or terms than the bundle's own: no reason helps."""
    change(new)
    with pytest.raises(BatonError, match=rule) as refused:
        promote_bundle(Project(new.root), "Ada", "I insist")
    assert not isinstance(refused.value, RefusedError)
    assert not new.served.exists()


def test_rows_that_the_tables_do_not_give_are_refused(new):
    """Rows, predictions and figures may agree with each other and still not come from the checked tables."""
    (path,) = (new.training / "rows").iterdir()
    frame, said = pd.read_parquet(path), pd.read_parquet(new.model / "predictions.parquet")
    frame.loc[said["row"], "_label"] = said["baton"].to_numpy() > 0.3
    frame.to_parquet(path, index=False)

    run_evaluate(new)
    with pytest.raises(BelongingError, match="come from the checked tables"):
        promote_bundle(new, "Ada", "I insist")


@pytest.mark.parametrize("lost", ["metrics", "gate_input", "rows", "tables"])
def test_a_missing_file_is_a_refusal(new, lost):
    """Without all that a model is judged by it is not judged, and not served."""
    paths = {
        "metrics": new.metrics,
        "gate_input": new.model / "predictions.parquet",
        "rows": new.training / "features.json",
        "tables": new.tables / "leads.parquet",
    }
    paths[lost].unlink()
    with pytest.raises(BatonError, match="Next: run"):
        promote_bundle(new, "Ada", "I insist")
    assert not new.served.exists()


@pytest.mark.parametrize("name", ["twin.txt", "model.txt", "manifest.json"])
def test_a_damaged_bundle_is_refused_and_the_champion_stays(rival, name):
    """A bundle with one more byte is not promoted, whatever the reason."""
    before = shelf_of(rival)
    with (rival.bundle / name).open("a", encoding="utf-8") as file:
        file.write("x")
    with pytest.raises(BundleError):
        promote_bundle(rival, "Ben", "I insist")
    assert shelf_of(rival) == before


def test_a_damaged_champion_cannot_be_compared_and_a_person_decides(rival):
    """With a champion that does not load there is no fair comparison; a reason leads out of it."""
    with (rival.served / "1" / "model.txt").open("a", encoding="utf-8") as file:
        file.write("x")
    with pytest.raises(RefusedError, match="version 1: a bundle is used as it was built"):
        promote_bundle(rival, "Ben")
    assert "version 2 is served" in promote_bundle(rival, "Ben", "the old one is broken")


def unreachable(project: Project, monkeypatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", GONE)


def damaged(project: Project, monkeypatch) -> None:
    project.tracking.write_bytes(b"no database" * 100)


@pytest.mark.parametrize("fault", [unreachable, damaged])
def test_without_a_registry_nothing_is_promoted(rival, monkeypatch, fault):
    """A registry that does not answer, or is damaged, is a clear refusal, and the champion stays."""
    before = shelf_of(rival)
    fault(rival, monkeypatch)
    with pytest.raises(TrackingError, match="MLflow's store answers"):
        promote_bundle(rival, "Ben", "I insist")
    assert shelf_of(rival) == before


def test_a_registry_that_fails_half_way_leaves_the_champion(rival, monkeypatch):
    """If the alias cannot be set the pointer is not moved either."""

    def fail(*_):
        raise TrackingError("MLflow's store answers", "nothing", "start it")

    monkeypatch.setattr(Tracking, "set_champion", fail)
    with pytest.raises(TrackingError):
        promote_bundle(rival, "Ben", "a trial")
    assert Shelf(rival.served).champion()[0] == "1"


def test_a_run_with_other_tags_is_not_the_bundles_own(new, monkeypatch):
    """A run that names other data than the bundle is not the run that built it."""
    tracking = registry(new)
    run = tracking.run_of_bundle(load_bundle(new.bundle).hash)
    tracking._client.set_tag(run.run_id, "data_hash", "other")
    with pytest.raises(BatonError, match="have one data_hash; found 'other'"):
        promote_bundle(new, "Ada", "I insist")


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


def test_a_rollback_moves_shelf_and_registry(rival):
    """`baton rollback` serves the version before, and the registry's alias follows."""
    promote_bundle(rival, "Ben", "a trial")
    done = baton(rival, "rollback", "--reason", "too many calls")
    assert done.exit_code == 0
    assert "version 1 is served again (too many calls)" in done.output
    assert Shelf(rival.served).champion()[0] == "1"
    assert registry(rival).champion() == "1"
    assert Shelf(rival.served).history()[-1].data_hash == load_bundle(rival.served / "1").facts.data_hash


@pytest.mark.parametrize("fault", [unreachable, damaged])
def test_a_rollback_needs_no_registry(rival, monkeypatch, fault):
    """A registry that is gone does not hold a rollback up, and that it did not follow is said."""
    promote_bundle(rival, "Ben", "a trial")
    fault(rival, monkeypatch)
    done = baton(rival, "rollback")
    assert done.exit_code == 0
    assert "did not follow" in done.output
    assert Shelf(rival.served).champion()[0] == "1"


def test_a_rollback_takes_less_than_a_second_and_no_mlflow(rival):
    """A rollback is short work, up to the moved pointer, and needs no MLflow."""
    promote_bundle(rival, "Ben", "a trial")
    code = (
        "import sys, time; from pathlib import Path; from pipeline.project import Project\n"
        "from pipeline.rollback import roll_back; began = time.process_time()\n"
        f"roll_back(Project(Path({str(rival.root)!r})), 'Ada', 'a test')\n"
        "print(time.process_time() - began, 'mlflow' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    seconds, with_mlflow = done.stdout.split()
    assert float(seconds) < 1
    assert with_mlflow == "False"
    assert Shelf(rival.served).champion()[0] == "1"
