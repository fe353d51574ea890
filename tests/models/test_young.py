"""Looks whose horizon is not over teach what is to be expected of them, and nothing that came later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features.moments import DAY, NEVER
from models.forward_part import ForwardPart, forward_part
from models.lesson import Lesson
from models.scorecard_fitting import fit_scorecards
from models.split import SplitSettings
from models.training_rows import TrainingRows
from models.young import FEWEST, Young, completed
from training import made_up_rows, with_other_outcomes

HORIZON_DAYS = 30
HORIZON = HORIZON_DAYS * DAY


def part_of(rows: TrainingRows, gap_days: float | None = None) -> ForwardPart:
    return forward_part(rows, SplitSettings(folds=2, gap_days=gap_days), HORIZON_DAYS)


def known_at(rows: TrainingRows, at: int) -> tuple[TrainingRows, Young]:
    """Return the mature and the young rows of a moment."""
    mature = rows.as_of + HORIZON <= at
    young = ~mature & (rows.as_of < at)
    return rows[np.flatnonzero(mature)], Young(rows[np.flatnonzero(young)], at)


def bits(lesson: Lesson) -> bytes:
    return b"|".join(one.tobytes() for one in (lesson.matrix, lesson.label, lesson.weight))


def changed_after(rows: TrainingRows, at: int) -> TrainingRows:
    """Return rows of which all that happened from a moment on is another: later looks, and outcomes."""
    later = (rows.as_of >= at)[:, np.newaxis]
    drawn = np.random.default_rng(3).permutation(rows.matrix)
    return with_other_outcomes(replace(rows, matrix=np.where(later, drawn, rows.matrix)), at, HORIZON_DAYS)


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    """Rows of a company with something to learn."""
    return made_up_rows()


def test_no_lesson_knows_what_happened_after_its_moment(rows):
    """Whatever comes after a fold's or the test's begin, what it teaches is the same to the last bit."""
    part = part_of(rows)
    moments = [fold.at for fold in part.folds] + [part.young.at]
    lessons = [part.lesson_of(fold) for fold in part.folds] + [part.lesson]
    assert all(sum((one.label > 0) & (one.label < 1)) > 0 for one in lessons)
    for number, (at, lesson) in enumerate(zip(moments, lessons, strict=True)):
        other = changed_after(rows, at)
        assert (other.label != rows.label).any()
        again = part_of(other)
        found = again.lesson if number == len(part.folds) else again.lesson_of(again.folds[number])
        assert bits(found) == bits(lesson)


def test_what_had_happened_by_then_does_change_it(rows):
    """A young look that had converted by then teaches so, or the law above could not fail."""
    part = part_of(rows)
    seen = part.young.rows.label & (part.young.rows.reached <= part.young.at)
    assert seen.any()
    late = replace(part.young.rows, reached=np.where(seen, part.young.at + 1, part.young.rows.reached))
    later = completed(part.train, replace(part.young, rows=late))
    assert (later.label[-len(late) :] < 1).all()
    assert (part.lesson.label[-len(late) :][seen] == 1).all()


def test_mature_looks_keep_their_labels_and_young_ones_stand_beside_them(rows):
    """Nothing that is known for good is changed."""
    mature, young = known_at(rows, 300 * DAY)
    lesson, whole = completed(mature, young), Lesson.of(mature)
    assert lesson.matrix.tolist()[-1] == pytest.approx(young.rows.matrix[-1].tolist(), nan_ok=True)
    assert len(lesson) == len(mature) + len(young.rows)
    assert lesson.label[: len(mature)].tolist() == whole.label.tolist()
    assert (lesson.names, lesson.categorical) == (whole.names, whole.categorical)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_expected_is_neither_too_much_nor_too_little(seed):
    """Over all young looks as many are expected to convert as do in the end, where counting falls short."""
    mature, young = known_at(made_up_rows(6000, seed), 300 * DAY)
    label = completed(mature, young).label[len(mature) :]
    counted, truth = (young.rows.label & (young.rows.reached <= young.at)).mean(), young.rows.label.mean()
    assert truth - counted > 0.1
    assert label.mean() == pytest.approx(truth, abs=0.03)


def test_the_longer_nothing_came_the_less_is_expected(rows):
    """Of two looks that are alike the older one without a conversion is the less likely to have one."""
    mature, young = known_at(rows, 300 * DAY)
    alike = replace(
        young.rows[np.zeros(HORIZON_DAYS, np.intp)],
        as_of=young.at - np.arange(HORIZON_DAYS) * DAY,
        label=np.zeros(HORIZON_DAYS, bool),
        reached=np.full(HORIZON_DAYS, NEVER),
    )
    label = completed(mature, replace(young, rows=alike)).label[len(mature) :]
    assert (np.diff(label) <= 0).all()
    assert 0 < label[-1] < label[0] / 4


def test_of_few_conversions_nobody_can_tell_how_soon_they_come(rows):
    """Then only mature looks teach, and so they do where none is young."""
    mature, young = known_at(rows, 300 * DAY)
    won = np.unique(mature.lead[mature.label])
    few, enough = (
        mature[np.flatnonzero(~mature.label | np.isin(mature.lead, won[:size]))]
        for size in (FEWEST - 1, FEWEST)
    )
    assert bits(completed(few, young)) == bits(Lesson.of(few))
    assert len(completed(enough, young)) == len(enough) + len(young.rows)
    none = replace(young, rows=young.rows[np.arange(0)])
    assert bits(completed(mature, none)) == bits(Lesson.of(mature))


@pytest.mark.parametrize("gap_days", [None, 0, 10, 45])
def test_no_look_is_young_and_mature_or_judged(rows, gap_days):
    """Whatever the gap, young looks lie between what is learned from and what is judged."""
    part = part_of(rows, gap_days)
    for fold in part.folds:
        assert not set(fold.young) & (set(fold.train) | set(fold.judged))
        assert (part.train.as_of[fold.young] < fold.at).all()
        assert (part.train.as_of[fold.judged] >= fold.at).all()
        assert part.train.as_of[fold.train].max() < min(part.train.as_of[fold.young], default=fold.at)
    assert (gap_days == 0) == (not len(part.young.rows))
    assert part.known_until <= rows.as_of[part.test].min() or gap_days in {0, 10}


def test_a_scorecard_counts_outcomes_that_are_not_sure_in_parts(rows):
    """A look with label .25 teaches as a quarter of a success and three quarters of a failure do."""
    whole = Lesson.of(rows)
    unsure = replace(whole, label=np.where(whole.label > 0, 0.75, 0.25))
    twice = replace(
        whole,
        matrix=np.concatenate([whole.matrix] * 2),
        label=np.repeat([1.0, 0.0], len(whole)),
        weight=np.concatenate([whole.weight * unsure.label, whole.weight * (1 - unsure.label)]),
    )
    said = [fit_scorecards(one, (0.05,))[0].log_odds(rows.matrix) for one in (unsure, twice)]
    assert said[0] == pytest.approx(said[1], abs=0.02)
