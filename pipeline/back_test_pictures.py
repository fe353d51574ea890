"""The past month by month, and how models grow stale, as pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipeline.cut_off_picture import OWN
from pipeline.pictures import svg_of

CAME: Final = "#1b1b1e"


def draw_back_test(record: Mapping[str, Any], folder: Path) -> None:
    """Draw months.svg and staleness.svg into the folder, each where there is something to draw."""
    if record["months"]:
        (folder / "months.svg").write_text(draw_months(record), encoding="utf-8")
    if record["staleness"]:
        (folder / "staleness.svg").write_text(draw_staleness(record), encoding="utf-8")


def draw_months(record: Mapping[str, Any]) -> str:
    """Return the rate that was expected of each period, and the one that came with its interval, as SVG."""
    import altair as alt

    months = pd.DataFrame(
        [
            {"name": one["name"], **one["observed_rate"], "expected": one["expected_rate"]}
            for one in record["months"]
        ]
    )
    said, came = "Expected by the model of that time", "Came true (95 % interval)"
    x = alt.X("name:O", title=None, axis=alt.Axis(labelAngle=-45))
    rate = alt.Axis(format="%", tickCount=5)
    colour = alt.Color(
        "told:N",
        scale=alt.Scale(domain=[said, came], range=[OWN, CAME]),
        legend=alt.Legend(orient="bottom", title=None, columns=1, symbolType="circle"),
    )
    base = alt.Chart(months).encode(x=x)
    line = base.transform_calculate(told=f"'{said}'").mark_line(strokeWidth=2, point=True)
    expected = line.encode(y=alt.Y("expected:Q", title="Share that converts", axis=rate), color=colour)
    whiskers = base.mark_rule(color=CAME).encode(y="low:Q", y2="high:Q")
    points = base.transform_calculate(told=f"'{came}'").mark_point(filled=True, size=50, opacity=1)
    layers = alt.layer(expected, whiskers, points.encode(y="value:Q", color=colour))
    return svg_of(layers.properties(width=360, height=220))


def draw_staleness(record: Mapping[str, Any]) -> str:
    """Return how much more a model loses than a fresh one, by its age, as SVG."""
    import altair as alt

    fresh = {"periods": 0, "more_loss": 0.0, "low": 0.0, "high": 0.0}
    ages = pd.DataFrame([fresh, *record["staleness"]])
    title = f"Age of the model in {record['kind']}s"
    base = alt.Chart(ages).encode(
        x=alt.X("periods:Q", title=title, axis=alt.Axis(tickMinStep=1, format="d", grid=False))
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#9a9a9a", strokeDash=[4, 4])
    band = base.mark_area(color=OWN, opacity=0.15).encode(y="low:Q", y2="high:Q")
    line = base.mark_line(color=OWN, strokeWidth=2, point={"color": OWN}).encode(
        y=alt.Y("more_loss:Q", title="Log-loss above a fresh model's", axis=alt.Axis(tickCount=5))
    )
    return svg_of(alt.layer(zero.encode(y="zero:Q"), band, line).properties(width=360, height=220))
