from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from models.estimator import EstimatorSettings, Grown, best_rounds, fit, grow
from models.lesson import Lesson
from models.metrics import auc
from models.split import Fold
from models.training_rows import TrainingRows
from training import made_up_rows, rows_of

SMALL = EstimatorSettings(threads=1, max_rounds=40)
HALVES = Fold(np.arange(1500), np.arange(1500, 3000))


def trees(text: str) -> str:
    """Return the trees of a model's text, without the parameters that follow them."""
    return text.partition("\nparameters:")[0]


def grown_on(rows: TrainingRows, settings: EstimatorSettings) -> Grown:
    return grow(Lesson.of(rows[HALVES.train]), rows, HALVES, settings)


def test_the_same_seed_gives_the_same_text() -> None:
    """Trained twice on the same rows, a model is the same to the last letter of its text."""
    lesson = Lesson.of(made_up_rows())
    once, again = (fit(lesson, SMALL, 20).model_to_string() for _ in range(2))
    assert once == again


def test_another_seed_gives_another_model() -> None:
    """The seed is heeded: another one draws other rows and columns."""
    lesson = Lesson.of(made_up_rows())
    other = SMALL.model_copy(update={"seed": 8})
    assert trees(fit(lesson, SMALL, 20).model_to_string()) != trees(fit(lesson, other, 20).model_to_string())


def test_the_number_of_threads_changes_nothing() -> None:
    """A machine with more processors grows the same trees."""
    lesson = Lesson.of(made_up_rows())
    wide = SMALL.model_copy(update={"threads": 2})
    assert trees(fit(lesson, SMALL, 20).model_to_string()) == trees(fit(lesson, wide, 20).model_to_string())


def test_the_model_has_the_rounds_it_was_told() -> None:
    """Nothing stops early when a model is fitted: it has one tree for each round."""
    assert fit(Lesson.of(made_up_rows(200)), SMALL, 7).num_trees() == 7


def test_a_model_finds_what_is_there() -> None:
    """On later data of the same company it ranks well above chance."""
    later = made_up_rows(seed=5)
    scores = np.asarray(fit(Lesson.of(made_up_rows()), SMALL, 40).predict(later.matrix))
    assert auc(scores, later.label, later.weight) > 0.75


def test_a_curve_is_as_long_as_the_search() -> None:
    """However early a fold stops improving, its curve has a value for every round that could be chosen."""
    grown = grown_on(made_up_rows(), SMALL.model_copy(update={"max_rounds": 300, "learning_rate": 0.5}))
    assert len(grown.curve) == 300
    assert grown.booster.num_trees() < 300
    assert len(set(grown.curve[-100:].tolist())) == 1


def test_a_curve_is_the_log_loss_of_the_judged_rows() -> None:
    """The curve's value after a round is the weighted log-loss of the scores given after it."""
    from models.log_odds import probability_of
    from models.metrics import log_loss

    rows = made_up_rows()
    grown = grown_on(rows, SMALL)
    judged = rows[HALVES.judged]
    for rounds in (1, 10, 40):
        scores = probability_of(grown.raw(rows, rounds))
        assert grown.curve[rounds - 1] == pytest.approx(
            log_loss(scores, judged.label, judged.weight), rel=1e-6
        )


def test_the_best_rounds_are_those_of_all_folds_together() -> None:
    """Curves are added by the weight of the rows that they judge, and the first of equals wins."""
    rows = made_up_rows(10)
    curves = ([3.0, 1.0, 1.0], [0.0, 5.0, 1.0])
    folds = (Fold(np.arange(0), np.arange(4)), Fold(np.arange(0), np.arange(16)))
    grown = [Grown(fold, None, np.array(curve)) for fold, curve in zip(folds, curves, strict=True)]
    assert best_rounds(rows, grown[:1]) == 2
    assert best_rounds(rows, grown) == 1
    assert best_rounds(rows, [grown[0]] * 20 + grown[1:]) == 3


def test_rounds_that_gain_next_to_nothing_are_not_grown() -> None:
    """Of curves that go on falling by less than chance would, the beginning of the level part is taken."""
    rows = made_up_rows(10)
    level = np.array([0.5, 0.4, 0.3002, 0.3001, 0.3])
    assert best_rounds(rows, [Grown(Fold(np.arange(0), np.arange(8)), None, level)]) == 3
    steep = np.array([0.5, 0.4, 0.3010, 0.3005, 0.3])
    assert best_rounds(rows, [Grown(Fold(np.arange(0), np.arange(8)), None, steep)]) == 5


def test_leaves_grow_with_the_rows_between_two_bounds() -> None:
    """Without a size of its own a leaf holds a 250th of the rows, at least 20 and at most 200."""
    many = [rows_of({"x": np.zeros(size)}, np.zeros(size)) for size in (10, 5_000, 10_000, 50_000, 10**5)]
    sizes = [SMALL.to_lightgbm(Lesson.of(rows))["min_data_in_leaf"] for rows in many]
    assert sizes == [20, 20, 40, 200, 200]
    assert all(small <= large for small, large in pairwise(sizes))


@pytest.mark.parametrize("direction", [1, -1])
def test_trees_keep_to_a_declared_direction_whatever_the_data_say(direction: int) -> None:
    """Where the outcome goes up and down with a feature, the scores of any lead go its declared way only."""
    random = np.random.default_rng(2)
    rate, other = random.random(3000), random.normal(size=3000)
    label = random.random(3000) < 0.5 + 0.4 * np.sin(9 * rate) * np.sign(other)
    free = rows_of({"rate": rate, "other": other, "more": random.normal(size=3000)}, label)
    steps = np.linspace(0, 1, 60)

    def runs(rows: TrainingRows) -> np.ndarray:
        settings = SMALL.model_copy(update={"feature_fraction": 1.0, "lambda_l2": 0.0})
        booster = fit(Lesson.of(rows), settings, 40)
        leads = np.repeat(free.matrix[:40], len(steps), axis=0)
        leads[:, 0] = np.tile(steps, 40)
        return np.diff(np.asarray(booster.predict(leads, raw_score=True)).reshape(40, -1), axis=1)

    bound = replace(free, monotone={"rate": direction})
    assert (runs(bound) * direction >= 0).all()
    assert (runs(bound) != 0).any()
    assert (runs(free) * direction < 0).any()


def test_trees_learn_from_outcomes_that_are_not_yet_sure() -> None:
    """Leads of which a quarter is to be expected to convert are told a quarter."""
    rows = rows_of({"x": np.arange(2000) % 2}, np.zeros(2000))
    likely = replace(Lesson.of(rows), label=np.where(rows.matrix[:, 0] > 0, 0.25, 0.75))
    settings = SMALL.model_copy(update={"feature_fraction": 1.0, "lambda_l2": 0.0})
    said = np.asarray(fit(likely, settings, 100).predict(np.array([[0.0], [1.0]])))
    assert said == pytest.approx([0.75, 0.25], abs=1e-3)


def test_a_declared_direction_goes_with_the_rows() -> None:
    """Rows that are picked out keep the directions, so that folds are learned as the whole is."""
    rows = replace(made_up_rows(50), monotone={"visits": 1})
    assert rows[np.arange(10)].monotone == {"visits": 1}
