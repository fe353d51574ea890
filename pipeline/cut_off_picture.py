"""SQLs caught against leads handed off a week, with the agreed rule marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from pipeline.pictures import svg_of

OWN: Final = "#0b6e4f"
CHANCE: Final = "#9a9a9a"


def draw_cut_offs(table: Mapping[str, Any], target: str) -> str:
    """Return the picture of reports/cut_offs.json as SVG; where nobody is handed off nothing is marked.

    ``target`` is what a lead is called that reached the target.
    """
    import altair as alt

    curve = pd.DataFrame(table["curve"])
    base = alt.Chart(curve).encode(x=alt.X("per_week:Q", title="Leads handed off a week"))
    band = base.mark_area(color=OWN, opacity=0.15).encode(y="low:Q", y2="high:Q")
    line = base.mark_line(color=OWN, strokeWidth=2).encode(y=alt.Y("caught:Q", title=f"{target}s caught"))
    ends = alt.Chart(curve.iloc[[0, -1]]).encode(x="per_week:Q", y="caught:Q")
    chance = ends.mark_line(color=CHANCE, strokeDash=[4, 4])
    agreed = alt.Chart(_agreed(table)).encode(x="per_week:Q", y="caught:Q")
    point = agreed.mark_point(color=OWN, filled=True, size=110, opacity=1)
    told = agreed.mark_text(fontWeight="bold", **_beside(table)).encode(text="told:N")
    layers = alt.layer(band, chance, line, point, told)
    return svg_of(layers.properties(width=350, height=220))


def _beside(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return where the words stand: right below a point on the left, and left above one on the right."""
    marked = _agreed(table)["per_week"]
    if (marked > table["curve"][-1]["per_week"] / 2).any():
        return {"align": "right", "baseline": "bottom", "dx": -6, "dy": -6}
    return {"align": "left", "baseline": "top", "dx": 8, "dy": 7}


def _agreed(table: Mapping[str, Any]) -> pd.DataFrame:
    marked = [
        {
            "per_week": way["brings"]["per_week"]["value"],
            "caught": way["brings"]["caught"]["value"],
            "told": f"agreed: {way['brings']['per_week']['value']:,.0f} a week",
        }
        for way in table["ways"]
        if way["agreed"] and way["brings"]["handed"]
    ]
    return pd.DataFrame(marked, columns=["per_week", "caught", "told"])
