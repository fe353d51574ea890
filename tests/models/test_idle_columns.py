import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.idle_columns import Signature, idle_columns
from models.training_rows import TrainingRows

NUMBERS = st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.5, np.nan, np.inf, 1e308])
COLUMNS = st.integers(1, 5).flatmap(
    lambda rows: st.lists(st.lists(NUMBERS, min_size=rows, max_size=rows), min_size=1, max_size=5)
)


def rows_of(columns: list[list[float]]) -> TrainingRows:
    matrix = np.array(columns).T
    place = np.arange(len(matrix), dtype=np.int64)
    nothing = np.zeros(len(matrix))
    names = tuple(f"f{column}" for column in range(len(columns)))
    return TrainingRows(matrix, names, (), nothing > 0, nothing, place * 7, place, nothing, place)


def plain(column: list[float]) -> tuple[str, ...]:
    return tuple(str(number + 0.0) for number in column)


@given(COLUMNS, st.integers(0, 5))
def test_idle_columns_are_those_of_a_plain_loop(columns: list[list[float]], cut: int) -> None:
    """A column that is constant, or repeats an earlier one, is idle, in however many parts it is seen."""
    rows = rows_of(columns)
    parts = [
        part for part in (rows[np.arange(min(cut, len(rows)))], rows[np.arange(cut, len(rows))]) if len(part)
    ]
    expected: dict[str, str | None] = {}
    for name, column in zip(rows.names, columns, strict=True):
        if len(set(plain(column))) == 1:
            expected[name] = None
        else:
            alike = [n for n, c in zip(rows.names, columns, strict=True) if plain(c) == plain(column)]
            expected |= {} if alike[0] == name else {name: alike[0]}
    assert idle_columns(rows.names, map(Signature.of, parts)) == expected


@given(COLUMNS)
def test_a_signature_is_read_back_as_it_was(columns: list[list[float]]) -> None:
    """JSON brings back a signature, and with it the same idle columns."""
    rows = rows_of(columns)
    again = Signature.from_json(json.loads(json.dumps(Signature.of(rows).to_json())))
    assert idle_columns(rows.names, [again]) == idle_columns(rows.names, [Signature.of(rows)])


def test_counts_that_differ_somewhere_are_told_apart() -> None:
    """Of a thousand columns of small whole numbers, alike in most rows, none is taken for another."""
    random = np.random.default_rng(7)
    counts = (random.random((2000, 1000)) < 0.02) * random.integers(1, 4, (2000, 1000))
    assert len(np.unique(counts, axis=1).T) == 1000
    rows = rows_of(counts.T.astype(float).tolist())
    assert idle_columns(rows.names, [Signature.of(rows)]) == {}


def test_without_rows_nothing_is_idle() -> None:
    """Of no rows at all nothing can be said."""
    assert idle_columns(("a", "b"), []) == {}
