"""The tables of the pages on where to aim."""

from __future__ import annotations

from collections.abc import Sequence

from serving.figures.campaign_money import Spent
from serving.figures.contrasts import Contrast
from serving.figures.lead_filter import LONGEST
from serving.figures.moves import Move
from serving.figures.segment_counts import Key
from serving.figures.segments import Segment
from serving.figures.table import Column, Link, Table
from serving.figures.target_profile import Trait
from serving.routes.addresses import address
from serving.routes.window.aim_asked import Asked

AT_ONCE = "The interval holds for all segments that were looked at, at once (Bonferroni)."
SMALLER = "smaller ones together"
_CLICK = "A click on a name shows its open leads."


def segments_table(found: Sequence[Segment], asked: Asked, prior: float) -> Table:
    """Return the segments as a table; ``prior`` is how many leads draw each toward the rate of all."""
    target, days = asked.target, asked.visit.figures.agreement.target.within_days
    columns = (
        *(Column(one.name, one.label, meaning=_CLICK if one is asked.by[0] else "") for one in asked.by),
        Column("leads", "Leads", "count", "Leads that came in the period."),
        Column("mqls", "MQLs", "count", "Of these, those that marketing qualified until now."),
        Column("sqls", f"{target}s", "count", f"Of these, those that became {target} until now."),
        Column(
            "young",
            "Too young",
            "count",
            f"No {target} yet, nor had they their {days} days: they count for the days they have had.",
        ),
        Column(
            "rate",
            f"{target} rate",
            "share",
            f"The share that becomes {target} within {days} days after it came (Kaplan-Meier).",
        ),
        Column(
            "damped",
            "Damped rate",
            "share",
            "The rate drawn toward that of all leads, lest luck look like merit in small numbers: "
            f"as if {prior:,.0f} leads at the rate of all were added to the segment's own (empirical Bayes).",
        ),
        Column(
            "predicted",
            "Predicted",
            "share",
            "What the models of the back-test, which knew nothing later, said on average of the leads that "
            "the next column counts.",
        ),
        Column(
            "came",
            "Came true",
            "share",
            f"Of the leads in the back-test, those that became {target} in time.",
        ),
        Column(
            "median_days",
            "Half within",
            "days",
            f"Days after which half of those had become {target} that do so within {days} days.",
        ),
    )
    rows = tuple(
        (
            *_linked(one.key, asked),
            one.leads,
            one.mqls,
            one.sqls,
            one.young,
            one.rate,
            one.shrunk,
            one.predicted,
            one.came,
            one.median,
        )
        for one in found
    )
    return Table("segments", "Segments", columns, rows, "No lead came in this period.")


def money_table(spent: Spent, asked: Asked, nothing: str) -> Table:
    """Return what campaigns cost and brought as a table."""
    target = asked.target
    columns = (
        *(
            Column(
                one.name, one.label, meaning="The campaign that was paid." if one.name == "campaign" else ""
            )
            for one in asked.by
        ),
        Column(
            "cost",
            "Cost",
            "money",
            "Of the campaigns that lie wholly in the period, each spread evenly over the leads that it met.",
        ),
        Column("sqls", f"{target}s", "number", f"{target}s that these campaigns led to, by their parts."),
        Column(
            "cost_per_sql",
            f"Cost per {target}",
            "money",
            f"Cost by {target}s. The interval is that of the number of {target}s, as far as chance goes.",
        ),
        Column(
            "deals",
            "Deals won",
            "number",
            "Deals that these campaigns led to and that were won, by their parts.",
        ),
        Column("won", "Won", "money", "Amount of these deals, by their parts."),
        Column(
            "returned",
            "Return",
            "times",
            "Won amount by cost: above 1 the campaigns brought in more than they cost. Deals that are still "
            "open are not in it, so young campaigns look worse than they are.",
        ),
        Column(
            "still_open",
            "Still open",
            "money",
            "Amount of deals that are neither won nor lost, by their parts.",
        ),
    )
    rows = tuple(
        (
            *_names(one.key, asked),
            one.cost,
            one.sqls,
            one.cost_per_sql,
            one.deals,
            one.won,
            one.returned,
            one.still_open,
        )
        for one in spent.rows
    )
    return Table("money", "Cost and return", columns, rows, nothing)


