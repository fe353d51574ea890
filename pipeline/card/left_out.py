"""What was kept from the model, and which rows were set aside, in words and tables."""

from __future__ import annotations

from pipeline.card.document import Block, Points, Section, Table, short
from pipeline.card.facts import CardFacts
from pipeline.card.numbers import count


def left_out_section(facts: CardFacts) -> Section:
    """Return the columns, activity types and periods that were left out, each with its reason."""
    forbidden = [(short(name), "The agreement forbids it (never_use).") for name in facts.agreement.never_use]
    rows = (*forbidden, *((short(name), why) for name, why in facts.suspects.named))
    blocks: list[Block] = [
        Table(("Left out", "Why"), rows, words=(1,))
        if rows
        else "Nothing was left out: no column looks forward, and the agreement forbids none."
    ]
    vouched = facts.suspects.vouched_for
    if vouched:
        names = ", ".join(short(name) for name in vouched)
        blocks.append(f"Kept although it looks suspicious, as both teams vouch for it (known_at): {names}.")
    aside = facts.checks["set_aside"]
    if aside:
        told = ", ".join(f"{count(rows)} of {table}" for table, rows in aside.items())
        blocks.append(f"Rows that the data checks set aside, neither learned from nor scored: {told}.")
        rejected = [one["message"] for one in facts.checks["findings"] if one["breach"] == "reject"]
        blocks.append(Points(tuple(rejected)))
    else:
        blocks.append("The data checks set no row aside.")
    return Section("What was left out, and why", tuple(blocks))
