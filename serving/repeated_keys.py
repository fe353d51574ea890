"""JSON objects that say a key twice: RFC 8259 leaves open which one counts, so none does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from serving.fault_path import fault_path


class _RepeatedError(Exception):
    pass


def _refuse(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedError
    return found


# Numbers are not read here: only the keys count.
_FAST = json.JSONDecoder(object_pairs_hook=_refuse, parse_int=len, parse_float=len)
_SLOW = json.JSONDecoder(object_pairs_hook=lambda pairs: pairs, parse_int=len, parse_float=len)


def repeated_key(text: str, names: int | None = None) -> str | None:
    """Return the path of the first key that its object repeats, or None.

    ``text`` must be valid JSON. The path is looked for only once a repetition is certain. ``names`` is how
    many different keys its objects have, if that is known: a text that cannot hold more repeats none, and
    need not be read again.

    >>> repeated_key('{"leads": [{"lead_id": "a", "lead_id": "b"}]}')
    'leads[0].lead_id'
    """
    if names is not None and _most_names(text) <= names:
        return None
    try:
        _FAST.decode(text)
    except _RepeatedError:
        return next(_repetitions(_SLOW.decode(text), ()))
    return None


def _most_names(text: str) -> int:
    # Before the colon of a key stands its closing quote or white space; the same may stand inside a text.
    return sum([text.count(f"{before}:") for before in '" \t\n\r'])


def _repetitions(value: object, path: tuple[str | int, ...]) -> Iterator[str]:
    # An object is a list of tuples here, a JSON list never is one.
    if not isinstance(value, list):
        return
    seen: set[str] = set()
    for position, item in enumerate(value):
        if not isinstance(item, tuple):
            yield from _repetitions(item, (*path, position))
            continue
        key, inner = item
        if key in seen:
            yield fault_path((*path, key))
        seen.add(key)
        yield from _repetitions(inner, (*path, key))
