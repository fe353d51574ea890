"""Learning again what would have been served in the past, from what was known then, and asking it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data_checks.errors import BatonError
from features.moments import DAY
from models.back_test.periods import Period
from models.baselines import count_rule
from models.calibration.kinds import Calibration
from models.estimator import EstimatorSettings
from models.ladder import Standing
from models.learning import learn
from models.metrics import Floats
from models.model import Rung
from models.recipe import Recipe
from models.split import SplitSettings
from models.training_rows import TrainingRows
from models.young import Young, completed

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Served:
    """The model that would have been served from a period's begin, and what it had learned from.

    Its recipe, calibration and cut-off were searched at the begin of the period called ``searched``.
    ``base_rate`` is the rate of all that was known.
    """

    period: Period
    snapshots: int
    leads: int
    conversions: int
    base_rate: float
    rung: Rung
    standing: str
    calibration: str
    searched: str


@dataclass(frozen=True)
class Said:
    """The probabilities that a scorer gave to some rows, which are told by their positions."""

    rows: Rows
    probability: Floats


@dataclass(frozen=True)
class Replay:
    """What the models of the past said.

    ``said`` has for each of the ``served`` what it said of the rows of its own and of all later periods,
    ``counted`` what the count rule of its time said of its own. ``tested`` has for each search the forward
    test of its time, from which a cut-off was to be found. ``too_early`` says of the periods that had too
    little history why.
    """

    served: tuple[Served, ...]
    said: tuple[Said, ...]
    counted: tuple[Said, ...]
    tested: Mapping[str, Said]
    too_early: Mapping[str, str]


@dataclass(frozen=True)
class Learner:
    """How the project learns: its settings, its horizon, and how often it searches anew for a recipe."""

    estimator: EstimatorSettings
    split: SplitSettings
    horizon_days: int
    search_every: int


def known_at(rows: TrainingRows, moment: int, horizon_days: int) -> Rows:
    """Return the positions of the rows of which the outcome was known for good at a moment."""
    return np.flatnonzero(rows.as_of + horizon_days * DAY <= moment)


def young_at(rows: TrainingRows, moment: int, horizon_days: int) -> Young:
    """Return the rows before a moment of which the outcome was not yet known for good."""
    unknown = (rows.as_of + horizon_days * DAY > moment) & (rows.as_of < moment)
    return Young(rows[np.flatnonzero(unknown)], moment)


def rows_of(rows: TrainingRows, since: int, until: int) -> Rows:
    """Return the positions of the rows of a time."""
    return np.flatnonzero((rows.as_of >= since) & (rows.as_of < until))


def replay(
    rows: TrainingRows,
    periods: Sequence[Period],
    learner: Learner,
    progress: Callable[[str], None] = lambda _: None,
) -> Replay:
    """Learn the model of each period's begin, and let it score the leads of that period and of all later.

    A model learns by `models.learning.learn`, as stage `train` does. Where a search has found a recipe on
    folds, the models until the next search only learn anew by it.
    """
    served: list[Served] = []
    said: list[Said] = []
    counted: list[Said] = []
    tested: dict[str, Said] = {}
    too_early: dict[str, str] = {}
    search: _Search | None = None
    for period in periods:
        own = rows_of(rows, period.start, period.until)
        if not len(own):
            continue
        known = known_at(rows, period.start, learner.horizon_days)
        then = rows[known]
        progress(f"{period.name}: learning from {len(then):,} snapshots")
        try:
            young = young_at(rows, period.start, learner.horizon_days)
            model, search = _learned(_Past(period, then, young, known), learner, search)
        except BatonError as fault:
            too_early[period.name] = str(fault)
            continue
        if search.period == period:
            progress(search.standing.text)
            tested[period.name] = search.tested
        later = rows_of(rows, period.start, periods[-1].until)
        scores = search.calibration.probability(model(rows.matrix[later]))
        served.append(_served(period, then, search))
        said.append(Said(later, scores))
        counted.append(Said(own, count_rule(then, rows[own])))
    return Replay(tuple(served), tuple(said), tuple(counted), tested, too_early)


@dataclass(frozen=True)
class _Search:
    """What a whole training found at the begin of a period, and for how many models it has served."""

    period: Period
    recipe: Recipe
    standing: Standing
    calibration: Calibration
    tested: Said
    models: int = 1


@dataclass(frozen=True)
class _Past:
    """What could be learned from at a period's begin; ``known`` are the positions of the ``mature`` rows."""

    period: Period
    mature: TrainingRows
    young: Young
    known: Rows


def _learned(
    past: _Past, learner: Learner, search: _Search | None
) -> tuple[Callable[[Floats], Floats], _Search]:
    """Return the log-odds of the model to serve, and the search that its recipe is from."""
    if search and search.recipe.found and search.models < learner.search_every:
        model = search.recipe.model(completed(past.mature, past.young), learner.estimator)
        return model.log_odds, replace(search, models=search.models + 1)
    settings, split, days = learner.estimator, learner.split, learner.horizon_days
    found = learn(past.mature, settings, split, days, baselines={}, young=past.young)
    tested = Said(past.known[found.test], found.predicted["baton"])
    return found.model.log_odds, _Search(past.period, found.recipe, found.standing, found.calibration, tested)


def _served(period: Period, then: TrainingRows, search: _Search) -> Served:
    return Served(
        period=period,
        snapshots=len(then),
        leads=len(np.unique(then.lead)),
        conversions=len(np.unique(then.lead[then.label])),
        base_rate=float(np.average(then.label, weights=then.weight)),
        rung=search.recipe.rung,
        standing=search.standing.text,
        calibration=search.calibration.kind,
        searched=search.period.name,
    )
