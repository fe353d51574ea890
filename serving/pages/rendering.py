"""Templates into pages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from data_checks.reading import parse_time

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
    environment.filters["figure"] = figure
    environment.filters["code"] = code
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    environment.filters["count"] = "{:,}".format
    return environment


def render(name: str, **values: object) -> str:
    """Return the page that a template makes of the values; every value is escaped."""
    return _environment().get_template(name).render(values)


def code(text: str) -> Markup:
    """Return text with what stands between backticks set as code.

    >>> str(code("send `a<b`"))
    'send <code>a&lt;b</code>'
    """
    parts = enumerate(text.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(part) if odd % 2 else part for odd, part in parts)


def figure(value: object) -> str:
    """Return a number with thousands separated, a moment as people write it, anything else as it is.

    >>> figure(12000), figure("2026-11-03T14:05:00+00:00"), figure("none")
    ('12,000', '3 Nov 2026, 14:05 UTC', 'none')
    """
    if isinstance(value, int | float):
        return f"{value:,}"
    found = parse_time(str(value))
    return str(value) if found is None else moment(datetime.fromtimestamp(found / 1e6, UTC))


def moment(value: datetime) -> str:
    """Return a moment for people.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 3, 14, 5, tzinfo=UTC))
    '3 Nov 2026, 14:05 UTC'
    """
    return f"{value.day} {value:%b %Y, %H:%M} UTC"
