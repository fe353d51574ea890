"""The card's drawings, by Vega-Altair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from models.calibration_bands import Band
from pipeline.cut_off_picture import OWN
from pipeline.pictures import svg_of


def draw_bands(bands: Sequence[Band], target: str) -> str:
    """Return what was said beside what came true, band by band, as SVG."""
    import altair as alt

    told = pd.DataFrame(
        {
            "band": [f"{100 * one.begin:g}-{100 * one.end:g} %" for one in bands],
            "said": [one.said for one in bands],
            "rate": [one.rate.value for one in bands],
            "low": [one.rate.low for one in bands],
            "high": [one.rate.high for one in bands],
        }
    )
    across = alt.X("band:N", sort=None, title="Probability given", axis=alt.Axis(labelAngle=-40))
    up = alt.Y("rate:Q", title=f"Reached {target}", axis=alt.Axis(format="%", tickCount=5))
    base = alt.Chart(told).encode(x=across)
    bars = base.mark_bar(color=OWN, opacity=0.35, width={"band": 0.7}).encode(y=up)
    whiskers = base.mark_rule(color=OWN, strokeWidth=2).encode(y="low:Q", y2="high:Q")
    dots = base.mark_point(color="#1b1b1e", filled=True, size=45, opacity=1).encode(y="said:Q")
    return svg_of(alt.layer(bars, whiskers, dots).properties(width=520, height=200))


def draw_staleness(points: Sequence[Mapping[str, Any]]) -> str:
    """Return the loss against the model's age as SVG."""
    import altair as alt

    told = pd.DataFrame(points)
    base = alt.Chart(told).encode(
        x=alt.X("months:Q", title="Months since the last training", axis=alt.Axis(tickMinStep=1))
    )
    band = base.mark_area(color=OWN, opacity=0.15).encode(y="low:Q", y2="high:Q")
    line = base.mark_line(color=OWN, strokeWidth=2, point={"color": OWN}).encode(
        y=alt.Y("more_loss:Q", title="More log-loss")
    )
    level = alt.Chart(pd.DataFrame({"y": [0]})).mark_rule(color="#9a9a9a", strokeDash=[4, 4]).encode(y="y:Q")
    return svg_of(alt.layer(band, level, line).properties(width=520, height=200))
