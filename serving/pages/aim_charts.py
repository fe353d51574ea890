"""Where to aim as pictures: segments by size and rate, and what moving leads would bring."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import log10
from typing import Any

from markupsafe import Markup

from serving.figures.rates import Estimate
from serving.pages.charts import INK, MAIN, OTHER, PALE, QUIET, draw
from serving.pages.writing import percent, short, written

NAMED = 4
"""Segments on either end that are named in the picture, where there is room."""

HIGHER, LOWER, CHANCE = "higher than all", "lower than all", "may be chance"


@dataclass(frozen=True)
class Spot:
    """A segment in the picture; its interval holds for all of them at once."""

    name: str
    leads: int
    rate: Estimate


@dataclass(frozen=True)
class Bar:
    """A suggestion in the picture."""

    name: str
    gain: Estimate


@lru_cache(maxsize=64)
def segments_chart(spots: tuple[Spot, ...], overall: float, within: str) -> Markup:
    """Return the segments by their leads and their damped rates, beside the rate of all leads."""
    import altair as alt

    values = _named([_spot(spot, overall) for spot in spots if spot.rate.value is not None])
    groups = alt.Scale(domain=[HIGHER, LOWER, CHANCE], range=[MAIN, OTHER, PALE])
    # What is drawn is made here and not by those who ask, and to check it takes as long as to draw it.
    with alt.utils.schemapi.debug_mode(False):
        base = alt.Chart(alt.InlineData(values=values)).encode(
            x=alt.X(
                "leads:Q",
                title="Leads (logarithmic)",
                scale=alt.Scale(type="log", nice=False, domain=_room([spot.leads for spot in spots])),
                axis=alt.Axis(tickCount=4, format=",d", grid=False),
            ),
            color=alt.Color("group:N", scale=groups, legend=alt.Legend(labelLimit=0, columnPadding=30)),
            description="told:N",
        )
        whiskers = base.mark_rule(strokeWidth=1.5).encode(
            y=alt.Y("low:Q", title=within, axis=alt.Axis(format="%")), y2="high:Q"
        )
        points = base.mark_point(filled=True, size=70, opacity=1).encode(y="rate:Q")
        names = base.mark_text(align="left", dx=8, fontSize=12, limit=190).encode(
            y="rate:Q", text="name:N", color=alt.value(INK)
        )
        everyone = alt.Chart(alt.InlineData(values=[{"overall": overall}]))
        rule = everyone.mark_rule(color=QUIET, strokeDash=[4, 4]).encode(y="overall:Q")
        label = "; ".join(str(value["told"]) for value in values)
        return draw(alt.layer(rule, whiskers, points, names).properties(width=620, height=330), label)


@lru_cache(maxsize=64)
def moves_chart(bars: tuple[Bar, ...], target: str) -> Markup:
    """Return what each suggestion would bring a month, with its interval."""
    import altair as alt

    values = [_bar(bar) for bar in bars]
    # Browsers have wider letters than those that the room for names is measured by.
    widest = 7.2 * max((len(bar.name) for bar in bars), default=0)
    axis = alt.Axis(labelLimit=0, ticks=False, minExtent=widest, maxExtent=widest)
    with alt.utils.schemapi.debug_mode(False):
        base = alt.Chart(alt.InlineData(values=values)).encode(
            y=alt.Y("name:N", sort=None, title=None, axis=axis),
            description="told:N",
        )
        drawn = base.mark_bar(height={"band": 0.55}).encode(
            x=alt.X("gain:Q", title=f"More {target}s a month")
        )
        whiskers = base.mark_rule(color=INK).encode(x="low:Q", x2="high:Q")
        label = "; ".join(str(value["told"]) for value in values)
        return draw(alt.layer(drawn, whiskers).properties(width=360, height=alt.Step(34)), label)


def _room(leads: list[int]) -> list[float]:
    """Return the ends of the axis: on the right there must be room for a name."""
    least, most = max(min(leads, default=1), 1), max(*leads, 1, 1)
    return [0.8 * least, most * max((most / least) ** 0.4, 1.5)]


def _spot(spot: Spot, overall: float) -> dict[str, Any]:
    rate, low, high = (part or 0.0 for part in (spot.rate.value, spot.rate.low, spot.rate.high))
    told = f"{percent(rate)} of {spot.leads:,} leads ({percent(low)} to {percent(high)})"
    return {
        "label": short(spot.name, 30),
        "leads": spot.leads,
        "rate": rate,
        "low": low,
        "high": high,
        "group": HIGHER if low > overall else LOWER if high < overall else CHANCE,
        "told": f"{short(spot.name, 60)}: {told}",
    }


def _named(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the best and the worst of those that chance alone would hardly make so, none over another."""
    sure = sorted((value for value in values if value["group"] != CHANCE), key=lambda value: value["rate"])
    room: list[dict[str, Any]] = []
    top = max((value["high"] for value in values), default=1.0)
    for value in [*sure[::-1][:NAMED], *sure[:NAMED]]:
        if all(
            abs(value["rate"] - other["rate"]) > 0.05 * top or abs(log10(value["leads"] / other["leads"])) > 1
            for other in room
        ):
            room.append(value)
    named = {id(value) for value in room}
    return [{**value, "name": value["label"] if id(value) in named else ""} for value in values]


def _bar(bar: Bar) -> dict[str, Any]:
    low, gain, high = (part or 0.0 for part in (bar.gain.low, bar.gain.value, bar.gain.high))
    low_told, told, high_told = (written(part, "number") for part in (low, gain, high))
    return {
        "name": bar.name,
        "gain": gain,
        "low": low,
        "high": high,
        "told": f"{bar.name}: {told} more a month ({low_told} to {high_told})",
    }
