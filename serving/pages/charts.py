"""Pictures of the pages: Vega-Lite drawn to SVG by the service itself, so that a page needs no script."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

from serving.pages.drawing import Drawing

if TYPE_CHECKING:
    import altair as alt

INK: Final = "#1a2423"
QUIET: Final = "#55625f"
LINE: Final = "#dfe3e3"
MAIN: Final = "#0f766e"
OTHER: Final = "#b7791f"
PALE: Final = "#9dc9c5"
BAD: Final = "#9a3412"
"""Colours by what they are for. The style sheet maps each to one that is seen on a dark ground too."""

_FONT: Final = "system-ui, sans-serif"
_THEME: Final[dict[str, Any]] = {
    "background": None,
    "font": _FONT,
    "view": {"stroke": None},
    # Browsers may have a wider font than the one that labels were measured with.
    "padding": {"left": 28, "top": 5, "right": 28, "bottom": 5},
    "axis": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
    },
    "legend": {
        "labelColor": QUIET,
        "titleColor": QUIET,
        "labelFontSize": 12,
        "title": None,
        "orient": "top",
        "columnPadding": 28,
    },
    "text": {"color": INK, "fontSize": 12},
    "bar": {"color": MAIN, "cornerRadiusEnd": 2},
    "line": {"color": MAIN, "strokeWidth": 2.5},
    "point": {"color": MAIN, "filled": True, "size": 50},
    "rule": {"color": INK},
}
_LABELLED: Final = re.compile(r'<(path|text|line|rect|circle)\b([^>]*?)\saria-label="([^"]*)"([^>]*?)/>')
_SIZE: Final = re.compile(r'<svg([^>]*?) width="([\d.]+)" height="([\d.]+)"')


def draw(chart: alt.LayerChart | alt.Chart | alt.FacetChart | alt.HConcatChart, label: str) -> Markup:
    """Return a chart as a picture inside a page. ``label`` says for those who cannot see it what it shows.

    A mark that has a ``description`` shows it to whoever points at it.
    """
    spec = chart.to_dict()
    spec["config"] = {**_THEME, **spec.get("config", {}), "view": {"stroke": None}}
    svg = _svg(json.dumps(spec, sort_keys=True, default=str))
    # It can be reached by keyboard: where the screen is narrow, a picture scrolls.
    place = Markup('<div class="chart" role="img" aria-label="{}" tabindex="0">{}</div>')
    return place.format(label, Markup(svg))  # noqa: S704


@lru_cache(maxsize=1)
def _drawing() -> Drawing:
    return Drawing()


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    # Vega escapes what leads hold, so the titles that are made of its labels are escaped too.
    drawn = _LABELLED.sub(_with_title, _drawing().svg(spec))
    drawn = _SIZE.sub(_fluid, drawn, count=1)
    return drawn.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)


def _with_title(found: re.Match[str]) -> str:
    name, before, label, after = found.groups()
    return f"<{name}{before}{after}><title>{label}</title></{name}>"


def _fluid(found: re.Match[str]) -> str:
    attributes, width, _height = found.groups()
    # As wide as its place, and no wider than it was drawn.
    return f'<svg{attributes} width="100%" data-width="{escape(width)}"'
