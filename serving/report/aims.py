"""What the report says of where to aim, of what drives qualification, and of whether to believe it."""

from __future__ import annotations

from typing import Final

from serving.figures.contrasts import contrasts
from serving.figures.dimensions import campaign_names, offered
from serving.figures.drivers import drivers
from serving.figures.file import Figures
from serving.figures.foretold import given
from serving.figures.moves import Move, ended_campaigns, moves
from serving.figures.periods import Period
from serving.figures.segment_counts import counts_of_each
from serving.pages.trust_charts import calibration_chart
from serving.pages.writing import written
from serving.report.document import Page, Section
from serving.routes.window.drivers import driver_table
from serving.routes.window.trust_tables import given_table

PERIOD: Final = "12"
"""Months back whose leads are compared: as on the page where to aim."""

MOST_DRIVERS: Final = 8
MOST_MOVES: Final = 4


def aims(figures: Figures) -> Page:
    """Return the second page: where to aim, what drives qualification, and if what was said came true."""
    target = figures.agreement.target.stage.upper()
    bands = given(figures, "first")
    return Page(
        "What to do about it",
        (
            Section("Where to aim", sentences=_suggestions(figures, target)),
            Section(
                "What drives qualification", tables=(driver_table(drivers(figures)[:MOST_DRIVERS], target),)
            ),
            Section(
                "Can we trust it",
                sentences=(_replayed(figures),),
                chart=calibration_chart(bands, f"{target}s"),
                tables=(given_table(bands, f"{target}s"),),
            ),
        ),
    )


def _suggestions(figures: Figures, target: str) -> tuple[str, ...]:
    """Return the best suggestions in sentences; what each rests on is on the page where to aim."""
    period = Period.chosen(PERIOD, figures.now)
    first = figures.row("select min(created_at) as at from segments")["at"]
    if first is None:
        return ("There are no leads yet.",)
    compared = contrasts(dict(counts_of_each(figures, offered(figures), period)))
    found = moves(compared.found, period.months_since(first), ended_campaigns(figures))
    names = dict(campaign_names(figures))
    if not found:
        return ("No segment differs from the rest by more than chance.",)
    told = tuple(_sentence(move, names, target) for move in found[:MOST_MOVES])
    return (*told, "Seen, not tried: what differs may differ for other reasons.")


def _sentence(move: Move, names: dict[str, str], target: str) -> str:
    less, more = (move.dimension.say(one.segment.key[0], names) for one in (move.less, move.more))
    gain, low, high = (written(end, "number") for end in (move.gain.value, move.gain.low, move.gain.high))
    some, all_leads = written(move.leads, "number"), written(move.less_a_month, "number")
    return (
        f"{move.dimension.label}: fewer leads from {less}, more from {more}: +{gain} {target}s a month "
        f"({low} to {high}), if {some} of {all_leads} leads a month came from there."
    )


def _replayed(figures: Figures) -> str:
    told = figures.fact("back_test") or {}
    if not told.get("months"):
        return "The past was not replayed, so nobody can say."
    return str(told["text"])
