"""The four public data sets go the whole way, and their forward test is as good as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from pipeline.new_project import EXAMPLES, make_project
from pipeline.project import Project
from pipeline.stages.by_name import run_stages
from pipeline.store import read_json

DATA = os.environ.get("BATON_REAL_DATA")
LEAST_AUC = {"x_education": 0.885, "olist_funnel": 0.70, "bank_marketing": 0.72, "bpi_2012_october": 0.66}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.skipif(not DATA, reason="BATON_REAL_DATA names no folder with the public data sets")
def test_forward_auc_on_honest_columns(name, tmp_path):
    """The example's project, its leaks excluded by its agreement, ranks later leads well enough."""
    source = Path(str(DATA)) / name
    if not source.is_dir():
        pytest.skip(f"{source} is absent")
    folder = make_project(tmp_path / name, name, source)
    params = yaml.safe_load((folder / "params.yaml").read_text())
    params["train"]["rounds"] = 100
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    run_stages(Project(folder), "evaluate")
    metrics = read_json(Project(folder).metrics)
    assert metrics["scorers"]["baton"]["auc"] >= LEAST_AUC[name], metrics["scorers"]
    assert set(metrics["verdicts"]) == {"base_rate", "count_rule", "logistic_regression"}
