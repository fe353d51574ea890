from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.estimator import EstimatorSettings
from models.forward_part import ForwardPart, forward_part
from models.split import SplitSettings
from models.training_rows import TrainingRows
from models.trials import Bench, Setting, Trial
from models.tuning import Tuned, chosen, tune
from models.tuning_settings import TuningSettings
from training import made_up_rows, rows_of

CURRENT = EstimatorSettings(threads=1, max_rounds=15)
BUDGET = TuningSettings(trials=13)
"""Three more than are drawn by lot, so that the search has begun to follow what it found."""


class KilledError(Exception):
    """The process ended in the middle of a trial."""


def part_of(rows: TrainingRows) -> ForwardPart:
    return forward_part(rows, SplitSettings(folds=2), 30)


@pytest.fixture(scope="module")
def part() -> ForwardPart:
    """What a small company can learn from."""
    return part_of(made_up_rows(500))


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a search that came to its end."""
    return tmp_path_factory.mktemp("studies") / "trials.db"


@pytest.fixture(scope="module")
def tuned(part: ForwardPart, record: Path) -> Tuned:
    """What the search found."""
    return tune(part, CURRENT, BUDGET, record)


def killed_in(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Let the process end in the middle of a trial, so many having been finished."""
    tried, begun = Bench.tried, []

    def dying(bench: Bench, setting: Setting) -> Trial:
        begun.append(setting)
        if len(begun) > count:
            raise KilledError
        return tried(bench, setting)

    monkeypatch.setattr(Bench, "tried", dying)


@pytest.mark.parametrize("finished", [0, 11])
def test_a_killed_search_goes_on_to_the_very_same_trials(
    part: ForwardPart, tuned: Tuned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, finished: int
) -> None:
    """Killed in its first or its twelfth trial, a search ends with the trials of one that was not."""
    record = tmp_path / "trials.db"
    with monkeypatch.context() as patch:
        killed_in(patch, finished)
        with pytest.raises(KilledError):
            tune(part, CURRENT, BUDGET, record)
    said: list[str] = []
    again = tune(part, CURRENT, BUDGET, record, said.append)
    assert again.to_json() == tuned.to_json()
    assert len(said) == BUDGET.trials - finished


def test_a_finished_search_tries_nothing_again(part: ForwardPart, tuned: Tuned, record: Path) -> None:
    """Asked for the same again, also with other threads, the search answers from its record."""
    said: list[str] = []
    wide = CURRENT.model_copy(update={"threads": 2})
    assert tune(part, wide, BUDGET, record, said.append).trials == tuned.trials
    assert not said


def test_more_trials_go_on_from_those_there_are(part: ForwardPart, tuned: Tuned, tmp_path: Path) -> None:
    """A budget that is raised later leads to the trials that it would have led to at once."""
    record = tmp_path / "trials.db"
    few = tune(part, CURRENT, TuningSettings(trials=4), record)
    assert few.trials == tuned.trials[:4]
    assert tune(part, CURRENT, BUDGET, record).to_json() == tuned.to_json()


@pytest.mark.parametrize("what", ["rows", "folds", "settings"])
def test_another_question_is_another_search(
    part: ForwardPart, tuned: Tuned, tmp_path: Path, what: str
) -> None:
    """On other rows, folds or settings no trial of an earlier search counts, though they share a file."""
    few = TuningSettings(trials=2)
    record = tmp_path / "trials.db"
    tune(part, CURRENT, few, record)
    other, current = part, CURRENT
    if what == "rows":
        other = part_of(made_up_rows(500, seed=1))
    elif what == "folds":
        other = replace(part, folds=part.folds[1:])
    else:
        current = CURRENT.model_copy(update={"bagging_fraction": 0.7})
    said: list[str] = []
    tune(other, current, few, record, said.append)
    assert len(said) == few.trials


