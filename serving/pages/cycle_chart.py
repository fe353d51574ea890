"""The conversion points of a month as a picture: the share that goes on, beside the month before."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from data_checks.stages import STAGE_MEANINGS
from serving.figures.cycle import Point
from serving.figures.months import Month
from serving.pages.charts import INK, MAIN, PALE, draw
from serving.pages.writing import percent


def cycle_chart(points: Sequence[Point], former: Sequence[Point], month: Month) -> Markup:
    """Return each point's 30-day rate with its interval, this month and the one before."""
    import altair as alt

    names = [month.name, month.before.name]
    values = [
        _value(point, name) for name, told in zip(names, (points, former), strict=True) for point in told
    ]
    shown = [value for value in values if value["rate"] is not None]
    base = alt.Chart(alt.InlineData(values=shown)).encode(
        y=alt.Y("step:N", sort=[_step(point) for point in points], title=None),
        yOffset=alt.YOffset("month:N", sort=names),
        x=alt.X(
            "rate:Q",
            title="Goes on within 30 days",
            axis=alt.Axis(format="%", tickCount=5),
            scale=alt.Scale(domain=[0, 1]),
        ),
        description="told:N",
    )
    colour = alt.Color("month:N", scale=alt.Scale(domain=names, range=[MAIN, PALE]))
    bars = base.mark_bar(height={"band": 0.8}).encode(color=colour)
    whiskers = base.mark_rule(color=INK).encode(x="low:Q", x2="high:Q")
    label = "; ".join(str(value["told"]) for value in shown) or "No lead has moved."
    return draw(alt.layer(bars, whiskers).properties(width=430, height=alt.Step(20)), label)


def _value(point: Point, month: str) -> dict[str, object]:
    rate = point.rate
    told = f"{_step(point)}, {month}: "
    if rate.value is None or rate.low is None or rate.high is None:
        return {"rate": None}
    told += f"{percent(rate.value)} of {rate.of:,} leads ({percent(rate.low)} to {percent(rate.high)})"
    return {
        "step": _step(point),
        "month": month,
        "rate": rate.value,
        "low": rate.low,
        "high": rate.high,
        "told": told,
    }


def _step(point: Point) -> str:
    return STAGE_MEANINGS[point.to]
