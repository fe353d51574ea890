import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from features.account_book import NO_ACCOUNTS, AccountBook
from features.moments import NEVER
from features.text_column import from_texts

ACCOUNT = st.sampled_from([None, "A", " a", "B", "n/a"])
MOMENT = st.integers(0, 4)
LEADS = st.lists(st.tuples(ACCOUNT, MOMENT, st.one_of(MOMENT, st.just(NEVER))), max_size=12)


def book_of(leads) -> AccountBook:
    account, created, reached = zip(*leads, strict=True) if leads else ((), (), ())
    return AccountBook.of(from_texts(account), np.array(created, np.int64), np.array(reached, np.int64))


def same(left: str | None, right: str | None) -> bool:
    return left is not None and right is not None and left.strip().casefold() == right.strip().casefold()


@given(LEADS, ACCOUNT, MOMENT, st.integers(-1, 6))
def test_colleagues_are_those_of_a_plain_loop(leads, account, created: int, as_of: int) -> None:
    """Other leads of the account that came by the moment count, and those of them that had converted."""
    book, mine = book_of(leads), (from_texts([account]), np.array([created]), np.array([as_of]))
    others = [row for row in leads if same(row[0], account) and row[1] <= as_of and row[1] != created]
    reached = [row for row in leads if same(row[0], account) and row[1] != created and row[2] <= as_of]
    expected = [np.nan] * 2 if account in (None, "n/a") else [len(others), len(reached)]
    np.testing.assert_equal([book.others(*mine)[0], book.conversions(*mine)[0]], expected)


@given(LEADS, LEADS, st.randoms(use_true_random=False))
def test_books_of_some_leads_each_make_the_book_of_all(some, others, random) -> None:
    """However leads are cut, and in whatever order they are told, the book is the same."""
    every = random.sample([*some, *others], len(some) + len(others))
    together = AccountBook.merged([book_of(some), book_of(others)])
    assert together.to_json() == book_of(every).to_json()


@given(LEADS)
def test_a_book_is_read_back_as_it_was(leads) -> None:
    """JSON brings back every lead of the book."""
    told = json.loads(json.dumps(book_of(leads).to_json()))
    assert AccountBook.from_json(told).to_json() == book_of(leads).to_json()


def test_an_empty_book_knows_nobody() -> None:
    """In a book without leads an account has no others, and a missing one is missing."""
    asked = (from_texts(["A", None]), np.zeros(2, np.int64), np.zeros(2, np.int64))
    np.testing.assert_equal(NO_ACCOUNTS.others(*asked), [0.0, np.nan])
    np.testing.assert_equal(NO_ACCOUNTS.conversions(*asked), [0.0, np.nan])


def test_the_book_does_not_hold_the_ids() -> None:
    """An account is a number in the book: what a company calls it cannot be read from there."""
    assert "Helbulogic" not in json.dumps(book_of([("Helbulogic", 0, NEVER)]).to_json())
