"""Bounds and chances against exact ones."""

from math import comb

from hypothesis import given
from hypothesis import strategies as st

from models.leakage.chances import chance_of, difference_z, least_share


@given(total=st.integers(1, 60), hits=st.integers(0, 60), expected=st.floats(0.01, 0.99))
def test_the_chance_is_never_told_too_small(total, hits, expected):
    """Chernoff's bound lies above the exact binomial tail."""
    hits = min(hits, total)
    tail = sum(comb(total, k) * expected**k * (1 - expected) ** (total - k) for k in range(hits, total + 1))
    assert chance_of(hits, total, expected) >= tail - 1e-12


@given(total=st.integers(1, 10_000), hits=st.integers(0, 10_000))
def test_the_least_share_lies_below_the_share_and_rises_with_the_cases(total, hits):
    """Ten times as many cases of one share bring the bound nearer to it."""
    hits = min(hits, total)
    few, many = least_share(hits, total), least_share(10 * hits, 10 * total)
    assert 0 <= few <= many <= hits / total + 1e-12


def test_equal_shares_do_not_differ():
    """Nor do shares of nothing, and the larger one lies above."""
    assert difference_z(5, 10, 50, 100) == difference_z(0, 0, 1, 2) == difference_z(0, 5, 0, 5) == 0
    assert difference_z(9, 10, 10, 100) > 4
