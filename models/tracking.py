"""MLflow: every training is a run, every promoted bundle a version of one registered model."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from data_checks.errors import BatonError

MODEL: Final = "baton"
EXPERIMENT: Final = "baton"
CHAMPION: Final = "champion"


class TrackingError(BatonError):
    """MLflow could not be reached or did not know what was asked of it."""


@dataclass(frozen=True)
class Run:
    """A recorded training and its tags."""

    run_id: str
    tags: Mapping[str, str]


class Tracking:
    """The runs and the registry in one MLflow store: a sqlite file by default, a server by URI.

    Every method raises a `TrackingError` if the store does not answer.
    """

    def __init__(self, database: Path, uri: str | None = None) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        # Left to itself MLflow asks a server that is gone for some minutes before it says so.
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
        os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
        from mlflow import MlflowClient

        self._store = uri or f"sqlite:///{database.resolve()}"
        with self._answering():
            database.parent.mkdir(parents=True, exist_ok=True)
            self._artifacts = (database.parent / "mlartifacts").resolve().as_uri()
            self._client = MlflowClient(self._store)

    def log_run(
        self,
        params: Mapping[str, Any],
        metrics: Mapping[str, float],
        tags: Mapping[str, str],
        folders: Mapping[str, Path],
    ) -> str:
        """Record one training and return its run id; ``folders`` are kept as artifacts under their names."""
        from mlflow.entities import Metric, Param, RunTag

        with self._answering():
            run = self._client.create_run(self._experiment(), tags=dict(tags))
            run_id, moment = str(run.info.run_id), int(run.info.start_time)
            known = {name: value for name, value in metrics.items() if not math.isnan(value)}
            self._client.log_batch(
                run_id,
                [Metric(name, value, moment, 0) for name, value in known.items()],
                [Param(name, str(value)[:6000]) for name, value in params.items()],
                [RunTag(name, value) for name, value in tags.items()],
            )
            for name, folder in folders.items():
                self._client.log_artifacts(run_id, str(folder), name)
            self._client.set_terminated(run_id)
        return run_id

    def run_of_bundle(self, bundle_hash: str) -> Run | None:
        """Return the newest run that built the bundle."""
        wanted = f"tags.bundle_hash = '{bundle_hash}'"
        with self._answering():
            found = self._client.search_runs([self._experiment()], wanted, order_by=["start_time DESC"])
        return Run(str(found[0].info.run_id), dict(found[0].data.tags)) if found else None

    def register(self, run_id: str, tags: Mapping[str, str]) -> str:
        """Register the bundle of a run as a new version of the model and return the version."""
        from mlflow.exceptions import MlflowException

        with self._answering():
            try:
                self._client.create_registered_model(MODEL)
            except MlflowException as fault:
                if fault.error_code != "RESOURCE_ALREADY_EXISTS":
                    raise
            source = f"{self._client.get_run(run_id).info.artifact_uri}/bundle"
            version = self._client.create_model_version(MODEL, source, run_id, tags=dict(tags))
        return str(version.version)

    def note(self, version: str, tags: Mapping[str, str]) -> None:
        """Add tags to a registered version, in place of those of the same names."""
        with self._answering():
            for name, value in tags.items():
                self._client.set_model_version_tag(MODEL, version, name, value)

    def champion(self) -> str | None:
        """Return the version that the alias ``champion`` names; None before the first promotion."""
        with self._answering():
            named = [one.aliases for one in self._client.search_registered_models(f"name = '{MODEL}'")]
        return str(named[0][CHAMPION]) if named and CHAMPION in named[0] else None

    def set_champion(self, version: str) -> None:
        """Let the alias ``champion`` name the version."""
        with self._answering():
            self._client.set_registered_model_alias(MODEL, CHAMPION, version)

    def _experiment(self) -> str:
        found = self._client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        return str(self._client.create_experiment(EXPERIMENT, self._artifacts))

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except Exception as fault:  # MLflow lets the errors of its database and its network through
            first = next(iter(str(fault).splitlines()), "")
            raise TrackingError(
                "MLflow's store answers",
                f"{type(fault).__name__} at {self._store}: {first[:200]}",
                "start the server or restore the database, and correct MLFLOW_TRACKING_URI if it is wrong",
            ) from fault
