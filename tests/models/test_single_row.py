import pickle

import numpy as np
import pytest

from models.estimator import EstimatorSettings
from models.lesson import Lesson
from models.model import Model
from models.recipe import Recipe
from models.single_row import SingleRow
from training import made_up_rows

ROWS = made_up_rows()


@pytest.fixture(scope="module")
def model() -> Model:
    """Trees alone."""
    return Recipe("trees", 0.1, 30).model(Lesson.of(ROWS), EstimatorSettings(threads=1))


def _matrix() -> np.ndarray:
    matrix = ROWS.matrix[:200].copy()
    matrix[np.random.default_rng(7).random(matrix.shape) < 0.1] = np.nan
    return matrix


@pytest.mark.parametrize("part", ["log_odds", "contributions"])
def test_a_row_alone_gets_what_it_gets_among_others(part: str, model: Model) -> None:
    """Score and contributions of a row are the same to the last bit, whichever way LightGBM is asked."""
    matrix = _matrix()
    together = getattr(model, part)(matrix)
    alone = np.concatenate([getattr(model, part)(matrix[[row]]) for row in range(len(matrix))])
    assert alone.tobytes() == together.tobytes()
    assert alone.shape == together.shape


def test_a_model_that_was_asked_can_be_sent_to_another_process(model: Model) -> None:
    """What LightGBM keeps ready for a row stays in its process, and is made anew in the other."""
    matrix = _matrix()[:1]
    before = model.log_odds(matrix), model.contributions(matrix)
    sent = pickle.loads(pickle.dumps(model))
    assert sent.log_odds(matrix) == before[0]
    assert np.array_equal(sent.contributions(matrix), before[1])


def test_only_one_row_of_the_models_features_is_taken(model: Model) -> None:
    """LightGBM would read past the end of a shorter row."""
    booster = model._booster
    assert booster is not None
    with pytest.raises(ValueError, match="one row of"):
        SingleRow(booster, "raw_score")(_matrix()[:1, :-1])
