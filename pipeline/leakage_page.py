"""The leakage audit as one page that both teams can read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

TEMPLATES: Final = Path(__file__).resolve().parent / "report"

_ORDER: Final = ("period", "column", "activity_type")
_CALLED: Final = {"column": "column", "activity_type": "activity type", "period": "period"}
_VERDICTS: Final = {
    "left_out": "left out",
    "vouched": "vouched for",
    "not_used": "not used",
    "clear": "clear",
}


def leakage_page(found: Mapping[str, Any]) -> str:
    """Return the page for what the audit wrote down: one file, nothing fetched from anywhere."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    examined = sorted(found["examined"], key=lambda one: (_ORDER.index(one["what"]), one["name"]))
    left_out = [one for one in examined if one["verdict"] == "left_out"]
    return environment.get_template("leakage.html.j2").render(
        found=found,
        called=_CALLED,
        verdicts=_VERDICTS,
        left_out=left_out,
        counts={what: sum(one["what"] == what for one in left_out) for what in _ORDER},
        kept=[one for one in examined if one["verdict"] == "vouched" and one["suspect"]],
        unused=[one for one in examined if one["verdict"] == "not_used" and one["suspect"]],
        columns=[one for one in examined if one["what"] == "column"],
        types=[one for one in examined if one["what"] == "activity_type"],
    )
