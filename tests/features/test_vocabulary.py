import json

import pytest

from features.text_column import from_texts
from features.vocabulary import Vocabulary, common_labels


@pytest.mark.parametrize("text", ["Software", " software", "SOFT\u00adWARE", "\uff33oftware", "SaaS"])
def test_every_spelling_has_the_code_of_its_label(text: str) -> None:
    """Case, spaces, invisible and wide characters, and agreed further spellings lead to one code."""
    known = Vocabulary(("retail", "software"), {"saas": "software"})
    assert known.codes(from_texts([text])).tolist() == [1]


@pytest.mark.parametrize("text", ["Fishing", "soft ware", "0"])
def test_what_is_rare_or_unseen_is_other(text: str) -> None:
    """A text that is none of the labels has the code after the last one."""
    known = Vocabulary(("retail", "software"))
    assert known.codes(from_texts([text])).tolist() == [known.other] == [2]


@pytest.mark.parametrize("text", [None, "", " ", "N/A", "null"])
def test_what_says_nothing_is_missing(text: str | None) -> None:
    """A missing text, and a word that exports write for one, has the code -1 and never ``other``."""
    assert Vocabulary(("retail",)).codes(from_texts([text])).tolist() == [-1]


def test_rare_labels_are_counted_over_all_their_spellings() -> None:
    """A label is common if its spellings together are, and the agreed ones among them count as its own."""
    texts = from_texts(["Web", "web ", "Fair", "Internet", "", "", "n/a", "n/a"])
    assert common_labels(texts, at_least=2).labels == ("web",)
    assert common_labels(texts, at_least=3, spellings={"internet": "web"}).labels == ("web",)


def test_the_most_common_labels_are_kept_whatever_their_order() -> None:
    """Of too many labels the most common stay, of a tie the first by alphabet, in any order of the rows."""
    texts = ["c", "b", "a", "c", "d"]
    assert common_labels(from_texts(texts), 1, most=2).labels == ("a", "c")
    assert common_labels(from_texts(texts[::-1]), 1, most=2).labels == ("a", "c")


def test_a_vocabulary_is_read_back_as_it_was() -> None:
    """JSON brings back labels and further spellings."""
    known = Vocabulary(("retail", "software"), {"saas": "software"})
    assert Vocabulary.from_json(json.loads(json.dumps(known.to_json()))) == known
