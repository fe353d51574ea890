"""The forward test as the card looks at it: rows without features, and what each scorer said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.moments import to_time
from features.records import Records, Snapshots
from models.baselines import BASELINES
from models.evaluation import OWN
from models.lead_kinds import lead_kinds
from models.look_rates import rate_of_looks
from models.split import forward_test
from models.training_rows import TrainingRows
from models.unseen_values import Unseen, unseen_values
from models.window import Window
from pipeline.card.facts import Tested
from pipeline.forward_window import drawn_leads, looked_at
from pipeline.project import Project
from pipeline.training import read_chosen_rows, read_features

UNSEEN_AT_LEAST: Final = 0.01
"""From this share of leads on it is worth telling that a feature had values not seen before."""


@dataclass(frozen=True)
class ForwardTest:
    """The rows of the test, or of a very large one those of some leads, and the rows before it.

    ``place`` and ``earlier_place`` are where these rows are among all training rows. ``records`` and
    ``snapshots`` are those of the test's rows.
    """

    rows: TrainingRows
    place: NDArray[np.intp]
    earlier: TrainingRows
    earlier_place: NDArray[np.intp]
    scores: Mapping[str, NDArray[np.float64]]
    leads_of: int
    records: Records
    snapshots: Snapshots


def read_forward_test(project: Project) -> ForwardTest:
    """Return the forward test that the stages train and evaluate left."""
    predictions, all_rows = (
        pd.read_parquet(project.model / "predictions.parquet"),
        read_chosen_rows(project, ()),
    )
    judged = predictions["row"].to_numpy(np.intp)
    horizon_days = project.agreement.target.within_days
    cut = forward_test(all_rows.as_of, all_rows.weight, all_rows.lead, project.params.split, horizon_days)
    kept = drawn_leads(all_rows.lead[judged], project.params.gate.leads_at_most, project.params.train.seed)
    rows = all_rows[judged[kept]]
    return ForwardTest(
        rows,
        judged[kept],
        all_rows[cut.train],
        cut.train,
        {name: predictions[name].to_numpy(np.float64)[kept] for name in (OWN, *BASELINES)},
        len(np.unique(all_rows.lead[judged])),
        *looked_at(project, rows),
    )


def window_of(project: Project, test: ForwardTest) -> Window:
    """Return the test as a window; what leads may not be parted by is no way of parting them here."""
    kinds = lead_kinds(test.records, test.snapshots, project.agreement)
    rows = test.rows
    return Window(
        label=rows.label,
        weight=rows.weight,
        as_of=rows.as_of,
        lead=rows.lead,
        own=test.scores[OWN],
        others={name: test.scores[name] for name in BASELINES},
        kinds={name: kind for name, kind in kinds.items() if name not in project.agreement.never_use},
    )


def told_of(test: ForwardTest) -> Tested:
    """Return the counts and days of the test."""
    rows, earlier = test.rows, test.earlier
    return Tested(
        leads=len(np.unique(rows.lead)),
        looks=len(rows),
        conversions=len(np.unique(rows.lead[rows.label])),
        leads_of=test.leads_of,
        begin=_day(rows.as_of.min()),
        end=_day(rows.as_of.max()),
        learned_from=_day(earlier.as_of.min()),
        learned_until=_day(earlier.as_of.max()),
        rate=rate_of_looks(rows.label, rows.weight, rows.lead),
        rate_before=rate_of_looks(earlier.label, earlier.weight, earlier.lead),
    )


def unseen_in(project: Project, test: ForwardTest, used: tuple[str, ...]) -> tuple[Unseen, ...]:
    """Return the used features of which the test has values that the tested model had not seen."""
    coded = read_features(project).categorical
    rows = read_chosen_rows(project, [name for name in used if name in coded])
    return tuple(unseen_values(rows[test.earlier_place], rows[test.place], UNSEEN_AT_LEAST))


def _day(moment: np.int64) -> str:
    return f"{to_time(int(moment)):%Y-%m-%d}"
