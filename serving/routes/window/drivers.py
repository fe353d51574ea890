"""`/drivers`: what drives qualification, what became of each value of a feature, and what moved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter

from data_checks.stages import STAGE_MEANINGS
from models.shelf import Shelf
from serving.figures.drivers import WAYS, Band, Driver, Family, Split, bands, drivers, families, split
from serving.figures.former_model import Since, since_former
from serving.figures.table import Column, Link, Table
from serving.pages.driver_charts import bands_chart, split_chart, strength_chart
from serving.routes.sessions import SessionRoute
from serving.routes.window.frame import Shown, Visit, add_page

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
DRAWN: Final = 12
FAMILY_MEANINGS: Final = {
    "demographic": "Who the lead is: its company, its place, the person's work.",
    "behaviour": "What the lead did, how often, and how lately.",
    "asset": "Which pages, papers and events it looked at.",
    "product interest": "Which products it cared for.",
    "timing": "When it came, and how long ago.",
    "account and market": "What colleagues of its company did, and how leads like it fared before.",
}


def look(visit: Visit) -> Shown:
    """Return what drives scores; of the feature that the address asks for, what became of its values."""
    figures, asked = visit.figures, visit.asked
    kinds = families(figures)
    family = asked.get("family") if asked.get("family") in {one.name for one in kinds} else None
    found = drivers(figures, family)
    target = figures.agreement.target
    values: dict[str, Any] = {
        "target": f"{target.stage.upper()}s",
        "target_meaning": f"{STAGE_MEANINGS[target.stage]}, within {target.within_days} days of the look",
        "families": kinds,
        "family": family,
        "family_chart": strength_chart([(one.name, one.moves) for one in kinds]),
        "driver_chart": strength_chart([(one.sentence, one.moves) for one in found[:DRAWN]]),
        "strongest": found[0] if found else None,
        "since": (since := since_former(figures, Shelf(visit.room.settings.models))),
        "chosen": None,
    }
    tables = [
        family_table(kinds),
        driver_table(
            found,
            values["target"],
            lambda one: visit.address(feature=one.feature),
        ),
        moved_table(since, visit),
    ]
    values |= _chosen(visit, values["target"], tables)
    return Shown(values, tuple(tables))


def _chosen(visit: Visit, target: str, tables: list[Table]) -> dict[str, Any]:
    """Return what is shown of the feature asked for, and add its tables."""
    figures, name = visit.figures, visit.asked.get("feature", "")
    found = bands(figures, name) if name else ()
    if not found:
        return {"unknown": bool(name)}
    told = figures.row("select sentence, family from effects where feature = $name limit 1", {"name": name})
    way = visit.asked.get("by", "period")
    way = way if way in WAYS else "period"
    parted = split(figures, name, way)
    tables.append(band_table(found, told["sentence"], target))
    if parted is not None:
        tables.append(split_table(found, parted, told["sentence"]))
    average = figures.row(
        "select sum(rate * leads) / sum(leads) as rate from effects where feature = $name and leads > 0",
        {"name": name},
    )["rate"]
    return {
        "unknown": False,
        "chosen": told,
        "feature": name,
        "way": way,
        "ways": WAYS,
        "parted": parted,
        "bands_chart": bands_chart(found, target, average),
        "split_chart": parted and split_chart(found, parted, target),
    }


def family_table(kinds: tuple[Family, ...]) -> Table:
    """Return the families as a table."""
    columns = (
        Column("family", "Kind of evidence"),
        Column("says", "What it is"),
        Column("features", "Features", "count", "How many features of this kind the model looks at."),
        Column("moves", "Moves by", "moves", _MOVES + " The features of a kind are taken together."),
    )
    rows = tuple((one.name, FAMILY_MEANINGS.get(one.name), one.features, one.moves) for one in kinds)
    return Table("families", "What drives qualification, by kind of evidence", columns, rows, _NOTHING)


_MOVES: Final = (
    "By how many points of probability it moves a lead's score up or down, on average over the later leads "
    "that the model was tested on."
)
_CLICK: Final = "Click one to see what became of the leads with each value."
_NOTHING: Final = "The model uses no feature: it gives every lead the same probability."


def driver_table(
    found: tuple[Driver, ...], target: str, address: Callable[[Driver], str] | None = None
) -> Table:
    """Return the features as a table; with an ``address`` each leads to what became of its values."""
    columns = (
        Column("driver", "Driver", "link", _CLICK if address else ""),
        Column("family", "Kind"),
        Column("moves", "Moves by", "moves", _MOVES),
        Column("best", "Speaks most for", meaning="The value with the highest effect that 50 leads have."),
        Column("best_rate", f"Became {target}", "share", "Of the leads with this value."),
        Column(
            "worst", "Speaks most against", meaning="The value with the lowest effect that 50 leads have."
        ),
        Column("worst_rate", f"Became {target}", "share", "Of the leads with this value."),
    )
    rows = tuple(
        (
            Link(one.sentence, address(one)) if address else one.sentence,
            one.family,
            one.moves,
            one.best and one.best.label,
            one.best and one.best.rate,
            one.worst and one.worst.label,
            one.worst and one.worst.rate,
        )
        for one in found
    )
    return Table("drivers", "What drives qualification, feature by feature", columns, rows, _NOTHING)


def band_table(found: tuple[Band, ...], sentence: str, target: str) -> Table:
    """Return the values of a feature as a table."""
    columns = (
        Column("value", "Value"),
        Column("leads", "Leads", "count", "A lead looked at with several values is shared out over them."),
        Column("rate", f"Became {target}", "share", "Of the looks at leads with this value, in time."),
        Column(
            "effect",
            "Moves the score by",
            "points",
            "Points of probability, on average, all else of the lead being as it is. It is what the model "
            "credits this value with, and is smaller than the difference of the shares where other features "
            "tell the same.",
        ),
    )
    rows = tuple((one.label, one.rate.of, one.rate, one.effect) for one in found)
    return Table("values", f"{sentence}: what became of its values", columns, rows)


def split_table(found: tuple[Band, ...], parted: Split, sentence: str) -> Table:
    """Return the rate of each value in each part of the leads."""
    columns = (
        Column("value", "Value"),
        *(Column(f"{parted.way}: {value}", value, "share") for value in parted.parts),
    )
    rows = tuple(
        (one.label, *(parted.rates.get((one.place, value)) for value in parted.parts)) for one in found
    )
    return Table("split", f"{sentence}, by {WAYS[parted.way].lower()}", columns, rows)


def moved_table(since: Since | None, visit: Visit) -> Table:
    """Return what moved since the former model."""
    columns = (
        Column("driver", "Driver", "link"),
        Column(
            "now",
            "Moves by now",
            "moves",
            "Mean size of the effect over the values of the feature, in points of probability. It is less "
            "than in the list above, as within a value effects may cancel out.",
        ),
        Column("before", "Before", "moves", "The same, in the former model. A dash: it had no such feature."),
        Column("change", "Change", "points", "Now less before; the interval is a little wide."),
        Column("sure", "Sure", meaning="Whether the interval of the change leaves out zero."),
    )
    rows = tuple(
        (
            Link(one.sentence, visit.address(feature=one.feature)) if one.now else one.sentence,
            one.now,
            one.before,
            one.change,
            "yes" if one.is_sure else "may be chance",
        )
        for one in (since.moved if since else ())
    )
    return Table("moved", "What moved since the former model", columns, rows, "Nothing moved.")


add_page(ROUTER, "/drivers", "drivers.html", look)
