"""Texts on their way into a spreadsheet."""

import pandas as pd
import pytest
from hypothesis import given

from data_checks.reading import parse_number
from data_checks.spreadsheets import defuse, defused
from nasty_texts import texts


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1+cmd", "@SUM(A1)", " =1", "\t=1", "\r=1", "\uff1d1"])
def test_a_formula_becomes_a_text(formula):
    """Whatever a spreadsheet would run begins with an apostrophe."""
    assert defuse(formula) == f"'{formula}"


@given(texts)
def test_defusing_keeps_every_text_and_number(text):
    """Nothing but an apostrophe is added, and plain numbers stay numbers."""
    if text is not None:
        assert defuse(text).removeprefix("'") == text.removeprefix("'")
        assert parse_number(text) is None or defuse(text) == text


def test_a_frame_is_defused_whole():
    """Cells and column names alike; what is missing or a number stays."""
    frame = pd.DataFrame({"=name": ["=1", None, "Acme"], "size": [1, 2, 3]})
    safe = defused(frame)
    assert list(safe) == ["'=name", "size"]
    assert safe["'=name"].tolist()[0::2] == ["'=1", "Acme"]
    assert safe["'=name"].isna().tolist() == [False, True, False]
    assert safe["size"].tolist() == [1, 2, 3]
