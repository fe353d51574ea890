import json
from dataclasses import replace

import numpy as np
import pytest

from models.estimator import EstimatorSettings
from models.lesson import Lesson
from models.log_odds import probability_of
from models.metrics import log_loss
from models.model import RUNGS, Model, ModelError
from models.recipe import Recipe
from models.training_rows import TrainingRows
from training import made_up_rows

SETTINGS = EstimatorSettings(threads=1)


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    """Rows of a company with something to learn."""
    return made_up_rows()


@pytest.fixture(scope="module")
def models(rows: TrainingRows) -> dict[str, Model]:
    """A model of them on each rung."""
    return {rung: Recipe(rung, 0.1, 30).model(Lesson.of(rows), SETTINGS) for rung in RUNGS}


@pytest.mark.parametrize("rung", RUNGS)
def test_contributions_add_up_to_the_score(rung: str, models: dict[str, Model], rows: TrainingRows) -> None:
    """On every rung what the features add, and what is expected of any lead, is the whole score."""
    model = models[rung]
    added = model.contributions(rows.matrix)
    assert added.shape == (len(rows), len(rows.names) + 1)
    np.testing.assert_allclose(added.sum(axis=1), model.log_odds(rows.matrix), atol=1e-9)


@pytest.mark.parametrize("rung", RUNGS)
def test_a_model_is_read_back_as_it_was(rung: str, models: dict[str, Model], rows: TrainingRows) -> None:
    """JSON brings back the same scores, alone and together, to the last bit."""
    again = Model.from_json(json.loads(json.dumps(models[rung].to_json())))
    scores = models[rung].log_odds(rows.matrix[:50])
    assert again.log_odds(rows.matrix[:50]).tobytes() == scores.tobytes()
    assert [float(again.log_odds(rows.matrix[[row]])[0]) for row in range(50)] == scores.tolist()


def test_the_base_rate_tells_no_leads_apart(models: dict[str, Model], rows: TrainingRows) -> None:
    """On the lowest rung every lead has the rate of the leads, each counting once."""
    rate = np.average(rows.label, weights=rows.weight)
    assert probability_of(models["base_rate"].log_odds(rows.matrix)) == pytest.approx(rate)


def test_both_parts_together_lose_no_more_than_their_mean(
    models: dict[str, Model], rows: TrainingRows
) -> None:
    """Log-loss is convex in log-odds: the mean of two scores is never worse than the mean of their losses."""
    loss = {
        rung: log_loss(probability_of(model.log_odds(rows.matrix)), rows.label, rows.weight)
        for rung, model in models.items()
    }
    assert loss["scorecard_and_trees"] <= (loss["scorecard"] + loss["trees"]) / 2


def test_trees_of_other_features_are_refused(models: dict[str, Model]) -> None:
    """A model whose trees were grown on other features, or are damaged, is refused."""
    other = replace(models["trees"], names=("a", "b", "c"))
    with pytest.raises(ModelError, match="a, b, c not expected"):
        other.require_whole()
    with pytest.raises(ModelError, match="LightGBM's text format"):
        replace(models["trees"], trees="tree\n").require_whole()
    with pytest.raises(ModelError, match="neither"):
        replace(models["trees"], trees=None).require_whole()