def test_the_test_is_never_asked(tuned: Tuned, record: Path) -> None:
    """With all outcomes of the test turned round, the search is the same one."""
    rows = made_up_rows(500)
    label = rows.label.copy()
    test = part_of(rows).test
    label[test] = ~label[test]
    said: list[str] = []
    assert tune(part_of(replace(rows, label=label)), CURRENT, BUDGET, record, said.append) == tuned
    assert not said


def test_the_current_setting_is_tried_first(tuned: Tuned) -> None:
    """The first trial is that of params.yaml, and loses no more and no less than it."""
    first = tuned.trials[0]
    assert first.setting == {name: getattr(CURRENT, name) for name in first.setting}
    assert (first.more, first.error) == (0.0, 0.0)
    assert {trial.setting["num_leaves"] for trial in tuned.trials} <= set(range(3, 17))


def test_a_setting_beyond_the_searched_values_is_tried_first_all_the_same(
    part: ForwardPart, tmp_path: Path
) -> None:
    """Where a person chose values that the search would not come to, these are what has to be beaten."""
    own = {"num_leaves": 31, "learning_rate": 0.01, "min_data_in_leaf": 7, "lambda_l2": 500.0}
    current = CURRENT.model_copy(update=own)
    first = tune(part, current, TuningSettings(trials=2), tmp_path / "trials.db").trials[0]
    assert own.items() <= first.setting.items()


def test_no_trial_begins_once_the_minutes_are_spent(part: ForwardPart, tmp_path: Path) -> None:
    """A budget of no time to speak of ends after one trial, the current setting, which stays."""
    found = tune(part, CURRENT, TuningSettings(trials=9, minutes=1e-6), tmp_path / "trials.db")
    assert len(found.trials) == 1
    assert found.settings == CURRENT


def trial(log_loss: float, more: float, error: float, leaves: int, worst: float | None = None) -> Trial:
    setting = {"num_leaves": leaves, "min_data_in_leaf": None}
    return Trial(setting, log_loss, 10, more, error, more if worst is None else worst)


def test_only_what_is_surely_better_is_taken() -> None:
    """The best trial is taken if it is better by more than a standard error, and else nothing changes."""
    own, best = trial(0.4, 0.0, 0.0, 8), trial(0.39, -0.01, 0.009, 4)
    taken = chosen(CURRENT, (own, best, trial(0.395, -0.005, 0.001, 5)))
    assert taken.settings == CURRENT.model_copy(update=best.setting)
    assert "0.0100 ± 0.0090" in str(taken.text)
    kept = chosen(CURRENT, (own, replace(best, error=0.011)))
    assert kept.settings == CURRENT
    assert "none is surely better" in str(kept.text)


def test_what_is_better_in_some_periods_only_is_not_taken() -> None:
    """A setting that loses on one fold is left for a smaller gain on every fold, or for the current one."""
    own, lucky, steady = (
        trial(0.4, 0.0, 0.0, 8),
        trial(0.38, -0.02, 0.001, 4, 0.001),
        trial(0.39, -0.01, 0.001, 5),
    )
    assert chosen(CURRENT, (own, lucky, steady)).settings.num_leaves == 5
    kept = chosen(CURRENT, (own, lucky))
    assert kept.settings == CURRENT
    assert "on every fold" in str(kept.text)


def test_what_was_tuned_can_be_read_back(tuned: Tuned) -> None:
    """Written as JSON and read, settings, trials and words are the same."""
    assert Tuned.from_json(tuned.to_json()) == tuned


def test_without_trees_or_folds_nothing_is_tuned(part: ForwardPart, tmp_path: Path) -> None:
    """Where no tree would be grown, or no fold can judge one, the settings stay and the words say why."""
    record = tmp_path / "trials.db"
    card = CURRENT.model_copy(update={"rung": "scorecard"})
    assert "without trees" in str(tune(part, card, BUDGET, record).text)
    short = part_of(rows_of({"x": np.arange(80) % 3}, np.arange(80) % 2 == 0))
    found = tune(replace(short, folds=()), CURRENT, BUDGET, record)
    assert found.settings == CURRENT
    assert "too little history" in str(found.text)
    assert not record.exists()
