import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from features.account_book import AccountBook
from features.moments import NEVER
from features.reference import ALL, PRIOR_WEIGHT, KnownAt, KnownOutcomes, Reference

OUTCOMES = st.lists(st.tuples(st.integers(-1, 2), st.integers(-3, 6), st.booleans()), max_size=15)


def outcomes_of(rows: list[tuple[int, int, bool]]) -> KnownOutcomes:
    code, known, converted = np.array(rows, np.int64).reshape(-1, 3).T
    return KnownOutcomes.of(code.astype(np.int32), known, converted.astype(bool))


@given(OUTCOMES, st.integers(-1, 3), st.integers(-5, 8), st.integers(1, 4), st.integers(-4, 7))
def test_the_newest_known_outcomes_are_those_of_a_plain_loop(
    rows, code: int, as_of: int, most: int, own: int
) -> None:
    """The newest outcomes of the same label known by the moment count, those of one moment together.

    Those that became known in the lead's own moment are left out.
    """
    found = [(known, converted) for label, known, converted in rows if label == code and known <= as_of]
    oldest = min(sorted(known for known, _ in found)[-most:], default=0)
    newest = [won for known, won in found if known >= oldest and known != own and code >= 0]
    asked = KnownAt(np.array([code], np.int32), np.array([own]), np.array([as_of]))
    told = outcomes_of(rows).latest(asked, 0, most)
    assert tuple(int(number[0]) for number in told) == (len(newest), sum(newest))


@given(OUTCOMES, st.randoms(use_true_random=False))
def test_the_order_in_which_outcomes_are_told_does_not_matter(rows, random) -> None:
    """Outcomes told in another order are the same reference."""
    mixed = random.sample(rows, len(rows))
    assert outcomes_of(rows).to_json() == outcomes_of(mixed).to_json()


@given(OUTCOMES)
def test_a_reference_is_read_back_as_it_was(rows) -> None:
    """JSON brings back channels, outcomes, the horizon and the accounts."""
    accounts = AccountBook(np.array([1, 1]), np.array([5, 7]), np.array([NEVER, 9]))
    reference = Reference({"c1": "Search"}, {ALL: outcomes_of(rows)}, 90, accounts)
    told = json.loads(json.dumps(reference.to_json()))
    assert Reference.from_json(told).to_json() == reference.to_json()


def test_a_rate_leans_on_the_rate_of_all() -> None:
    """The rate of a label with few outcomes is drawn to that of all leads; without any outcome it is NaN."""
    rows = [(0, 1, True), (0, 2, False), (1, 3, True), (1, 4, True)]
    reference = Reference(
        {}, {ALL: outcomes_of([(0, *row[1:]) for row in rows]), "source": outcomes_of(rows)}
    )
    code, as_of = np.array([0, 1, 2, -1, 1], np.int32), np.array([4, 4, 4, 4, 0])
    overall = reference.rate(ALL, KnownAt(np.zeros(5, np.int32), np.full(5, -9), as_of), 100)
    rates = reference.rate("source", KnownAt(code, np.full(5, -9), as_of), 100, overall)
    pull = PRIOR_WEIGHT * 0.75
    expected = [(1 + pull) / (2 + PRIOR_WEIGHT), (2 + pull) / (2 + PRIOR_WEIGHT), 0.75, 0.75, np.nan]
    np.testing.assert_allclose(rates, expected, rtol=1e-15)
