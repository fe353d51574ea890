"""Training rows of a made-up company: one number and one category that tell, and one that does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from features.moments import DAY, NEVER
from models.log_odds import probability_of
from models.training_rows import TrainingRows


def made_up_rows(leads: int = 1500, seed: int = 0, days: int = 400) -> TrainingRows:
    """Return two snapshots of each lead, whose conversion depends on the first two columns.

    Leads convert 8 to 29 days after they were created."""
    random = np.random.default_rng(seed)
    visits, channel = random.poisson(2, leads), random.integers(0, 4, leads)
    converts = random.random(leads) < probability_of(0.8 * visits - 3 + (channel == 2))
    created = np.sort(random.integers(0, days, leads)) * DAY
    lead = np.repeat(np.arange(leads), 2)
    noise = random.normal(size=2 * leads)
    noise[::7] = np.nan
    return rows_of(
        {"visits": visits[lead], "channel": channel[lead], "noise": noise},
        converts[lead],
        categorical=("channel",),
        weight=np.full(2 * leads, 0.5),
        as_of=created[lead] + np.tile([0, 7], leads) * DAY,
        lead=lead,
        reached=np.where(converts, created + random.integers(8, 30, leads) * DAY, NEVER)[lead],
    )


def with_other_outcomes(rows: TrainingRows, at: int, horizon_days: int) -> TrainingRows:
    """Return rows of which every outcome that was not known at a moment is another one.

    Leads that had not reached the target reach it within nine days, or never if they do so later now.
    """
    random = np.random.default_rng(4)
    soon = np.maximum(rows.as_of, at) + random.integers(1, 9, len(rows)) * DAY
    unknown = rows.reached > at
    reached = np.where(unknown, np.where(rows.reached == NEVER, soon, NEVER), rows.reached)
    label = np.where(unknown, reached <= rows.as_of + horizon_days * DAY, rows.label)
    return replace(rows, reached=reached, label=label)


def rows_of(
    columns: dict[str, object],
    label: object,
    categorical: tuple[str, ...] = (),
    *,
    weight: NDArray[np.float64] | None = None,
    as_of: NDArray[np.int64] | None = None,
    lead: NDArray[np.int64] | None = None,
    reached: NDArray[np.int64] | None = None,
) -> TrainingRows:
    """Return training rows of the given columns, by default each a lead of its own, a day after the last."""
    told = np.asarray(label, bool)
    place = np.arange(len(told), dtype=np.int64)
    moment = place * DAY if as_of is None else as_of
    return TrainingRows(
        matrix=np.column_stack([np.asarray(column, np.float64) for column in columns.values()]),
        names=tuple(columns),
        categorical=categorical,
        label=told,
        weight=np.ones(len(told)) if weight is None else weight,
        as_of=moment,
        lead=place if lead is None else lead,
        age_days=np.zeros(len(told)),
        reached=np.where(told, moment + DAY, NEVER) if reached is None else reached,
    )
