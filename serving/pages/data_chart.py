"""The share of flagged leads over time as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from serving.figures.data_findings import Share
from serving.pages.charts import INK, MAIN, draw
from serving.pages.row_chart import Mark, mark_of


def flags_chart(months: Sequence[Share]) -> Markup | None:
    """Return for each month the share of leads that have a flag; None without leads."""
    marks = tuple(mark for one in months if (mark := mark_of(one.name, one.flagged)))
    return _columns(marks) if marks else None


@lru_cache(maxsize=64)
def _columns(marks: tuple[Mark, ...]) -> Markup:
    import altair as alt

    values: list[dict[str, Any]] = [
        {"month": one.name, "share": one.value, "low": one.low, "high": one.high, "told": one.told}
        for one in marks
    ]
    x = alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True))
    base = alt.Chart(alt.InlineData(values=values)).encode(x=x, description="told:N")
    y = alt.Y("share:Q", title="Leads with a flag", axis=alt.Axis(format="%", tickCount=4))
    bars = base.mark_bar(color=MAIN).encode(y=y)
    whiskers = base.mark_rule(color=INK).encode(y=alt.Y("low:Q", title="Leads with a flag"), y2="high:Q")
    picture = alt.layer(bars, whiskers).properties(
        width=500, height=180, padding={"left": 14, "right": 8, "top": 6, "bottom": 8}
    )
    return draw(picture, "; ".join(one.told for one in marks))
