"""How a lead's probability moved, as a picture, with its moves from stage to stage marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from serving.figures.lead_history import Event
from serving.figures.score_course import TELLERS, Point
from serving.pages.charts import LINE, MAIN, OTHER, PALE, QUIET, draw
from serving.pages.writing import moment, percent

_APART: Final = 0.04
"""A share of the width: words that stand closer would lie on one another."""


def course_chart(course: Sequence[Point], events: Sequence[Event]) -> Markup:
    """Return each probability at its moment, by who said it, and a line where the lead changed its stage."""
    import altair as alt

    top = min(1.0, max((one.probability for one in course), default=1.0) * 1.25 + 0.02)
    scale = alt.Scale(domain=[0, top])
    names = list(TELLERS.values())
    points = alt.Chart(alt.InlineData(values=[_value(one) for one in course])).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(format="%-d %b %y", labelOverlap=True, tickCount=5)),
        y=alt.Y("probability:Q", title="Probability", axis=alt.Axis(format="%"), scale=scale),
        color=alt.Color(
            "teller:N",
            scale=alt.Scale(domain=names, range=[PALE, MAIN, OTHER]),
            legend=alt.Legend(columnPadding=36),
        ),
        description="told:N",
    )
    moved = [*_stages(course, events)]
    marks = alt.Chart(alt.InlineData(values=moved))
    rules = marks.mark_rule(color=LINE, strokeWidth=1.5).encode(x="at:T", description="told:N")
    words = marks.mark_text(color=QUIET, fontSize=11, angle=270, align="right", dy=12).encode(
        x="at:T", y=alt.value(2), text="what:N"
    )
    layers = alt.layer(rules, words, points.mark_line(), points.mark_point())
    return draw(layers.properties(width=500, height=210), _label(course))


def _value(one: Point) -> dict[str, object]:
    told = f"{moment(one.at)}: {percent(one.probability)}, {TELLERS[one.teller].lower()}"
    said = {"at": one.at.isoformat(), "probability": one.probability, "teller": TELLERS[one.teller]}
    return said | {"told": f"{told} ({one.model})" if one.model else told}


def _stages(course: Sequence[Point], events: Sequence[Event]) -> Iterator[dict[str, object]]:
    """Give the moves from stage to stage; of some at nearly one moment the newest alone has a name."""
    moves = [one for one in events if one.kind == "stage"]
    moments = [*(one.at for one in course), *(one.at for one in moves)]
    apart = (max(moments) - min(moments)) * _APART
    last = None
    for one in moves:
        has_room = last is None or last - one.at > apart
        last = one.at if has_room else last
        word = one.what.split(": ", 1)[0][:24] if has_room else ""
        yield {"at": one.at.isoformat(), "what": word, "told": f"{moment(one.at)}: {one.what}"}


def _label(course: Sequence[Point]) -> str:
    told = (f"{one.at.day} {one.at:%b %Y}: {percent(one.probability)}" for one in course)
    return "Probability over time. " + "; ".join(told) if course else "Nothing was said of this lead yet."
