"""Pictures of what was said of leads beside what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from serving.figures.foretold import Given, Kind
from serving.figures.rates import Estimate, Rate
from serving.figures.second_chances import UNGRADED
from serving.pages.charts import MAIN, QUIET, draw
from serving.pages.row_chart import Axis, Mark, mark_of, row_chart


def calibration_chart(given: Sequence[Given], target: str) -> Markup | None:
    """Return for each band what was said on average, and the share that came; true ones lie on the line."""
    marks = tuple(
        (one.said, mark) for one in given if (mark := mark_of(f"given {one.words}", one.came, other=one.said))
    )
    return _against(marks, target) if marks else None


@lru_cache(maxsize=64)
def _against(marks: tuple[tuple[float, Mark], ...], target: str) -> Markup:
    import altair as alt

    values: list[dict[str, Any]] = [
        {"said": said, "came": one.value, "low": one.low, "high": one.high, "told": one.told}
        for said, one in marks
    ]
    most = max(max(said, one.high) for said, one in marks)
    scale = alt.Scale(domain=[0, most], nice=True)
    x = alt.X("said:Q", title="We said, on average", axis=alt.Axis(format="%", tickCount=5), scale=scale)
    y = alt.Y("came:Q", title=f"Became {target}", axis=alt.Axis(format="%", tickCount=5), scale=scale)
    base = alt.Chart(alt.InlineData(values=values)).encode(x=x, description="told:N")
    ends = alt.InlineData(values=[{"said": end, "came": end} for end in (0.0, most)])
    truth = alt.Chart(ends).mark_line(color=QUIET, strokeDash=[4, 3], strokeWidth=1.5).encode(x=x, y=y)
    whiskers = base.mark_rule(color=MAIN, strokeWidth=1.5).encode(y=alt.Y("low:Q", scale=scale), y2="high:Q")
    picture = alt.layer(truth, whiskers, base.mark_point(color=MAIN, size=80).encode(y=y))
    label = "; ".join(str(value["told"]) for value in values)
    return draw(
        picture.properties(width=470, height=300, padding={"left": 14, "right": 12, "top": 8, "bottom": 8}),
        label,
    )


def months_chart(months: Sequence[Mapping[str, Any]], target: str) -> Markup | None:
    """Return for each month of the back-test the share that came, and beside it the one that was expected."""
    marks = tuple(
        mark
        for month in months
        if (mark := mark_of(month["name"], _came(month), other=month["expected_rate"]))
    )
    return row_chart(marks, Axis(f"Became {target}"), "points") if marks else None


def kinds_chart(kinds: Sequence[Kind], target: str) -> Markup | None:
    """Return for each kind of leads the share that came, and beside it the one that was expected."""
    marks = tuple(mark for one in kinds if (mark := mark_of(one.name, one.came, other=one.said)))
    return row_chart(marks, Axis(f"Became {target}"), "points") if marks else None


def called_chart(named: Sequence[tuple[str, Rate, Rate]], target: str) -> Markup | None:
    """Return for each grade the share that came of those called and of those not called."""
    marks = tuple(
        mark
        for grade, called, rest in named
        for name, one in (("called", called), ("never called", rest))
        if (mark := mark_of(name, one, panel="Not graded" if grade == UNGRADED else f"Grade {grade}"))
    )
    return row_chart(marks, Axis(f"Became {target}"), "points") if marks else None


def _came(month: Mapping[str, Any]) -> Estimate:
    rate = month["observed_rate"]
    if rate is None:
        return Estimate(None, None, None, 0)
    return Estimate(rate["value"], rate["low"], rate["high"], month["leads"])
