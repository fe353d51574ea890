"""Shares or figures one below the other, each with its interval: the picture that most pages need."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from markupsafe import Markup

from serving.figures.rates import Estimate, Rate
from serving.pages.charts import INK, MAIN, OTHER, QUIET, draw
from serving.pages.writing import percent

if TYPE_CHECKING:
    import altair as alt

NAMES_WIDE: Final = 190
WIDE: Final = 350
LETTERS: Final = 30


@dataclass(frozen=True)
class Mark:
    """A figure under its name, and what it tells; ``other`` is held against it, ``panel`` is its heading."""

    name: str
    value: float
    low: float
    high: float
    told: str
    other: float | None = None
    panel: str = ""


@dataclass(frozen=True)
class Axis:
    """What is measured, as a share or as points of probability; ``line`` is a figure across all rows."""

    title: str
    unit: Literal["share", "points"] = "share"
    line: float | None = None
    line_told: str = ""


def mark_of(
    name: str,
    one: Rate | Estimate,
    other: float | None = None,
    panel: str = "",
    written: Callable[[float], str] = percent,
) -> Mark | None:
    """Return a figure as a mark that tells its count and interval; None if there is nothing to show."""
    if isinstance(one, Rate):
        ends: tuple[float | None, float | None] = one.interval
        value = one.share
    else:
        ends, value = (one.low, one.high), one.value
    if value is None:
        return None
    low, high = (value if end is None else end for end in ends)
    beside = "" if other is None else f", against {written(other)}"
    told = f"{f'{panel}, ' if panel else ''}{name}: {written(value)} of {one.of:,} leads"
    return Mark(name, value, low, high, f"{told} ({written(low)} to {written(high)}){beside}", other, panel)


@lru_cache(maxsize=256)
def row_chart(marks: tuple[Mark, ...], axis: Axis, kind: Literal["bars", "points"] = "bars") -> Markup:
    """Return the figures as bars or points with their intervals; marks of a panel stand below its heading.

    Where marks have another figure to be held against, it is a small upright line beside them.
    """
    import altair as alt

    scale = 100.0 if axis.unit == "points" else 1.0
    lines = _lines(mark.name for mark in marks)
    names = list(lines.values())
    values = [_value(mark, scale) | {"name": lines[mark.name]} for mark in marks]
    base = alt.Chart(alt.InlineData(values=values)).encode(y=_names(names), description="told:N")
    x = alt.X("value:Q", title=axis.title, axis=alt.Axis(format="%" if scale == 1 else "~g", tickCount=5))
    whiskers = base.mark_rule(color=INK if kind == "bars" else QUIET).encode(
        x=alt.X("low:Q", title=axis.title), x2="high:Q"
    )
    main = base.mark_bar(height={"band": 0.66}) if kind == "bars" else base.mark_point(color=MAIN)
    layers = [main.encode(x=x), whiskers] if kind == "bars" else [whiskers, main.encode(x=x)]
    if any(mark.other is not None for mark in marks):
        tick = base.mark_tick(color=OTHER, thickness=3, size=16, orient="vertical")
        layers.append(tick.encode(x=alt.X("other:Q", title=axis.title)))
    if axis.line is not None:
        across = alt.Chart(alt.InlineData(values=[{"line": axis.line * scale, "told": axis.line_told}]))
        layers.append(
            across.mark_rule(color=QUIET, strokeDash=[4, 3]).encode(
                x=alt.X("line:Q", title=axis.title), description="told:N"
            )
        )
    tall = 32 if any("\n" in name for name in names) else 24
    picture = alt.layer(*layers).properties(width=WIDE, height=alt.Step(tall if kind == "bars" else tall - 5))
    label = "; ".join([mark.told for mark in marks] + ([axis.line_told] if axis.line_told else []))
    whole = _in_panels(picture, list(dict.fromkeys(mark.panel for mark in marks)))
    # Browsers have wider letters than what draws the picture counts with.
    return draw(whole.properties(padding={"left": 26, "right": 12, "top": 4, "bottom": 4}), label)


def _in_panels(picture: Any, panels: list[str]) -> Any:  # noqa: ANN401 - Altair's charts have no common type
    import altair as alt

    if panels in ([], [""]):
        return picture
    header = alt.Header(title=None, labelColor=INK, labelFontSize=13, labelAnchor="start", labelOrient="top")
    return picture.facet(row=alt.Row("panel:N", sort=panels, header=header), spacing=14)


def _names(names: list[str]) -> alt.Y:
    import altair as alt

    shown = alt.Axis(
        minExtent=NAMES_WIDE,
        labelLimit=NAMES_WIDE + 20,
        labelExpr="split(datum.label, '\\n')",
        labelLineHeight=13,
    )
    return alt.Y("name:N", sort=names, title=None, axis=shown)


def _lines(names: Iterable[str]) -> dict[str, str]:
    """Return each name in two lines at most; names that begin alike stay apart."""
    found: dict[str, str] = {}
    for name in names:
        short = "\n".join(textwrap.wrap(name, LETTERS, max_lines=2, placeholder="…")) or name
        while name not in found and short in found.values():
            short += "\N{ZERO WIDTH SPACE}"
        found.setdefault(name, short)
    return found


def _value(mark: Mark, scale: float) -> dict[str, Any]:
    told = asdict(mark)
    figures = ("value", "low", "high", "other")
    return {**told, **{name: None if told[name] is None else told[name] * scale for name in figures}}
