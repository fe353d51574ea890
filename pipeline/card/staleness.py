"""How a model loses as it ages, from the back test."""

from __future__ import annotations

from models.paired import Interval
from pipeline.card.document import Block, Picture, Section, Table
from pipeline.card.facts import CardFacts
from pipeline.card.numbers import count, with_interval
from pipeline.card.pictures import draw_staleness


def staleness_section(facts: CardFacts) -> Section:
    """Return the loss against the model's age, or that it was not computed."""
    title = "How it ages"
    if facts.staleness is None:
        return Section(
            title,
            ("How much a model loses as it ages was not computed for this one: the back test has not run.",),
        )
    points = facts.staleness["staleness"]
    rows = tuple(
        (
            f"{one['months']:g}",
            count(one["leads"]),
            with_interval(Interval(one["more_loss"], one["low"], one["high"]), 4),
        )
        for one in points
    )
    blocks: tuple[Block, ...] = (
        str(facts.staleness.get("staleness_text", "")),
        Picture(
            draw_staleness(points),
            "How much more log-loss a model has than one just trained, with 95 % intervals.",
        ),
        Table(("Months old", "Leads", "More log-loss"), rows),
    )
    return Section(title, blocks)
