"""The data scientists' own settings: `params.yaml` of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from data_checks.errors import BatonError
from data_checks.reading import as_text, parse_time
from features.settings import FeatureSettings
from models.back_test.settings import BackTestSettings
from models.estimator import EstimatorSettings
from models.gate_settings import GateSettings
from models.snapshots import SnapshotSettings
from models.split import SplitSettings
from models.tuning_settings import TuningSettings


class DataSettings(BaseModel):
    """Where the CRM's history comes from.

    ``source`` is a folder of CSV or Parquet files, ``mapping`` a file that says how to read them,
    ``now`` the moment the history is read at; without it, the latest recorded moment. ``feedback`` is a
    folder that `baton ledger export` wrote, whose stage changes are added.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Path
    mapping: Path | None = None
    now: int | None = None
    feedback: Path | None = None

    @field_validator("now", mode="before")
    @classmethod
    def _moment(cls, value: object) -> int | None:
        if value is None:
            return None
        moment = parse_time(as_text(value))
        if moment is None:
            raise ValueError(
                f"now is a date or a date and time in ISO 8601, such as 2026-10-31; found {value!r}"
            )
        return moment


class FeatureParams(FeatureSettings):
    """The section ``features``: which features there are, and where and how they are computed.

    ``engine`` computes them on this machine or on a Spark cluster, in so many ``partitions`` of the leads
    (None is by their number) and, on this machine, by so many ``workers`` (None is one for each core). The
    three change no feature and are no part of a model.
    """

    engine: Literal["local", "spark"] = "local"
    partitions: int | None = Field(default=None, ge=1)
    workers: int | None = Field(default=None, ge=1)

    @property
    def declared(self) -> FeatureSettings:
        """What the features themselves depend on."""
        return FeatureSettings(**{name: getattr(self, name) for name in FeatureSettings.model_fields})


class Params(BaseModel):
    """All of `params.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: DataSettings
    features: FeatureParams = FeatureParams()
    snapshots: SnapshotSettings = SnapshotSettings()
    split: SplitSettings = SplitSettings()
    train: EstimatorSettings = EstimatorSettings()
    tune: TuningSettings = TuningSettings()
    gate: GateSettings = GateSettings()
    back_test: BackTestSettings = BackTestSettings()


def load_params(path: Path) -> Params:
    """Read `params.yaml`.

    Raises:
        BatonError: The file is missing, is no YAML, or has a setting that does not exist or fit.
    """
    try:
        return Params.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError as fault:
        raise BatonError(
            "a project has a params.yaml",
            f"none in {path.parent.resolve()}",
            "go to the project, or make one with `baton new`",
        ) from fault
    except yaml.YAMLError as fault:
        raise BatonError(f"{path} is YAML", str(fault), "correct the line it names") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BatonError(
            f"{path} holds only settings that exist and fit",
            f"{where}: {first['msg']} ({first['input']!r})",
            "correct it; docs/params.md lists every setting",
        ) from fault
