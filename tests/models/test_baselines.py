import numpy as np
import pytest

from models.baselines import BASELINES, base_rate, count_rule, logistic_regression
from models.metrics import auc, log_loss
from training import made_up_rows, rows_of

NAN = np.nan


def test_the_base_rate_is_the_weighted_rate() -> None:
    """Every lead gets the rate of the training rows, each by its weight."""
    train = rows_of({"x": [1, 2, 3]}, [True, False, False], weight=np.array([2.0, 1.0, 1.0]))
    assert base_rate(train, rows_of({"x": [9, 9]}, [True, True])).tolist() == [0.5, 0.5]


def test_the_count_rule_by_hand() -> None:
    """With one category the rule is (conversions + rate) / (leads + 1); a missing value is one of its own."""
    value = [0, 0, 0, 0, 1, 1, 1, 1, NAN, NAN]
    label = [True, True, True, False, True, False, False, False, True, False]
    train = rows_of({"source": value}, label, categorical=("source",))
    found = count_rule(train, rows_of({"source": [0, 1, NAN]}, [True] * 3, categorical=("source",)))
    assert found.tolist() == pytest.approx([3.5 / 5, 1.5 / 5, 1.5 / 3], rel=1e-12)


def test_the_count_rule_adds_up_its_columns() -> None:
    """Two columns multiply their odds, as if they were independent."""
    columns = {"a": [0, 0, 0, 1, 1, 1], "b": [0, 1, 0, 1, 0, 1]}
    label = [True, True, False, True, False, False]
    train = rows_of(columns, label, categorical=("a", "b"))
    asked = rows_of({"a": [0], "b": [0]}, [True], categorical=("a", "b"))
    odds_a, odds_b = 2.5 / 1.5, 1.5 / 2.5
    assert count_rule(train, asked)[0] == pytest.approx(odds_a * odds_b / (1 + odds_a * odds_b), rel=1e-12)


@pytest.mark.parametrize("unseen", [1, 3, 60])
def test_a_category_that_was_never_seen_says_nothing(unseen: int) -> None:
    """A code that no training row had leaves the base rate as it is, wherever it stands among the codes."""
    train = rows_of({"source": [0, 0, 2, 2, 2]}, [True, True, False, False, False], categorical=("source",))
    asked = rows_of({"source": [unseen]}, [True], categorical=("source",))
    assert count_rule(train, asked)[0] == pytest.approx(0.4, rel=1e-12)


def test_numbers_are_cut_into_equally_filled_ranges() -> None:
    """A number counts by its fifth of the training rows, and one beyond them by the fifth at that end."""
    number = np.arange(100.0)
    train = rows_of({"x": number}, number >= 80)
    found = count_rule(train, rows_of({"x": [-1e308, 0, 79, 80, 1e308]}, [True] * 5))
    assert found[0] == found[1] == found[2] < 0.05
    assert 0.9 < found[3] == found[4]


@pytest.mark.parametrize("name", BASELINES)
def test_every_baseline_bears_what_a_company_may_have(name: str) -> None:
    """Columns without any value, constant ones, and unseen categories still give probabilities."""
    rows = made_up_rows(200)
    columns = dict(zip(rows.names, rows.matrix.T, strict=True))
    odd = {**columns, "empty": np.full(400, NAN), "constant": np.ones(400), "none": np.full(400, NAN)}
    train = rows_of(odd, rows.label, categorical=("channel", "none"))
    asked = {**{name: column[:5] for name, column in odd.items()}, "channel": [99, 3, NAN, 0, 1]}
    found = BASELINES[name](train, rows_of({**asked, "empty": [1.0] * 5}, [True] * 5, ("channel", "none")))
    assert found.shape == (5,)
    assert ((found > 0) & (found < 1)).all()


@pytest.mark.parametrize("baseline", [count_rule, logistic_regression])
def test_a_baseline_learns_what_is_there(baseline) -> None:
    """On data where two columns tell, each baseline beats the base rate and ranks well above chance."""
    train, later = made_up_rows(seed=1), made_up_rows(seed=2)
    found = baseline(train, later)
    assert auc(found, later.label, later.weight) > 0.7
    rate = base_rate(train, later)
    assert log_loss(found, later.label, later.weight) < log_loss(rate, later.label, later.weight)


def test_a_row_of_double_weight_is_two_rows() -> None:
    """Weights count leads: telling a row twice is the same as doubling its weight."""
    source, label = [0, 0, 1, 1, 1], [True, False, True, False, False]
    twice = rows_of({"source": [*source, 0]}, [*label, True], categorical=("source",))
    heavy = rows_of({"source": source}, label, ("source",), weight=np.array([2.0, 1, 1, 1, 1]))
    assert count_rule(heavy, heavy)[:3].tolist() == pytest.approx(count_rule(twice, heavy)[:3].tolist())
