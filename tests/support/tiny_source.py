"""The tiny CRM as a folder of tables with a bundle trained on it, and what `baton score` says of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from pipeline.cli import cli
from pipeline.project import Project
from pipeline.store import write_history
from tiny_bundle import save_tiny_bundle, tiny_history

ROOT = Path(__file__).resolve().parents[2]
OWN_OF_A_RUN = ["score_id", "scored_at"]


def make_tiny_source(folder: Path) -> tuple[Path, Path]:
    """Write tables and bundle; return their folders."""
    write_history(tiny_history(), folder / "tables")
    save_tiny_bundle(Project(ROOT).agreement, folder / "bundle")
    return folder / "tables", folder / "bundle"


def scored(source: tuple[Path, Path], folder: Path, *options: str) -> pd.DataFrame:
    """Return what `baton score` writes, but for what differs from run to run."""
    tables, bundle = source
    out = folder / "scores.parquet"
    words = ["score", "--source", tables, "--bundle", bundle, "--out", out, "--project", folder]
    words += ["--as-of", "2026-09-01", *options]
    done = CliRunner().invoke(cli, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return pd.read_parquet(out).drop(columns=OWN_OF_A_RUN)
