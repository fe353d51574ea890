"""Spellings that differ only in how they were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_checks.folding import fold, is_missing


@given(st.text())
def test_folding_twice_changes_nothing(text):
    """Folding is idempotent on every text."""
    assert fold(fold(text)) == fold(text)


def test_folding_any_single_character_twice_changes_nothing():
    """Not even one of the characters whose first folding uncovers a capital, such as U+1D2C."""
    characters = (chr(number) for number in range(0x20000) if not 0xD800 <= number < 0xE000)
    assert [char for char in characters if fold(fold(char)) != fold(char)] == []


@given(st.text())
def test_spaces_and_invisible_characters_do_not_tell_texts_apart(text):
    """However a text is spaced and stuffed with invisible characters, it folds to the same."""
    for typed in (f"  {text}\t", f"\u200b{text}\ufeff", text.replace(" ", " \u00a0 ")):
        assert fold(typed) == fold(text)


@given(st.text(alphabet="abcxyzäöüéñçδжа "))  # noqa: RUF001
def test_case_does_not_tell_texts_apart(text):
    """A text in capitals is the same text."""
    assert fold(text.upper()) == fold(text)


@pytest.mark.parametrize(
    "text", ["software", "SOFTWARE", " Software\u200b", "\uff33oft\uff57are", "soft\u00adware"]
)
def test_variants_of_typing_are_one_text(text):
    """Case, width, soft hyphens and stray spaces are evened out."""
    assert fold(text) == "software"


def test_letters_of_other_alphabets_stay_apart():
    """A Cyrillic letter is no Latin one, however alike they look."""
    assert fold("S\u043eftware") != fold("Software")


@given(st.text(max_size=20))
def test_missing_is_decided_by_what_a_text_says(text):
    """Whether a cell is missing does not depend on case or stray spaces."""
    assert is_missing(text) == is_missing(f" {fold(text)} ")
