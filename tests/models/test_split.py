from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from features.moments import DAY
from models.split import Fold, SplitSettings, forward_folds, forward_split, without_known_leads

ROWS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from([0.25, 0.5, 1.0])), min_size=1, max_size=40)
SETTINGS = st.builds(
    SplitSettings, test_share=st.sampled_from([0.1, 0.25, 0.5, 0.9]), folds=st.integers(1, 5)
)
GAPS = st.sampled_from([0, 1, 3, 10])


def arrays(rows) -> tuple[np.ndarray, np.ndarray]:
    as_of, weight = zip(*rows, strict=True)
    return np.array(as_of, np.int64), np.array(weight)


def holds(fold: Fold, as_of: np.ndarray, gap: int) -> bool:
    """Tell whether every training row lies a gap, and be it an instant, before every judged row."""
    pairs = [(early, late) for early in as_of[fold.train] for late in as_of[fold.judged]]
    return all(late - early >= gap and late > early for early, late in pairs)


@given(ROWS, SETTINGS, GAPS)
def test_the_test_lies_a_gap_after_all_that_is_learned(rows, settings: SplitSettings, gap: int) -> None:
    """No training row lies within the gap of a test row, and of one moment no rows fall on both sides."""
    as_of, weight = arrays(rows)
    assert holds(forward_split(as_of, weight, settings, gap), as_of, gap)


@given(ROWS, SETTINGS, GAPS)
def test_the_test_is_the_newest_share(rows, settings: SplitSettings, gap: int) -> None:
    """The test holds its share of the weight, and without its oldest moment it would not."""
    as_of, weight = arrays(rows)
    judged = forward_split(as_of, weight, settings, gap).judged
    newest = as_of >= as_of[judged].min()
    assert judged.tolist() == np.flatnonzero(newest).tolist()
    later = as_of > as_of[judged].min()
    assert weight[later].sum() <= settings.test_share * weight.sum() + 1e-9
    assert weight[newest].sum() >= settings.test_share * weight.sum() - 1e-9


@given(ROWS, SETTINGS, GAPS)
def test_folds_go_forward(rows, settings: SplitSettings, gap: int) -> None:
    """Each fold judges later rows than the one before, learns from at least as many, and keeps the gap."""
    as_of, weight = arrays(rows)
    folds = forward_folds(as_of, weight, settings, gap)
    assert len(folds) <= settings.folds
    assert all(holds(fold, as_of, gap) and len(fold.train) and len(fold.judged) for fold in folds)
    for early, late in pairwise(folds):
        assert as_of[early.judged].max() < as_of[late.judged].min()
        assert set(early.train.tolist()) <= set(late.train.tolist())


@given(ROWS, SETTINGS, GAPS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, settings: SplitSettings, gap: int, random) -> None:
    """The same rows in another order are cut at the same moments."""
    mixed = random.sample(rows, len(rows))
    sides = [
        (sorted(as_of[fold.train].tolist()), sorted(as_of[fold.judged].tolist()))
        for as_of, weight in (arrays(rows), arrays(mixed))
        for fold in [forward_split(as_of, weight, settings, gap)]
    ]
    assert sides[0] == sides[1]


def test_the_gap_is_the_horizon_unless_it_is_set() -> None:
    """Without a gap of its own the split keeps the horizon, so that training labels were known in time."""
    assert SplitSettings().gap(90) == 90 * DAY
    assert SplitSettings(gap_days=0).gap(90) == 0
    assert SplitSettings(gap_days=0.5).gap(90) == DAY // 2


def test_known_leads_are_not_judged() -> None:
    """Where the gap is short, a lead that was learned from is not judged by."""
    lead = np.array([0, 1, 1, 2])
    fold = without_known_leads(Fold(np.array([0, 1]), np.array([2, 3])), lead)
    assert (fold.train.tolist(), fold.judged.tolist()) == ([0, 1], [3])


@pytest.mark.parametrize("settings", [{"test_share": 0}, {"test_share": 1}, {"gap_days": -1}, {"folds": 0}])
def test_a_split_without_two_sides_is_refused(settings: dict[str, float]) -> None:
    """Shares outside 0 and 1, a negative gap and no folds at all are refused where they are set."""
    with pytest.raises(ValidationError):
        SplitSettings.model_validate(settings)