def moves_table(found: Sequence[Move], asked: Asked) -> Table:
    """Return the suggestions as a table."""
    target = asked.target
    rate = f"Its {target} rate, drawn toward that of all. {AT_ONCE}"
    columns = (
        Column("attribute", "By"),
        Column("less", "Fewer from", meaning="Its rate is lower than that of the rest, for sure."),
        Column("more", "More from", meaning="Its rate is higher than that of the rest, for sure."),
        Column(
            "gain",
            "Would bring",
            "number",
            f"{target}s a month more, if the leads that move became {target} as often as those that come "
            f"from there now. {AT_ONCE}",
        ),
        Column(
            "leads",
            "Move",
            "number",
            "Leads a month: a tenth of those of the first, but no more than come from the second now.",
        ),
        Column("less_a_month", "Of", "number", "Leads a month that come from the first now."),
        Column("grows", "Grows", "share", "How much more would have to come from the second."),
        Column("more_a_month", "From", "number", "Leads a month that come from the second now."),
        Column("less_rate", "First's rate", "share", rate),
        Column("more_rate", "Second's rate", "share", rate),
    )
    rows = tuple(
        (
            move.dimension.label,
            asked.say(move.dimension, move.less.segment.key[0]),
            asked.say(move.dimension, move.more.segment.key[0]),
            move.gain,
            move.leads,
            move.less_a_month,
            move.grows,
            move.more_a_month,
            move.less.sure_shrunk,
            move.more.sure_shrunk,
        )
        for move in found
    )
    return Table("suggestions", "If some leads came from elsewhere", columns, rows, "There is no suggestion.")


def contrasts_table(found: Sequence[Contrast], asked: Asked) -> Table:
    """Return the segments that differ from the rest for sure as a table, the clearest first."""
    target, days = asked.target, asked.visit.figures.agreement.target.within_days
    columns = (
        Column("attribute", "By"),
        Column("segment", "Segment"),
        Column(
            "aim", "Aim", meaning="More where its rate is higher than that of the rest for sure, else less."
        ),
        Column("leads", "Leads", "count", "Leads that came in the period."),
        Column("sqls", f"{target}s", "count", f"Of these, those that became {target} until now."),
        Column(
            "rate",
            f"{target} rate",
            "share",
            f"The share that becomes {target} within {days} days (Kaplan-Meier).",
        ),
        Column("damped", "Damped rate", "share", f"The rate drawn toward that of all leads. {AT_ONCE}"),
        Column("rest", "The rest", "share", "The rate of all leads that are not of the segment."),
        Column(
            "difference",
            "Difference",
            "points",
            f"Rate less that of the rest, in percentage points. {AT_ONCE}",
        ),
        Column("predicted", "Predicted", "share", "What the models of the back-test said, on average."),
        Column("came", "Came true", "share", "What came of the same leads."),
    )
    rows = tuple(
        (
            one.dimension.label,
            asked.say(one.dimension, one.segment.key[0]),
            "more" if one.direction > 0 else "less",
            one.segment.leads,
            one.segment.sqls,
            one.segment.rate,
            one.sure_shrunk,
            one.rest,
            one.difference,
            one.segment.predicted,
            one.segment.came,
        )
        for one in sorted((one for one in found if one.direction), key=_clear, reverse=True)
    )
    return Table(
        "evidence", "Segments that differ from the rest", columns, rows, "No segment differs for sure."
    )


def profile_table(traits: Sequence[Trait], asked: Asked) -> Table:
    """Return the target profile as a table."""
    target = asked.target
    columns = (
        Column("attribute", "Attribute"),
        Column("value", "Value"),
        Column(
            "lift",
            "Lift",
            "times",
            f"How many times as common it is among {target}s as among all leads: its damped rate by the rate "
            f"of all. {AT_ONCE}",
        ),
        Column(
            "sure",
            "Sure",
            meaning="Whether its rate is higher than that of the rest for sure, or may be by chance.",
        ),
        Column("of_leads", "Of all leads", "share", "Its leads, of all that came in the period."),
        Column(
            "of_sqls",
            f"Of {target}s",
            "share",
            f"Its {target}s, of all leads that became {target} until now.",
        ),
        Column(
            "rate",
            f"{target} rate",
            "share",
            "The share of its leads that becomes it in time (Kaplan-Meier).",
        ),
    )
    rows = tuple(
        (
            one.dimension.label,
            asked.say(one.dimension, one.value),
            one.lift,
            "yes" if one.is_sure else "maybe",
            one.of_leads,
            one.of_sqls,
            one.rate,
        )
        for one in traits
    )
    return Table(
        "target-profile", "Target profile", columns, rows, f"Nothing is more common among {target}s."
    )


def _names(key: Key, asked: Asked) -> tuple[str, ...]:
    if not key:
        return (SMALLER, *("" for _ in asked.by[1:]))
    return tuple(map(asked.say, asked.by, key))


def _linked(key: Key, asked: Asked) -> tuple[str | Link, ...]:
    """Return what a segment is called; the first word leads to its open leads, where these can be told."""
    first, *others = _names(key, asked)
    if not key or any(part is None or len(part) > LONGEST for part in key):
        return (first, *others)
    own = dict(zip((one.name for one in asked.by), key, strict=True))
    return (Link(first, address("/open-leads", own)), *others)


def _clear(one: Contrast) -> float:
    """Return how far the nearer end of the difference is from none."""
    low, high = one.difference.low or 0.0, one.difference.high or 0.0
    return low if one.direction > 0 else -high
