"""Templates into pages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from data_checks.reading import parse_time
from serving.pages.writing import moment, percent, written

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
    environment.filters["percent"] = percent
    environment.filters["points"] = points
    environment.filters["in_a_hundred"] = in_a_hundred
    environment.filters["written"] = written
    environment.filters["day"] = lambda value: written(value, "day")
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


def in_a_hundred(share: float) -> str:
    """Return a share as a count.

    >>> in_a_hundred(0.231), in_a_hundred(0.003)
    ('23 in 100', '3 in 1,000')
    """
    return f"{share * 100:.0f} in 100" if share >= 0.01 or share <= 0 else f"{share * 1000:.0f} in 1,000"


def points(effect: float) -> str:
    """Return an effect on a probability in percentage points.

    >>> points(0.081), points(-0.004)
    ('+8 points', '-0.4 points')
    """
    found = abs(effect) * 100
    shown = f"{found:.0f}" if found >= 1 else f"{found:.1f}"
    return f"{'+' if effect > 0 else '-'}{shown} {'point' if shown == '1' else 'points'}"
