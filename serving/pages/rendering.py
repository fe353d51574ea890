"""Templates into pages."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER: Final = Path(__file__).parent


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment
    environment.filters["count"] = "{:,}".format
    return environment


def render(name: str, **values: object) -> str:
    """Return the page that a template makes of the values; every value is escaped."""
    return _environment().get_template(name).render(values)


def moment(value: datetime) -> str:
    """Return a moment for people.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 3, 14, 5, tzinfo=UTC))
    '3 Nov 2026, 14:05 UTC'
    """
    return f"{value.day} {value:%b %Y, %H:%M} UTC"
