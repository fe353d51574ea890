"""What features are called: in columns, as plain snake_case, and in sentences, as marketing says it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

_OF_COLUMN: Final = {"activity_type": "", "direction": "direction_", "type_and_direction": ""}


def column_name(template: str, case: Mapping[str, Any]) -> str:
    """Return the template with the case's values put into it, as a column is called.

    >>> column_name("{label}_count{window}", {"label": "Email Opened", "window": 7})
    'email_opened_count_7d'
    """
    return template.format(**{key: _in_name(key, value) for key, value in case.items()})


def sentence(template: str, case: Mapping[str, Any]) -> str:
    """Return the template with the case's values put into it, as people say it.

    >>> sentence("How many {label} activities {window}", {"label": "Email Opened", "window": 7})
    'How many Email Opened activities in the last 7 days'
    """
    told = template.format(**{key: _in_sentence(key, value) for key, value in case.items()})
    return told[:1].upper() + told[1:]


def snake(text: str) -> str:
    """Return the text as snake_case; what cannot be told apart so gets a short hash.

    >>> snake("Email Opened")
    'email_opened'
    """
    plain = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    faithful = plain.replace("_", " ") == re.sub(r"[\s_]+", " ", text.casefold()).strip()
    return (
        plain if plain and faithful else f"{plain}_{hashlib.sha256(text.encode()).hexdigest()[:4]}".strip("_")
    )


def words(field: str) -> str:
    """Return a column's name in words.

    >>> words("number_of_employees")
    'Number of employees'
    """
    return field.replace("_", " ").strip().capitalize()


def number(value: float) -> str:
    """Return a number as people write it.

    >>> number(50000.0), number(2.34567)
    ('50,000', '2.346')
    """
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.4g}"


def in_window(days: float | None) -> str:
    """Return the window in words.

    >>> in_window(7)
    'in the last 7 days'
    """
    if days is None:
        return "so far"
    return "in the last day" if days == 1 else f"in the last {number(days)} days"


def _in_name(key: str, value: Any) -> str:  # noqa: ANN401 - a case holds texts and numbers
    if key == "window":
        return "" if value is None else f"_{value:g}d".replace(".", "_")
    told = f"{value:g}".replace(".", "_") if isinstance(value, float) else snake(str(value))
    return _OF_COLUMN.get(value, told) if key == "column" else told


def _in_sentence(key: str, value: Any) -> str:  # noqa: ANN401 - a case holds texts and numbers
    if key == "window":
        return in_window(value)
    if isinstance(value, float):
        return number(value)
    return words(value).lower() if key == "field" else str(value)
