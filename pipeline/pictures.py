"""Curves and bars as pictures, drawn by Vega-Altair; no browser and no network is needed."""

from __future__ import annotations

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


def draw_curves(folder: Path) -> None:
    """Draw each curve's CSV in the folder as an SVG beside it."""
    for name, axes in CURVES.items():
        frame = pd.read_csv(folder / f"{name}.csv")
        frame["Scorer"] = frame["scorer"].map(NAMES)
        _save(_curve(name, frame, axes), folder / f"{name}.svg")


def draw_importance(folder: Path) -> None:
    """Draw importance.csv in the folder as bars, coloured by family."""
    import altair as alt

    frame = pd.read_csv(folder / "importance.csv").head(MOST_BARS)
    frame["points"] = frame["effect"] * 100
    bars = (
        alt.Chart(frame)
        .mark_bar(cornerRadiusEnd=2)
        .encode(
            x=alt.X("points:Q", title="Mean effect on the probability (percentage points)"),
            y=alt.Y("sentence:N", sort=None, title=None, axis=alt.Axis(labelLimit=480)),
            color=alt.Color("family:N", scale=alt.Scale(scheme="tableau10"), legend=_below()),
        )
        # Browsers may have a wider font than the one that the labels were measured with.
        .properties(width=360, height=alt.Step(18), padding={"left": 70, "top": 5, "right": 5, "bottom": 5})
    )
    _save(bars, folder / "importance.svg")


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


def _below() -> alt.Legend:
    import altair as alt

    return alt.Legend(orient="bottom", title=None, columns=5, symbolType="circle")


def _save(chart: alt.LayerChart | alt.FacetChart | alt.Chart, path: Path) -> None:
    import vl_convert

    styled = chart.configure(font="Helvetica, Arial, sans-serif").configure_view(strokeOpacity=0)
    path.write_text(vl_convert.vegalite_to_svg(styled.to_json()), encoding="utf-8")
