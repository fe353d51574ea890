from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from data_checks.tables import SHAPES
from pipeline.sample_crm.settings import Settings
from pipeline.sample_crm.truth import Truth, draw_truth
from pipeline.sample_crm.writing import write_sample_crm

DRIFTING = Settings(
    base_rate_step=0.8,
    effect_drift=0.5,
    renamed_industry=True,
    new_source=True,
    outage_days=20,
    bot_opens_per_day=0.15,
)


@pytest.fixture(scope="session")
def usual() -> Truth:
    return draw_truth(Settings())


@pytest.fixture(scope="session")
def drifting() -> Truth:
    return draw_truth(replace(DRIFTING, leads=12_000, seed=3))


@pytest.fixture(scope="session")
def effectless() -> Truth:
    return draw_truth(Settings(leads=8_000, effect_scale=0.0, seed=5))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sample")
    write_sample_crm(place, leads=3_000, seed=11)
    return place


@pytest.fixture(scope="session")
def tables(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in SHAPES}
