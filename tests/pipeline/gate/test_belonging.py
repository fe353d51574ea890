"""A model is judged on its own data, or not at all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data_checks.errors import BatonError
from judged_projects import registry, shelf_of, with_params
from models.bundle import BundleError, load_bundle
from pipeline.audit_files import suspects_file
from pipeline.belonging import BelongingError
from pipeline.project import Project
from pipeline.promotion import RefusedError, promote_bundle
from pipeline.stages.evaluate import run_evaluate
from pipeline.store import read_json, write_json


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
    judged = np.flatnonzero(frame["_mature"])[said["row"]]
    frame.loc[judged, "_label"] = said["baton"].to_numpy() > 0.3
    frame.to_parquet(path, index=False)

    run_evaluate(new)
    with pytest.raises(BelongingError, match="come from the checked tables"):
        promote_bundle(new, "Ada", "I insist")


@pytest.mark.parametrize("lost", ["metrics", "predictions", "features", "tables", "suspects"])
def test_a_missing_file_is_a_refusal(new, lost):
    """Without all that a model is judged by it is not judged, and not served."""
    paths = {
        "metrics": new.metrics,
        "predictions": new.model / "predictions.parquet",
        "features": new.training / "features.json",
        "tables": new.tables / "leads.parquet",
        "suspects": suspects_file(new),
    }
    paths[lost].unlink()
    with pytest.raises(BatonError, match="Next: run"):
        promote_bundle(new, "Ada", "I insist")
    assert not new.served.exists()


@pytest.mark.parametrize("name", ["twin.json", "model.json", "manifest.json"])
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
    with (rival.served / "1" / "model.json").open("a", encoding="utf-8") as file:
        file.write("x")
    with pytest.raises(RefusedError, match="version 1: a bundle is used as it was built"):
        promote_bundle(rival, "Ben")
    assert "version 2 is served" in promote_bundle(rival, "Ben", "the old one is broken")


def test_a_run_with_other_tags_is_not_the_bundles_own(new, monkeypatch):
    """A run that names other data than the bundle is not the run that built it."""
    tracking = registry(new)
    run = tracking.run_of_bundle(load_bundle(new.bundle).hash)
    tracking._client.set_tag(run.run_id, "data_hash", "other")
    with pytest.raises(BatonError, match="have one data_hash; found 'other'"):
        promote_bundle(new, "Ada", "I insist")
