"""Questions to a view: each is answered once, and it is on record that it was asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Final, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])
Question = tuple[str, tuple[Hashable, ...]]
"""The name of a view's method and the arguments it was asked with."""

_UNANSWERED: Final = object()


class Asked:
    """Remembers every question asked of it with its answer, in the order of asking."""

    def __init__(self) -> None:
        self._answers: dict[Question, Any] = {}

    @property
    def asked(self) -> tuple[Question, ...]:
        """All questions so far."""
        return tuple(self._answers)


def question(answer: F) -> F:
    """Make a method a question. Its arguments are given by position, and can be hashed."""
    name = answer.__name__

    @wraps(answer)
    def ask(view: Asked, *given: Hashable) -> Any:  # noqa: ANN401 - it answers what the method does
        known = view._answers
        key = (name, given)
        found = known.get(key, _UNANSWERED)
        if found is _UNANSWERED:
            known[key] = found = answer(view, *given)
        return found

    ask.is_question = True  # type: ignore[attr-defined]
    return cast("F", ask)


def questions(kind: type[Asked]) -> frozenset[str]:
    """Return the names of all questions that can be asked."""
    return frozenset(name for name, method in vars(kind).items() if getattr(method, "is_question", False))
