"""The forward window of a project, read back from what the stages left, and held against the bundle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.from_history import records_from_history
from features.records import Records, Snapshots
from models.baselines import BASELINES
from models.bundle import Bundle
from models.evaluation import OWN
from models.lead_kinds import lead_kinds
from models.metrics import Floats
from models.split import forward_test
from models.training_rows import TrainingRows
from models.twin import twin_probability
from models.window import Window
from pipeline.belonging import require_own_data, require_own_figures, require_own_rows, require_own_window
from pipeline.project import Project
from pipeline.sampled_history import history_of_leads
from pipeline.store import read_json
from pipeline.training import read_lead_ids, read_training_rows

AGAIN: Final = "run `dvc repro`, and promote what it leaves"


@dataclass(frozen=True)
class ForwardWindow:
    """The window, its rows of features, and their records and snapshots for whoever has other features."""

    window: Window
    matrix: Floats
    records: Records
    snapshots: Snapshots


def read_forward_window(project: Project, bundle: Bundle) -> ForwardWindow:
    """Return the rows that the bundle's twin is judged by, scored by the twin itself.

    Of a very large window a sample of its leads.

    Raises:
        BatonError: The bundle, the training rows, the checked tables, the predictions or the metrics do not
            belong together, or something of it cannot be read.
    """
    with readable():
        require_own_data(project, bundle)
        rows, said = _predicted(project, bundle)
        own = twin_probability(bundle, rows.matrix)
        require_own_figures(rows, own, said, read_json(project.metrics))
        kept = drawn_leads(rows.lead, project.params.gate.leads_at_most, project.params.train.seed)
        rows = rows[kept]
        records, snapshots = looked_at(project, rows)
        require_own_rows(bundle, rows, records, snapshots)
    window = Window(
        label=rows.label,
        weight=rows.weight,
        as_of=rows.as_of,
        lead=rows.lead,
        own=own[kept],
        others={f"the {name.replace('_', ' ')}": said[name][kept] for name in BASELINES},
        kinds=lead_kinds(records, snapshots, bundle.agreement),
    )
    return ForwardWindow(window, rows.matrix, records, snapshots)


def _predicted(project: Project, bundle: Bundle) -> tuple[TrainingRows, Mapping[str, Floats]]:
    frame, rows = pd.read_parquet(project.model / "predictions.parquet"), read_training_rows(project)
    horizon_days = bundle.facts.horizon_days
    cut = forward_test(rows.as_of, rows.weight, rows.lead, project.params.split, horizon_days)
    known = cut.known_until(rows.as_of, horizon_days)
    require_own_window(frame["row"].to_numpy(np.intp), cut.judged, bundle, known)
    return rows[cut.judged], {name: frame[name].to_numpy(np.float64) for name in (OWN, *BASELINES)}


def drawn_leads(lead: NDArray[np.int64], most: int, seed: int) -> NDArray[np.intp]:
    """Return the rows of at most so many leads, drawn by the seed."""
    leads = np.unique(lead)
    if len(leads) > most:
        leads = np.random.default_rng(seed).choice(leads, most, replace=False)
    return np.flatnonzero(np.isin(lead, leads))


def looked_at(project: Project, rows: TrainingRows) -> tuple[Records, Snapshots]:
    """Return the records of the rows' leads, and the snapshots that the rows are of."""
    numbers, place = np.unique(rows.lead, return_inverse=True)
    ids = read_lead_ids(project, numbers)
    records = records_from_history(history_of_leads(project.tables, ids))
    position = {lead_id: found for found, lead_id in enumerate(records.lead_ids)}
    return records, Snapshots(np.array([position[one] for one in ids], np.int64)[place], rows.as_of)


@contextmanager
def readable() -> Iterator[None]:
    """Refuse in words what the stages should have left and what is not there, or not whole.

    Raises:
        BatonError: as said.
    """
    try:
        yield
    except (OSError, ValueError, KeyError, IndexError) as fault:
        rule = "the gate reads what the stages of one run left"
        raise BatonError(rule, f"{type(fault).__name__}: {fault}", AGAIN) from fault
