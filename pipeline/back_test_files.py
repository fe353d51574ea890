"""Where the back-test lies between learning and judging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from models.back_test.periods import Kind, Period
from models.back_test.replay import Replay, Said, Served
from pipeline.store import fresh_folder, read_json, write_json

SCORES: Final = ("said", "counted", "tested")


def write_replay(replay: Replay, kind: Kind, folder: Path) -> None:
    """Write what the models were (models.json) and what they said (one Parquet file for each use).

    A row of these has the model's period, the row's position among the training rows, and the probability.
    """
    fresh_folder(folder)
    served = [asdict(one) for one in replay.served]
    write_json({"kind": kind, "served": served, "too_early": dict(replay.too_early)}, folder / "models.json")
    names = [one.period.name for one in replay.served]
    _write(zip(names, replay.said, strict=True), folder / "said.parquet")
    _write(zip(names, replay.counted, strict=True), folder / "counted.parquet")
    _write(replay.tested.items(), folder / "tested.parquet")


def read_replay(folder: Path) -> tuple[Replay, Kind]:
    """Read what `write_replay` wrote."""
    told = read_json(folder / "models.json")
    said, counted, tested = (_read(folder / f"{name}.parquet") for name in SCORES)
    served = tuple(_served(one) for one in told["served"])
    names = [one.period.name for one in served]
    return Replay(
        served,
        tuple(said[name] for name in names),
        tuple(counted[name] for name in names),
        tested,
        told["too_early"],
    ), told["kind"]


def _served(told: dict[str, Any]) -> Served:
    return Served(**{**told, "period": Period(**told["period"])})


def _write(told: Iterable[tuple[str, Said]], path: Path) -> None:
    frames = [
        pd.DataFrame({"model": name, "row": said.rows, "probability": said.probability})
        for name, said in told
    ]
    nothing = pd.DataFrame(
        {"model": np.array([], str), "row": np.array([], int), "probability": np.array([])}
    )
    pd.concat(frames or [nothing]).to_parquet(path, index=False)


def _read(path: Path) -> dict[str, Said]:
    frame = pd.read_parquet(path)
    return {
        str(name): Said(part["row"].to_numpy(np.intp), part["probability"].to_numpy(np.float64))
        for name, part in frame.groupby("model")
    }
