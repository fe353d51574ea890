"""`/aim`: what came of the leads of each segment, and what campaigns cost and brought in it."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup

from models.rate_differences import errors_for
from serving.figures.campaign_money import ATTRIBUTIONS, Spent, campaign_money
from serving.figures.segment_counts import SegmentCounts, segment_counts
from serving.figures.segments import segments, shrunk_rates, whole
from serving.pages.aim_charts import Spot, segments_chart
from serving.routes.sessions import SessionRoute
from serving.routes.window.aim_asked import Asked
from serving.routes.window.aim_tables import money_table, segments_table
from serving.routes.window.frame import Shown, Visit, add_page

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)

DRAWN = 40
"""Segments in the picture, the largest."""


def look(visit: Visit) -> Shown:
    """Return what is shown of the segments that the address asks for, by default the first that there is."""
    asked = Asked(visit)
    if not asked.by:
        return Shown(asked.values(by=(), offered=()))
    counts = segment_counts(visit.figures, asked.by, asked.period)
    spent = campaign_money(visit.figures, asked.by, asked.period, asked.attribution)
    values = asked.values(
        by=asked.by,
        offered=asked.offered,
        attribution=asked.attribution,
        attributions={name: meaning for name, (_, meaning) in ATTRIBUTIONS.items()},
        whole=whole(counts),
        spent=spent,
        chart=chart_of(asked, counts),
        drawn=min(DRAWN, len(counts.keys)),
    )
    shown = segments_table(segments(counts), asked, counts.prior.leads)
    return Shown(values, (shown, money_table(spent, asked, nothing_spent(spent))))


def chart_of(asked: Asked, counts: SegmentCounts) -> Markup | None:
    """Return the picture of the largest segments; None where there is no lead."""
    overall = whole(counts).rate.value
    if overall is None:
        return None
    keys = counts.keys[:DRAWN]
    shrunk = shrunk_rates(counts, counts.prior, errors_for(len(keys)))
    spots = tuple(
        Spot(", ".join(map(asked.say, asked.by, own)), int(leads), rate)
        for own, leads, rate in zip(keys, counts.leads, shrunk, strict=False)
    )
    days = asked.visit.figures.agreement.target.within_days
    return segments_chart(spots, overall, f"{asked.target} within {days} days, damped")


def nothing_spent(spent: Spent) -> str:
    """Return what is said in place of costs."""
    if not spent.campaigns:
        return "The CRM's tables have no campaigns, so nobody knows what the leads cost."
    return "No campaign with a cost lies wholly in this period. A longer one may have some."


add_page(ROUTER, "/aim", "aim.html", look)
