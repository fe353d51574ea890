from dataclasses import replace

import numpy as np
import pytest

from data_checks.errors import BatonError
from features.moments import DAY
from models.baselines import BASELINES
from models.estimator import EstimatorSettings
from models.learning import Learned, learn
from models.metrics import log_loss
from models.model import RUNGS, Rung
from models.scorecard_fitting import STRENGTHS
from models.split import SplitSettings
from models.training_rows import TrainingRows
from models.young import Young
from training import made_up_rows, rows_of, with_other_outcomes

SMALL = EstimatorSettings(threads=1, max_rounds=40)
HORIZON_DAYS = 30


@pytest.fixture(scope="module")
def rows() -> TrainingRows:
    """Rows of a company with something to learn."""
    return made_up_rows()


@pytest.fixture(scope="module")
def learned(rows: TrainingRows) -> Learned:
    """What is learned from them."""
    return learn(rows, SMALL, SplitSettings(), HORIZON_DAYS)


def test_learning_twice_learns_the_same(rows: TrainingRows, learned: Learned) -> None:
    """The same rows and settings give the same model, calibration and predictions, to the last bit."""
    again = learn(rows, SMALL, SplitSettings(), HORIZON_DAYS)
    assert again.model.to_json() == learned.model.to_json()
    assert again.twin.to_json() == learned.twin.to_json()
    assert (again.calibration, again.recipe) == (learned.calibration, learned.recipe)
    assert all(
        again.predicted[name].tobytes() == found.tobytes() for name, found in learned.predicted.items()
    )


def test_every_scorer_is_asked_about_the_same_later_rows(rows: TrainingRows, learned: Learned) -> None:
    """The model and each baseline give one probability to each test row, which all lie a gap later."""
    assert set(learned.predicted) == {"baton", *BASELINES}
    assert all(found.shape == learned.test.shape for found in learned.predicted.values())
    trained = np.sort(rows.as_of)[learned.trained_on - 1]
    assert rows.as_of[learned.test].min() - trained >= HORIZON_DAYS * DAY


def test_the_twin_is_what_was_tested_and_knows_nothing_of_the_test(
    rows: TrainingRows, learned: Learned
) -> None:
    """The twin gives the tested predictions, and all they learned from was known before the first."""
    raw = learned.twin.log_odds(rows.matrix[learned.test])
    assert learned.calibration.probability(raw).tobytes() == learned.predicted["baton"].tobytes()
    assert learned.twin_knows_until <= rows.as_of[learned.test].min()
    assert learned.twin.to_json() != learned.model.to_json()


def test_young_rows_reach_the_served_model_and_not_its_twin(rows: TrainingRows, learned: Learned) -> None:
    """What has come of leads whose horizon is not over is learned by the model to serve alone."""
    late = made_up_rows(300, seed=9)
    now = int(rows.as_of.max()) + HORIZON_DAYS * DAY
    young = Young(replace(late, as_of=np.full(len(late), now - 5 * DAY)), now)
    found = learn(rows, SMALL, SplitSettings(), HORIZON_DAYS, baselines={}, young=young)
    assert found.twin.to_json() == learned.twin.to_json()
    assert found.predicted["baton"].tobytes() == learned.predicted["baton"].tobytes()
    assert found.recipe == learned.recipe
    assert found.model.to_json() != learned.model.to_json()


def test_the_model_beats_the_base_rate(rows: TrainingRows, learned: Learned) -> None:
    """Where there is something to learn the model has the lower log-loss on later rows."""
    test = rows[learned.test]
    own, rate = (
        log_loss(learned.predicted[name], test.label, test.weight) for name in ("baton", "base_rate")
    )
    assert own < rate


def test_what_comes_later_does_not_change_what_was_tested(rows: TrainingRows, learned: Learned) -> None:
    """Nothing that came of any lead after the test began reaches the predictions of it."""
    other = with_other_outcomes(rows, int(rows.as_of[learned.test].min()), HORIZON_DAYS)
    assert (other.label[learned.test] != rows.label[learned.test]).any()
    again = learn(other, SMALL, SplitSettings(), HORIZON_DAYS)
    assert all(
        again.predicted[name].tobytes() == found.tobytes() for name, found in learned.predicted.items()
    )


def test_with_a_short_gap_no_lead_is_on_both_sides(rows: TrainingRows) -> None:
    """Where the gap is shorter than the horizon the test has only leads that were not learned from."""
    found = learn(rows, SMALL, SplitSettings(gap_days=0), HORIZON_DAYS)
    cut = rows.as_of[found.test].min()
    assert not set(rows.lead[found.test]) & set(rows.lead[rows.as_of < cut])


