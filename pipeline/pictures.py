"""Curves and bars as pictures, drawn by Vega-Altair; no browser and no network is needed."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    import altair as alt

NAMES: Final = {
    "baton": "Baton",
    "best_possible": "Best possible",
    "logistic_regression": "Logistic regression",
    "count_rule": "Count rule",
    "base_rate": "Base rate",
}
COLOURS: Final = ["#0b6e4f", "#1b1b1e", "#3a7ca5", "#d17b0f", "#9a9a9a"]

CURVES: Final = {
    "gains": ("leads", "Best-ranked share of leads", "captured", "Share of conversions among them"),
    "roc": ("false_positive_rate", "False positive rate", "true_positive_rate", "True positive rate"),
    "precision_recall": ("recall", "Recall", "precision", "Precision"),
    "calibration": ("probability", "Probability given", "rate", "Rate that came true"),
}
MOST_BARS: Final = 20
LINE_BREAK: Final = "¶"
"""Parts the lines of a label."""


def draw_curves(folder: Path) -> None:
    """Draw each curve's CSV in the folder as an SVG beside it."""
    for name, axes in CURVES.items():
        frame = pd.read_csv(folder / f"{name}.csv")
        frame["Scorer"] = frame["scorer"].map(NAMES)
        _save(_curve(name, frame, axes), folder / f"{name}.svg")


def draw_importance(folder: Path) -> None:
    """Draw importance.csv and families.csv in the folder as bars with their intervals, coloured by family."""
    features = pd.read_csv(folder / "importance.csv").head(MOST_BARS)
    families = pd.read_csv(folder / "families.csv")
    known = sorted(families["family"])
    _save(_bars(features, "sentence", known), folder / "importance.svg")
    _save(_bars(families, "family", known), folder / "families.svg")


def _bars(frame: pd.DataFrame, named: str, families: list[str]) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    told = frame.assign(**{name: frame[name] * 100 for name in ("effect", "low", "high")})
    told["named"] = frame[named].map(_in_two_lines)
    # A label is placed by its first line: one of two lines is moved up by half a line.
    halved = {"condition": {"test": f"indexof(datum.label, '{LINE_BREAK}') > 0", "value": -6}, "value": 0}
    lines = alt.Axis(labelLimit=300, labelExpr=f"split(datum.label, '{LINE_BREAK}')", labelOffset=halved)
    scale = alt.Scale(domain=families, scheme="tableau10")
    base = alt.Chart(told).encode(y=alt.Y("named:N", sort=None, title=None, axis=lines))
    bars = base.mark_bar(cornerRadiusEnd=2, height={"band": 0.7}).encode(
        x=alt.X("effect:Q", title="Mean effect on the probability (percentage points)"),
        color=alt.Color("family:N", scale=scale, legend=None if named == "family" else _below(3)),
    )
    whiskers = base.mark_rule(color="#1b1b1e").encode(x="low:Q", x2="high:Q")
    # Browsers may have a wider font than the one that the labels were measured with.
    padding = {"left": 40, "top": 5, "right": 5, "bottom": 5}
    step = alt.Step(18 if named == "family" else 27)
    return alt.layer(bars, whiskers).properties(width=300, height=step, padding=padding)


def _in_two_lines(sentence: str) -> str:
    return LINE_BREAK.join(textwrap.wrap(sentence, 44, max_lines=2, placeholder=" …"))


def _curve(
    name: str, frame: pd.DataFrame, axes: tuple[str, str, str, str]
) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    x, x_title, y, y_title = axes
    present = [label for label in NAMES.values() if label in set(frame["Scorer"])]
    colours = [colour for label, colour in zip(NAMES.values(), COLOURS, strict=True) if label in present]
    scale = alt.Scale(domain=present, range=colours)
    base = alt.Chart(frame).encode(
        x=alt.X(f"{x}:Q", title=x_title, axis=alt.Axis(format="%", tickCount=5)),
        y=alt.Y(f"{y}:Q", title=y_title, axis=alt.Axis(format="%", tickCount=5)),
        color=alt.Color("Scorer:N", scale=scale, legend=_below()),
    )
    lines = base.mark_line(strokeWidth=2, point=name == "calibration")
    chance = alt.Chart(pd.DataFrame({x: [0, 1], y: [0, 1]})).mark_line(color="#cccccc", strokeDash=[4, 4])
    layers = [lines] if name == "precision_recall" else [chance.encode(x=f"{x}:Q", y=f"{y}:Q"), lines]
    return alt.layer(*layers).properties(width=360, height=260)


def _below(columns: int = 5) -> alt.Legend:
    import altair as alt

    return alt.Legend(orient="bottom", title=None, columns=columns, symbolType="circle")


def svg_of(chart: alt.LayerChart | alt.FacetChart | alt.Chart | alt.HConcatChart) -> str:
    """Return the chart as SVG, in the house's style."""
    import vl_convert

    styled = chart.configure(font="Helvetica, Arial, sans-serif").configure_view(strokeOpacity=0)
    return str(vl_convert.vegalite_to_svg(styled.to_json()))


def _save(chart: alt.LayerChart | alt.FacetChart | alt.Chart, path: Path) -> None:
    path.write_text(svg_of(chart), encoding="utf-8")
