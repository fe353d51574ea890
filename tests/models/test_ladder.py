import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ladder import Judged, Standing, chosen_rung
from models.model import RUNGS
from models.paired import Interval

LEADS = 2000


def lost(seed: int = 0, **gain: float) -> dict[str, np.ndarray]:
    """Return losses of the rungs: some noise that all have in common, and each one's own."""
    random = np.random.default_rng(seed)
    shared = random.exponential(0.4, LEADS)
    return {rung: shared - gain.get(rung, 0.0) + random.normal(0, 0.1, LEADS) for rung in RUNGS}


def standing(
    losses: dict[str, np.ndarray], wide: float = 0.05, lead: np.ndarray | None = None, only: str | None = None
) -> Standing:
    weight = np.ones(len(losses["trees"]))
    given, fold = np.arange(len(weight)) if lead is None else lead, np.arange(len(weight)) % 4
    return chosen_rung(
        losses, Judged(weight, given, fold), lambda _: Interval(0.65, 0.65 - wide, 0.65 + wide), only
    )


def chosen(losses: dict[str, np.ndarray], **given: object) -> str:
    return standing(losses, **given).rung


def test_the_best_rung_is_chosen_where_it_is_clearly_better() -> None:
    """Trees that gain much more than the rest are chosen."""
    assert chosen(lost(scorecard=0.02, scorecard_and_trees=0.03, trees=0.06)) == "trees"


def test_a_plainer_rung_wins_a_tie() -> None:
    """Where trees and scorecard gain alike, the scorecard is chosen."""
    losses = lost(scorecard=0.05, scorecard_and_trees=0.05, trees=0.05)
    losses["scorecard_and_trees"] = losses["trees"] = losses["scorecard"] - 1e-6
    losses["trees"] = losses["trees"] + np.random.default_rng(1).normal(0, 0.01, LEADS)
    assert chosen(losses) == "scorecard"


def test_what_is_worse_than_the_base_rate_is_never_chosen() -> None:
    """Where all surely lose more than the base rate, every lead gets that, however well they rank."""
    found = standing(lost(scorecard=-0.1, scorecard_and_trees=-0.2, trees=-0.3))
    assert found.rung == "base_rate"
    assert "No usable signal: on later leads the scorecard loses" in found.text


def test_a_ranking_that_may_be_chance_is_no_signal() -> None:
    """Where the ranking is less than 2.75 standard errors above a coin's, every lead gets the base rate."""
    losses = lost(scorecard=0.003, scorecard_and_trees=0.003, trees=0.008)
    found = standing(losses, wide=0.11)
    assert found.rung == "base_rate"
    assert "AUC of 0.650 (95 % interval 0.540 to 0.760), which may be chance" in found.text
    assert chosen(losses, wide=0.1) != "base_rate"


def test_telling_good_times_from_bad_is_a_signal() -> None:
    """Where the log-loss is surely lower, a ranking that may be chance is no reason to give up."""
    assert chosen(lost(scorecard=0.02, scorecard_and_trees=0.03, trees=0.06), wide=0.2) == "trees"


def test_one_fold_does_not_decide_alone() -> None:
    """Where trees do better on three folds and much worse on the last, it is the mean of both."""
    losses, last = lost(scorecard=0.06, scorecard_and_trees=0.05, trees=0.09), np.arange(LEADS) % 4 == 3
    losses["trees"][last] += 0.3
    found = standing(losses)
    assert found.rung == "scorecard_and_trees"
    assert "the scorecard did best over all, but trees alone did better on most folds" in found.text


def test_a_weak_signal_is_kept() -> None:
    """A ranking that is no chance is used, though its losses cannot be told from the base rate's."""
    assert chosen(lost(scorecard=0.001, scorecard_and_trees=-0.01, trees=-0.05)) == "scorecard"


def test_rows_of_one_lead_count_as_one() -> None:
    """What is sure for so many leads is not for a few of them looked at often: a plainer rung is as good."""
    losses = lost(scorecard=0.05, scorecard_and_trees=0.052, trees=0.06)
    assert chosen(losses) == "trees"
    few = np.arange(20)
    repeated = {rung: np.repeat(loss[few], LEADS // 20) for rung, loss in losses.items()}
    errors = [
        {step.rung: step.error for step in standing(repeated, lead=lead).steps}
        for lead in (np.repeat(few, LEADS // 20), None)
    ]
    assert errors[0]["base_rate"] == pytest.approx(10 * errors[1]["base_rate"])


@given(st.sampled_from(RUNGS), st.integers(0, 9))
def test_a_person_may_fix_the_rung(rung: str, seed: int) -> None:
    """The rung that params.yaml names is taken, whatever the evidence, which is kept."""
    found = standing(lost(seed, trees=0.1), only=rung)
    assert found.rung == rung
    assert len(found.steps) == len(RUNGS)
    assert "train.rung" in found.text


def test_errors_are_those_of_textbooks() -> None:
    """For rows of one lead each and equal weights the error is the standard error of the mean."""
    losses = lost(scorecard=0.02, scorecard_and_trees=0.03, trees=0.06)
    steps = {step.rung: step for step in standing(losses).steps}
    more = losses["base_rate"] - losses["trees"]
    assert steps["base_rate"].error == pytest.approx(more.std() / np.sqrt(LEADS))
    assert steps["base_rate"].more == pytest.approx(more.mean())
