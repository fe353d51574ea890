"""A project: the folder with one company's params, agreement and everything built from them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from data_checks.agreement import Agreement, load_agreement
from pipeline.params import Params, load_params


@dataclass(frozen=True)
class Project:
    """Where everything of a project lies."""

    root: Path

    @cached_property
    def params(self) -> Params:
        """The project's `params.yaml`."""
        return load_params(self.root / "params.yaml")

    @cached_property
    def agreement(self) -> Agreement:
        """The project's `agreement.yaml`."""
        return load_agreement(self.root / "agreement.yaml")

    @property
    def agreed(self) -> Path:
        """The agreement with every key filled in, for DVC to watch them one by one."""
        return self.root / "build" / "agreement.yaml"

    @property
    def tables(self) -> Path:
        """The checked tables."""
        return self.root / "build" / "tables"

    @property
    def quarantine(self) -> Path:
        """The rows that were set aside, with their reasons."""
        return self.root / "build" / "quarantine"

    @property
    def work(self) -> Path:
        """Unfinished work, by stage: what a run that was stopped had done already."""
        return self.root / "var" / "work"

    @property
    def training(self) -> Path:
        """Training rows, feature set and reference."""
        return self.root / "build" / "training"

    @property
    def tuned(self) -> Path:
        """The settings to train with, and what was tried to find them."""
        return self.root / "build" / "tuning" / "tuned.json"

    @property
    def studies(self) -> Path:
        """The trials on record, also those of a search that was stopped."""
        return self.root / "build" / "tuning" / "studies"

    @property
    def model(self) -> Path:
        """The trees, what was learned beside them, and the forward predictions."""
        return self.root / "build" / "model"

    @property
    def back_test(self) -> Path:
        """The models of the past, and what they said."""
        return self.root / "build" / "back_test"

    @property
    def bundle(self) -> Path:
        """The model bundle."""
        return self.root / "bundle"

    @property
    def reports(self) -> Path:
        """Everything made for people, and the metrics."""
        return self.root / "reports"

    @property
    def findings(self) -> Path:
        """What the checks found."""
        return self.reports / "findings.json"

    @property
    def data_docs(self) -> Path:
        """Great Expectations' pages."""
        return self.reports / "data_docs"

    @property
    def metrics(self) -> Path:
        """The forward test, as numbers."""
        return self.reports / "metrics.json"

    @property
    def cut_offs(self) -> Path:
        """What the hand-off rule brings beside others, and the grades, as data."""
        return self.reports / "cut_offs.json"

    @property
    def hindsight(self) -> Path:
        """The past month by month, and how models grow stale, as data."""
        return self.reports / "back_test.json"

    @property
    def hindsight_plots(self) -> Path:
        """The same as pictures."""
        return self.reports / "back_test"

    @property
    def gate(self) -> Path:
        """What the gate found on the bundle, as data."""
        return self.reports / "gate.json"

    @property
    def plots(self) -> Path:
        """The forward test, as curves and pictures."""
        return self.reports / "plots"

    @property
    def report(self) -> Path:
        """The report for people."""
        return self.reports / "report.html"

    @property
    def card(self) -> Path:
        """The model card for people."""
        return self.reports / "model_card.html"

    @property
    def card_for_git(self) -> Path:
        """The model card as a file that GitHub shows."""
        return self.reports / "model_card.md"

    @property
    def card_facts(self) -> Path:
        """What the service's pages show of the model card, as data."""
        return self.reports / "model_card.json"

    @property
    def effects(self) -> Path:
        """What goes with each value of each feature, as a table to take away."""
        return self.reports / "effects.csv"

    @property
    def pages(self) -> Path:
        """What the pages of the service read."""
        return self.root / "build" / "pages.duckdb"

    @property
    def served(self) -> Path:
        """The shelf of served models."""
        return self.root / "var" / "models"

    @property
    def tracking(self) -> Path:
        """MLflow's database."""
        return self.root / "var" / "mlflow.db"

    @property
    def tracking_uri(self) -> str | None:
        """MLflow's server, if the environment names one; otherwise the project's own database is used."""
        return os.environ.get("MLFLOW_TRACKING_URI")
