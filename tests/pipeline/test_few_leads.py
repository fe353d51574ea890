"""The stages on histories that are too small, or too plain, to learn from."""

from __future__ import annotations

import shutil

import pytest

from data_checks.errors import BatonError
from pipeline.new_project import make_project
from pipeline.project import Project
from pipeline.stages.agreement import run_agreement
from pipeline.stages.audit import run_audit
from pipeline.stages.check import run_check
from pipeline.stages.features import run_features
from pipeline.stages.train import run_train
from pipeline.stages.tune import run_tune

HEADER = "lead_id,created_at,company,number_of_employees"


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """A new project, its source being a folder `crm` beside it."""
    folder = tmp_path_factory.mktemp("new") / "project"
    make_project(folder, None, folder.parent / "crm")
    return folder


@pytest.fixture
def make(new, tmp_path):
    """Make a project on a few leads and their stage changes, as a person would."""

    def make(leads: int, stage: str | None, converted: bool = False) -> Project:
        source = tmp_path / "crm"
        source.mkdir()
        days = [f"2024-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}" for number in range(leads)]
        lines = [f"L{number},{day},Acme,50" for number, day in enumerate(days)]
        header = HEADER
        if converted:
            header, lines = f"{HEADER},converted_at", [f"{line},2025-01-05" for line in lines]
        (source / "leads.csv").write_text("\n".join([header, *lines, ""]))
        if stage:
            changes = [f"L{number},2025-02-01,{stage}" for number in range(leads)]
            (source / "stage_changes.csv").write_text("\n".join(["lead_id,changed_at,stage", *changes, ""]))
        folder = shutil.copytree(new, tmp_path / "project")
        params = folder / "params.yaml"
        text = params.read_text().replace(str(new.parent), str(tmp_path))
        params.write_text(text.replace("  now: null", "  now: 2026-06-01"))
        assert Project(folder).params.data.now is not None
        return Project(folder)

    return make


def run(project: Project, *stages) -> None:
    for stage in stages:
        stage(Project(project.root))


def test_without_leads_the_first_stage_says_so(make):
    """A source without a lead is refused where it is read."""
    project = make(0, None)
    with pytest.raises(BatonError, match="Next: "):
        run(project, run_agreement, run_check)


@pytest.mark.parametrize(
    ("leads", "stage"),
    [(1, "Qualified"), (60, "Qualified"), (60, "Marketing Qualified")],
    ids=["one lead", "all converted", "none converted"],
)
def test_where_nothing_can_be_learned_training_says_why(make, leads, stage):
    """One lead, or leads of one outcome, are checked and looked at; training names what is missing."""
    project = make(leads, stage)
    run(project, run_agreement, run_check, run_audit, run_features)
    with pytest.raises(
        BatonError, match="a model learns from leads that converted and from leads that did not"
    ):
        run(project, run_tune, run_train)


def test_without_any_outcome_the_checks_run_and_features_do_not(make):
    """A source that tells no outcome is checked, and refused before anything is learned from it."""
    project = make(60, None)
    run(project, run_agreement, run_check, run_audit)
    with pytest.raises(BatonError, match="a model is trained on stage changes or"):
        run(project, run_features)


def test_a_conversion_on_the_lead_is_an_outcome(make):
    """Without stage changes, converted_at is enough to go on."""
    project = make(60, None, converted=True)
    run(project, run_agreement, run_check, run_audit, run_features)
    assert (project.training / "facts.json").exists()
