import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ladder import SURE, chosen_rung
from models.model import RUNGS

LEADS = 2000


def lost(seed: int = 0, **gain: float) -> dict[str, np.ndarray]:
    """Return losses of the rungs: some noise that all have in common, and each one's own."""
    random = np.random.default_rng(seed)
    shared = random.exponential(0.4, LEADS)
    return {rung: shared - gain.get(rung, 0.0) + random.normal(0, 0.1, LEADS) for rung in RUNGS}


def chosen(losses: dict[str, np.ndarray], lead: np.ndarray | None = None, **given: str) -> str:
    weight = np.ones(len(losses["trees"]))
    return chosen_rung(losses, weight, np.arange(len(weight)) if lead is None else lead, **given).rung


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
    """Where all lose more than the base rate, every lead gets the base rate, and it is said why."""
    losses = lost(scorecard=-0.1, scorecard_and_trees=-0.2, trees=-0.3)
    found = chosen_rung(losses, np.ones(LEADS), np.arange(LEADS))
    assert found.rung == "base_rate"
    assert "No usable signal" in found.text
    assert "none of the others had a lower log-loss" in found.text


def test_chance_seldom_looks_like_a_signal() -> None:
    """Of a hundred worlds without any signal at least ninety-five end at the base rate."""
    assert sum(chosen(lost(seed)) == "base_rate" for seed in range(100)) >= 95


def test_rows_of_one_lead_count_as_one() -> None:
    """A gain that is sure for so many leads is not for a few leads looked at often."""
    losses = lost(scorecard=0.01, scorecard_and_trees=0.01, trees=0.01)
    assert chosen(losses) != "base_rate"
    few = np.arange(20)
    repeated = {rung: np.repeat(loss[few], LEADS // 20) for rung, loss in losses.items()}
    assert chosen(repeated, lead=np.repeat(few, LEADS // 20)) == "base_rate"


@given(st.sampled_from(RUNGS), st.integers(0, 9))
def test_a_person_may_fix_the_rung(rung: str, seed: int) -> None:
    """The rung that params.yaml names is taken, whatever the evidence, which is kept."""
    found = chosen_rung(lost(seed, trees=0.1), np.ones(LEADS), np.arange(LEADS), rung)
    assert found.rung == rung
    assert len(found.steps) == len(RUNGS)
    assert "train.rung" in found.text


def test_errors_are_those_of_textbooks() -> None:
    """For rows of one lead each and equal weights the error is the standard error of the mean."""
    losses = lost(scorecard=0.02, scorecard_and_trees=0.03, trees=0.06)
    steps = {step.rung: step for step in chosen_rung(losses, np.ones(LEADS), np.arange(LEADS)).steps}
    more = losses["base_rate"] - losses["trees"]
    assert steps["base_rate"].error == pytest.approx(more.std() / np.sqrt(LEADS))
    assert steps["base_rate"].more == pytest.approx(more.mean())
    assert steps["base_rate"].more > SURE * steps["base_rate"].error