@pytest.mark.parametrize("label", [[], [False], [True], [False] * 300, [True] * 300])
def test_without_both_outcomes_nothing_can_be_learned(label: list[bool]) -> None:
    """No rows, one row, none converted, all converted: each is refused in words, with what to do."""
    with pytest.raises(BatonError, match=r"leads that converted.*found \d+ conversions among .*Next: bring"):
        learn(rows_of({"x": np.zeros(len(label))}, label), SMALL, SplitSettings(), HORIZON_DAYS)


def test_a_horizon_longer_than_the_history_is_refused() -> None:
    """Where no row lies a gap before the test the error says how long the gap is."""
    rows = rows_of({"x": np.arange(40.0)}, np.arange(40) % 2 == 0)
    with pytest.raises(BatonError, match="gap: 365 days"):
        learn(rows, SMALL, SplitSettings(), 365)


def test_without_a_new_lead_to_test_on_nothing_is_learned() -> None:
    """With a short gap and no lead that is new to the test, there is nothing to test on, and that is said."""
    days = np.arange(60)
    rows = rows_of({"x": days % 5}, days % 2 == 0, as_of=days * DAY, lead=days % 3)
    with pytest.raises(BatonError, match="Next: "):
        learn(rows, SMALL, SplitSettings(gap_days=0), HORIZON_DAYS)


def test_too_little_for_folds_still_gives_a_model() -> None:
    """With too few leads for any fold there is a scorecard with small points, and it says so."""
    days = np.array([0, 1, 2, 3, 60, 61])
    rows = rows_of({"x": days % 2}, days % 2 == 0, as_of=days * DAY)
    found = learn(rows, SMALL, SplitSettings(), HORIZON_DAYS)
    assert not found.recipe.found
    assert (found.standing.rung, found.recipe.strength) == ("scorecard", min(STRENGTHS))
    assert "too few leads" in found.standing.text
    assert found.calibration.kind == "none"


def test_where_time_cannot_be_cut_leads_are() -> None:
    """A history too short for forward folds is cross-validated, says so, and claims nothing of periods."""
    rows = made_up_rows()
    early = rows[np.flatnonzero(rows.as_of <= np.quantile(rows.as_of, 0.25))]
    split = SplitSettings(gap_days=(int(early.as_of.max()) - int(early.as_of.min())) / DAY * 0.4)
    found = learn(early, SMALL, split, HORIZON_DAYS, baselines={})
    assert "in cross-validation" in found.standing.text
    assert "too little history to be judged forward" in found.standing.text
    assert found.standing.rung != "base_rate"
    assert (found.calibration.kind, found.interval) == ("none", None)


@pytest.mark.parametrize("seed", range(3))
def test_of_noise_nothing_is_learned_across_leads_either(seed: int) -> None:
    """Nor does a short history of noise give anything but the base rate."""
    rows = made_up_rows()
    early = rows[np.flatnonzero(rows.as_of <= np.quantile(rows.as_of, 0.25))]
    split = SplitSettings(gap_days=(int(early.as_of.max()) - int(early.as_of.min())) / DAY * 0.4)
    _, first, place = np.unique(early.lead, return_index=True, return_inverse=True)
    drawn = np.random.default_rng(seed).permutation(early.label[first])[place]
    found = learn(replace(early, label=drawn), SMALL, split, HORIZON_DAYS, baselines={})
    assert found.standing.rung == "base_rate"
    assert "too little history" in found.standing.text


def test_of_noise_nothing_is_learned() -> None:
    """Where the outcome is drawn by lot, every lead gets the base rate: no confident noise is served."""
    rows = made_up_rows()
    drawn = np.random.default_rng(1).permutation(rows.label[::2]).repeat(2)
    found = learn(replace(rows, label=drawn), SMALL, SplitSettings(), HORIZON_DAYS, baselines={})
    assert found.standing.rung == "base_rate"
    assert "No usable signal" in found.standing.text
    assert len(np.unique(found.predicted["baton"])) == 1


@pytest.mark.parametrize("rung", RUNGS)
def test_a_person_may_choose_the_rung(rung: Rung, rows: TrainingRows) -> None:
    """With train.rung in params.yaml the model stands there, and is tested as such."""
    settings = SMALL.model_copy(update={"rung": rung})
    found = learn(rows, settings, SplitSettings(), HORIZON_DAYS, baselines={})
    assert found.model.rung == found.twin.rung == rung
