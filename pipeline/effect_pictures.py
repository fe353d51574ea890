"""What goes with each value of a feature: drawn small, and as a table to take away."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from data_checks.spreadsheets import defused
from features.feature_set import FeatureSet
from models.effect_table import Band, EffectTable
from pipeline.pictures import svg_of

MOST_BANDS: Final = 8
"""A picture shows at most so many values, those of most leads; the table has them all."""

UP: Final = "#0b6e4f"
DOWN: Final = "#d17b0f"
COUNT: Final = "#9fb3c8"


def draw_bands(bands: Sequence[Band]) -> str:
    """Return a picture as SVG: for each value its effect with an interval, how many leads, and their rate."""
    import altair as alt

    frame = pd.DataFrame([_row(band) for band in _most(bands)])
    rows = alt.Y("value:N", sort=None, title=None, axis=alt.Axis(labelLimit=110, ticks=False, domain=False))
    left = alt.Chart(frame).encode(y=rows)
    signed = "datum.value == 0 ? '0' : format(datum.value, '+')"
    points = alt.Axis(labelExpr=signed, tickCount=4, gridColor="#ececec")
    bars = left.mark_bar(cornerRadiusEnd=2, height={"band": 0.62}).encode(
        x=alt.X("effect:Q", title="Effect (percentage points)", axis=points),
        color=alt.condition("datum.effect >= 0", alt.value(UP), alt.value(DOWN)),
    )
    whiskers = left.mark_rule(color="#1b1b1e").encode(x="low:Q", x2="high:Q")
    bare = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    right = alt.Chart(frame).encode(
        y=alt.Y("value:N", sort=None, title=None, axis=None),
        x=alt.X("leads:Q", title="Leads, and their rate", axis=bare),
    )
    counts = right.mark_bar(color=COUNT, height={"band": 0.62})
    told = right.mark_text(align="left", dx=3, fontSize=10, color="#5f6368").encode(text="told:N")
    step = alt.Step(19)
    both = alt.hconcat(
        (bars + whiskers).properties(width=120, height=step),
        (counts + told).properties(width=56, height=step),
        spacing=8,
        # The text beside the longest bar stands outside of its frame.
        padding={"left": 5, "top": 5, "right": 46, "bottom": 5},
    )
    return svg_of(both)


def write_effects(table: EffectTable, features: FeatureSet, path: Path) -> None:
    """Write the whole table as CSV, a row for each value of each feature."""
    rows = [
        {
            "feature": feature.name,
            "family": feature.family,
            "sentence": feature.sentence,
            **{name: getattr(band, name) for name in Band.__dataclass_fields__},
        }
        for feature, one in zip(features.features, table.features, strict=True)
        for band in one.bands
        if band.leads
    ]
    defused(pd.DataFrame(rows)).to_csv(path, index=False)


def _most(bands: Sequence[Band]) -> list[Band]:
    """Return the bands with most leads, in their own order."""
    told = [band for band in bands if band.rate is not None]
    kept = sorted(told, key=lambda band: -band.leads)[:MOST_BANDS]
    return [band for band in told if band in kept]


def _row(band: Band) -> dict[str, object]:
    return {
        "value": band.label,
        "effect": _points(band.effect),
        "low": _points(band.effect_low),
        "high": _points(band.effect_high),
        "leads": band.leads,
        "told": f"{band.leads:,}, few" if band.few else f"{band.leads:,}, {band.rate:.0%}",
    }


def _points(share: float | None) -> float | None:
    return None if share is None else share * 100
