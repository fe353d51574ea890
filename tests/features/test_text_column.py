import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_world import ASSETS
from data_checks.folding import fold, is_missing
from data_checks.reading import parse_number
from features.text_column import TextColumn, from_series, from_texts, stacked

TEXTS = st.lists(st.sampled_from(ASSETS) | st.none() | st.text(max_size=5), max_size=12)


def told(column: TextColumn) -> list[str | None]:
    return np.array([*column.labels, None], object)[column.codes].tolist()


@given(TEXTS)
def test_a_column_says_what_was_put_in(texts: list[str | None]) -> None:
    """Encoding loses nothing, whether the texts come from a frame or from a request."""
    assert told(from_texts(texts)) == texts
    assert told(from_series(pd.Series(texts, dtype="str"))) == texts


@given(TEXTS)
def test_spelling_variants_fold_into_one_label(texts: list[str | None]) -> None:
    """Folded, two texts have one code if and only if they fold alike, and an empty word is missing."""
    assert told(from_texts(texts).folded()) == [
        None if text is None or is_missing(text) else fold(text) for text in texts
    ]


@given(TEXTS, TEXTS)
def test_stacked_columns_share_their_labels(above: list[str | None], below: list[str | None]) -> None:
    """Columns put one below the other say what they said, and equal texts have equal codes."""
    both = stacked((from_texts(above), from_texts(below)))
    assert told(both) == above + below
    assert len(set(both.labels)) == len(both.labels)


@pytest.mark.parametrize("text", ["about 200", "nan", "inf", "1e309", "", "1,200"])
def test_what_is_no_number_is_missing(text: str) -> None:
    """A text that is not plainly a finite number is NaN, as is a missing one."""
    numbers = from_texts([text, None, "12"]).numbers(parse_number)
    np.testing.assert_equal(numbers, [np.nan, np.nan, 12.0])
