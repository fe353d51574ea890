import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from features.reference import ALL, PRIOR_WEIGHT, KnownOutcomes, Reference

OUTCOMES = st.lists(st.tuples(st.integers(-1, 2), st.integers(-3, 6), st.booleans()), max_size=15)


def outcomes_of(rows: list[tuple[int, int, bool]]) -> KnownOutcomes:
    code, known, converted = np.array(rows, np.int64).reshape(-1, 3).T
    return KnownOutcomes.of(code.astype(np.int32), known, converted.astype(bool))


@given(OUTCOMES, st.integers(-1, 3), st.integers(-5, 8), st.integers(1, 4))
def test_the_newest_known_outcomes_are_those_of_a_plain_loop(rows, code: int, as_of: int, most: int) -> None:
    """Only outcomes of the same label that were known by the moment count, the newest of them."""
    known = sorted((known, converted) for label, known, converted in rows if label == code and known <= as_of)
    newest = known[-most:] if code >= 0 else []
    count, reached = outcomes_of(rows).latest(np.array([code], np.int32), np.array([as_of]), most)
    assert (int(count[0]), int(reached[0])) == (len(newest), sum(converted for _, converted in newest))


@given(OUTCOMES, st.randoms(use_true_random=False))
def test_the_order_in_which_outcomes_are_told_does_not_matter(rows, random) -> None:
    """Outcomes told in another order are the same reference."""
    mixed = random.sample(rows, len(rows))
    assert outcomes_of(rows).to_json() == outcomes_of(mixed).to_json()


@given(OUTCOMES)
def test_a_reference_is_read_back_as_it_was(rows) -> None:
    """JSON brings back channels and outcomes."""
    reference = Reference({"c1": "Search"}, {ALL: outcomes_of(rows)})
    told = json.loads(json.dumps(reference.to_json()))
    assert Reference.from_json(told).to_json() == reference.to_json()


def test_a_rate_leans_on_the_rate_of_all() -> None:
    """The rate of a label with few outcomes is drawn to that of all leads; without any outcome it is NaN."""
    rows = [(0, 1, True), (0, 2, False), (1, 3, True), (1, 4, True)]
    reference = Reference(
        {}, {ALL: outcomes_of([(0, *row[1:]) for row in rows]), "source": outcomes_of(rows)}
    )
    rates = reference.rate("source", np.array([0, 1, 2, -1, 1], np.int32), np.array([4, 4, 4, 4, 0]), 100)
    pull = PRIOR_WEIGHT * 0.75
    expected = [(1 + pull) / (2 + PRIOR_WEIGHT), (2 + pull) / (2 + PRIOR_WEIGHT), 0.75, 0.75, np.nan]
    np.testing.assert_allclose(rates, expected, rtol=1e-15)
