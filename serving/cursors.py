"""Where a page of a long list ended, so that the next one begins there."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic_core import from_json, to_json

from data_checks.moments import moment_of, utc
from serving.problems import WRONG_QUERY, Fault, Problem

_ID: Final = re.compile(r"[\x21-\x7e]{1,36}")
_LATEST: Final = 1 << 52
"""Microseconds: a moment in 2112, well inside of what a database takes."""


@dataclass(frozen=True)
class Place:
    """A row's place in a list that is ordered by a moment, then by id; no moment comes last."""

    moment: datetime | None
    identifier: str

    def cursor(self) -> str:
        """Return the place as a text that is no business of the client's.

        >>> place_of(Place(None, "a").cursor())
        Place(moment=None, identifier='a')
        """
        moment = None if self.moment is None else moment_of(self.moment)
        return base64.urlsafe_b64encode(to_json([moment, self.identifier])).decode().rstrip("=")


def place_of(cursor: str) -> Place:
    """Return the place that a cursor names.

    Raises:
        Problem: 422 when it is no cursor of Baton's.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        moment, identifier = from_json(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError):
        raise _no_cursor() from None
    is_moment = moment is None or (type(moment) is int and 0 <= moment < _LATEST)
    if not is_moment or not isinstance(identifier, str) or not _ID.fullmatch(identifier):
        raise _no_cursor()
    return Place(None if moment is None else utc(moment), identifier)


def _no_cursor() -> Problem:
    message = "it is the next_cursor of the page before, as it was; leave it out to begin anew"
    return Problem(WRONG_QUERY, f"cursor: {message}.", [Fault("cursor", message)])
