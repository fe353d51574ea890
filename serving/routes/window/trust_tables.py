"""The tables of `/trust`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from serving.figures.foretold import DIMENSIONS, Given, Kind
from serving.figures.model_history import ModelHistory
from serving.figures.rates import Estimate
from serving.figures.second_chances import Called, CameLater, SentBack
from serving.figures.table import Column, Link, Table
from serving.routes.addresses import address

_NOT_REPLAYED: Final = "No month could be replayed: no lead is old enough for what was said to be judged."


def given_table(bands: Sequence[Given], target: str) -> Table:
    """Return what came of each band of probability."""
    columns = (
        Column("given", "We gave", meaning="The probability that the model of that month gave the lead."),
        Column("said", "On average", "share", "The mean of the probabilities given in the band."),
        Column("came", f"Became {target}", "share", "Within the agreed days of the look."),
        Column("verdict", "Verdict", meaning="Whether what was said lies in the 95 % interval of what came."),
    )
    rows = tuple((one.words, one.said, one.came, _off(one)) for one in bands)
    return Table("given", "What we gave, and what came of it", columns, rows, _NOT_REPLAYED)


def _off(one: Given) -> str:
    if not one.is_off:
        return "as said"
    share = one.came.value if isinstance(one.came, Estimate) else one.came.share
    return "more was said" if one.said > (share or 0.0) else "less was said"


def kind_table(kinds: Sequence[Kind], target: str) -> Table:
    """Return what was foretold of each kind of leads, and what came."""
    columns = (
        Column("by", "By"),
        Column("kind", "Kind of leads"),
        Column("leads", "Leads", "count", "Each counted once."),
        Column("expected", "Expected", "count", "The probabilities of these leads, added up."),
        Column("said", "As a share", "share"),
        Column("came", f"Became {target}", "share"),
        Column(
            "verdict",
            "Verdict",
            meaning="Surely off: so large a miss would be chance once in twenty looks at all kinds together "
            "(Holm). Too few to tell: fewer than 5 were expected, or expected to stay away.",
        ),
    )
    rows = tuple(
        (DIMENSIONS[one.dimension], one.name, one.leads, one.expected, one.said, one.came, one.verdict)
        for one in kinds
    )
    return Table("kinds", "Kinds of leads: what we expected, and what came", columns, rows, _NOT_REPLAYED)


def month_table(told: Mapping[str, Any], target: str) -> Table:
    """Return the back-test month by month."""
    kind = told.get("kind", "month")
    columns = (
        Column("period", kind.capitalize()),
        Column("leads", "Leads", "count", "Leads looked at in it, each counted once."),
        Column("expected", "Expected", "count", f"{target} that the model of that {kind} foretold."),
        Column("came", "Came", "count", f"{target} that came within the agreed days."),
        Column("expected_rate", "Expected share", "share", "Of the looks."),
        Column("came_rate", "Share that came", "share", "Of the looks; a lead's looks count as one lead."),
        Column(
            "auc",
            "Ranked right",
            "score",
            "AUC: how often, of a lead that converts and one that does not, the first has the higher score. "
            "0.5 is chance, 1 is perfect.",
        ),
        Column("better", "Better than guessing", meaning="Whether it was surely better than the base rate."),
    )
    rows = tuple(
        (
            one["name"],
            one["leads"],
            one["expected"],
            one["observed"],
            one["expected_rate"],
            _interval(one["observed_rate"], one["leads"]),
            _interval(one["auc"], one["leads"]),
            "surely" if one["gain"] and one["gain"]["low"] > 0 else "not surely",
        )
        for one in told.get("months", [])
    )
    name = f"The past, {kind} by {kind}"
    return Table("back-test", name, columns, rows, told.get("text") or _NOT_REPLAYED)


def stale_table(ages: Sequence[Mapping[str, Any]]) -> Table:
    """Return what an old model costs."""
    columns = (
        Column("months", "Age in months", "days", "How long before the leads it judges a model was made."),
        Column("models", "Models", "count", "How many models of that age were held against fresh ones."),
        Column("leads", "Leads", "count"),
        Column(
            "of_gain",
            "Loses",
            "share",
            "Of what a fresh model gains on the base rate (log-loss); below nothing is chance.",
        ),
        Column("more_loss", "Which is, in log-loss", meaning="With its 95 % interval, of this age alone."),
    )
    rows = tuple(
        (
            one["months"],
            one["models"],
            one["leads"],
            one["of_gain"],
            _loss(one),
        )
        for one in ages
    )
    return Table("staleness", "What an old model costs", columns, rows, "No two models could be compared.")


def _loss(one: Mapping[str, Any]) -> str | None:
    if one["more_loss"] is None:
        return None
    told = [one[name] for name in ("more_loss", "low", "high")]
    more, *ends = ("" if figure is None else f"{figure:+.4f}" for figure in told)
    return f"{more} ({ends[0]} to {ends[1]})" if all(ends) else more


def sent_back_table(back: Sequence[SentBack], target: str) -> Table:
    """Return what became of leads that were sent back, by reason."""
    columns = (
        Column("reason", "Sent back for", meaning="The CRM's reason when the lead was first sent back."),
        Column("reached", f"Became {target} later", "share", "At any time after; so far."),
        Column("won", "Won later", "share", "Closed won after being sent back; so far."),
        Column("days", "Half within", "days", "Days from being sent back, of those that came."),
    )
    rows = tuple((one.reason, one.reached, one.won, one.days) for one in back)
    return Table(
        "sent-back", "Sent back by sales: what became of them", columns, rows, "Sales sent no lead back."
    )


def came_table(name: str, caption: str, leads: Sequence[CameLater], target: str) -> Table:
    """Return leads that were given up and came."""
    columns = (
        Column("lead", "Lead", "link"),
        Column("source", "Source"),
        Column("why", "Given up for"),
        Column("given_up_at", "On", "day"),
        Column("reached_at", f"Became {target[:-1]}", "day"),
        Column("won_at", "Won", "day"),
    )
    rows = tuple(
        (
            Link(one.company or one.lead_id, address("/lead", {"id": one.lead_id})),
            one.source,
            one.why,
            one.given_up_at,
            one.reached_at,
            one.won_at,
        )
        for one in leads
    )
    return Table(name, caption, columns, rows, "No such lead.")


def called_table(grades: Sequence[Called], target: str) -> Table:
    """Return what became of hand-offs that were called and of those that were not."""
    columns = (
        Column("grade", "Grade", meaning="That the model of today gives the lead as of its hand-off."),
        Column("called", f"Called: became {target}", "share", "Called or mailed within the agreed days."),
        Column("uncalled", f"Never called: became {target}", "share", "No outbound activity in that time."),
    )
    rows = tuple((one.grade, one.called, one.uncalled) for one in grades)
    nothing = f"No hand-off before {target} is old enough."
    return Table("called", "Hand-offs that were called, and those that were not", columns, rows, nothing)


def history_table(history: ModelHistory) -> Table:
    """Return the models that were served."""
    columns = (
        Column("at", "In service from", "moment"),
        Column("until", "Until", "moment", "A dash: it is in service now."),
        Column("version", "Version"),
        Column("by", "By"),
        Column("reason", "Why"),
        Column("gate", "The gate", meaning="What the automatic checks said before it was put into service."),
        Column("agreement", "Agreement", meaning="The version of the agreement it was made under."),
        Column("bundle", "Bundle", meaning="The beginning of the model's seal."),
    )
    rows = tuple(
        (
            one.promotion.at,
            one.until,
            f"{one.promotion.version}{' (again)' if one.is_again else ''}",
            one.promotion.by,
            one.promotion.reason,
            one.gate,
            one.promotion.agreement_version,
            one.promotion.bundle_hash[:12],
        )
        for one in history.services
    )
    return Table("models", "Models in service", columns, rows, "No model has been put into service yet.")


def fairness_tables(fields: Sequence[Mapping[str, Any]], target: str) -> list[Table]:
    """Return for each field that may not be used how its groups fare, and how well they can be told."""
    tables = []
    for number, field in enumerate(fields, start=1):
        tables.append(_groups(f"groups-{number}", field, target))
        tables.append(_proxies(f"proxies-{number}", field))
    return tables


def _groups(name: str, field: Mapping[str, Any], target: str) -> Table:
    columns = (
        Column("group", "Group"),
        Column("leads", "Leads", "count"),
        Column("rate", f"Became {target}", "share", "Of the leads of the forward test, each counted once."),
        Column("selected", "Handed off", "share", "By the present cut-off, at any look."),
        Column("ratio", "To the highest", "score", "Handed off, by the most often handed-off group."),
        Column("caught", "Found", "share", f"Of those that became {target}, how many were handed off."),
        Column("foretold", "Foretold by came", "score", "Above 1 too much was promised, below 1 too little."),
    )
    rows = tuple(
        (
            one["name"],
            one["leads"],
            _interval(one["rate"], one["leads"]),
            _interval(one["selected"], one["leads"]),
            _interval(one["selected_ratio"], one["leads"]),
            _interval(one["caught"], one["reached"]),
            _interval(one["foretold"], one["leads"]),
        )
        for one in field["groups"]
    )
    return Table(name, f"How groups of {field['field']} fare", columns, rows)


def _proxies(name: str, field: Mapping[str, Any]) -> Table:
    columns = (
        Column("group", "Group"),
        Column(
            "auc",
            "Told by the features",
            "score",
            "How often a lead of the group is told from another by all used features together: 0.5 is "
            "chance, 1 is always.",
        ),
        Column("tellers", "Best told by"),
    )
    rows = tuple(
        (one["name"], _interval(one["auc"], one["leads"]), "; ".join(one["tellers"]) or "none alone")
        for one in field["proxies"]
    )
    return Table(name, f"Whether features tell the groups of {field['field']}", columns, rows)


def _interval(found: Mapping[str, float] | None, of: int) -> Estimate | None:
    return None if found is None else Estimate(found["value"], found["low"], found["high"], of)
