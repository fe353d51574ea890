import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data_checks.agreement import Agreement
from features.moments import DAY
from models.cut_off import NOBODY, capacity_share, cut_off
from whole_catalogue import AGREEMENT

ROWS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.2, 0.20000000000000004, 0.7, 1.0]) | st.floats(0, 1),
        st.booleans(),
        st.integers(0, 6),
        st.integers(0, 21),
    ),
    min_size=1,
    max_size=30,
)


def agreed(**handoff) -> Agreement:
    return Agreement.model_validate({**AGREEMENT.model_dump(mode="json"), "handoff": handoff})


def arrays(rows) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    probability, label, lead, day = zip(*rows, strict=True)
    return np.array(probability), np.array(label), np.array(lead), np.array(day, np.int64) * DAY


@given(ROWS)
def test_by_probability_it_is_the_agreed_one(rows) -> None:
    """A hand-off agreed by probability is just that, whatever the scores."""
    assert cut_off(agreed(by="probability", at_least=0.37), *arrays(rows)) == 0.37


@given(ROWS, st.integers(1, 4))
def test_no_more_leads_than_sales_has_capacity_for(rows, per_week: int) -> None:
    """Over the weeks of the scores no more leads reach the cut-off than were agreed, each counted once."""
    probability, _, lead, as_of = arrays(rows)
    cut = cut_off(agreed(by="capacity", leads_per_week=per_week), *arrays(rows))
    weeks = max((as_of.max() - as_of.min()) / (7 * DAY), 1)
    assert len(set(lead[probability >= cut].tolist())) <= round(per_week * weeks)


@given(ROWS, st.integers(1, 4))
def test_capacity_is_used_up(rows, per_week: int) -> None:
    """Capacity is left over only if the next leads, of one score, are more than it could take."""
    probability, _, lead, as_of = arrays(rows)
    cut = cut_off(agreed(by="capacity", leads_per_week=per_week), *arrays(rows))
    weeks = max((as_of.max() - as_of.min()) / (7 * DAY), 1)
    below = probability[(probability < cut) & ~np.isin(lead, lead[probability >= cut])]
    if len(below):
        assert len(set(lead[probability >= below.max()].tolist())) > round(per_week * weeks)


@given(ROWS, st.sampled_from([0.01, 0.3, 0.5, 1.0]))
def test_the_wanted_precision_is_kept(rows, at_least: float) -> None:
    """Of those that reach the cut-off the agreed share converted, and from no lower score on does it."""
    probability, label, *_ = arrays(rows)
    cut = cut_off(agreed(by="precision", at_least=at_least), *arrays(rows))
    handed = probability >= cut
    assert not handed.any() or label[handed].mean() >= at_least
    assert all(label[probability >= lower].mean() < at_least for lower in probability[~handed])


def test_nobody_is_handed_off_where_the_precision_is_out_of_reach() -> None:
    """Where no score keeps the wanted precision not even a certain lead is handed off."""
    cut = cut_off(agreed(by="precision", at_least=0.9), *arrays([(1.0, False, 0, 0), (1.0, True, 1, 0)]))
    assert cut == NOBODY
    assert capacity_share(np.array([1.0, 1.0]), cut) == 0


def test_capacity_for_all_takes_all() -> None:
    """With more capacity than leads every lead is handed off, one without any chance included."""
    rows = [(0.0, False, 0, 0), (0.5, True, 1, 0)]
    assert cut_off(agreed(by="capacity", leads_per_week=2), *arrays(rows)) == 0


def test_the_share_of_no_scores_is_none() -> None:
    """Without scores nothing reaches a cut-off."""
    assert capacity_share(np.empty(0), 0.5) == 0
