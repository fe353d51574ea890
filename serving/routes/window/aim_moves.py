"""`/aim/moves`: where to aim more and where less, and what it would bring."""

from __future__ import annotations

from fastapi import APIRouter

from serving.figures.moves import Move, ended_campaigns, moves
from serving.pages.aim_charts import Bar, moves_chart
from serving.pages.writing import short
from serving.routes.sessions import SessionRoute
from serving.routes.window.aim_asked import Asked, Compared
from serving.routes.window.aim_tables import contrasts_table, moves_table
from serving.routes.window.frame import Shown, Visit, add_page

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)

TOLD = 5
"""Suggestions that are told in a sentence."""
DRAWN = 12
"""Suggestions in the picture."""


def look(visit: Visit) -> Shown:
    """Return the suggestions, the best first, and the evidence behind them."""
    asked = Asked(visit)
    compared = Compared(asked)
    found = moves(compared.contrasts.found, _months(asked), ended_campaigns(visit.figures))
    values = asked.values(
        moves=[(_less(asked, move), _more(asked, move), move) for move in found[:TOLD]],
        found=len(found),
        looked_at=len(compared.contrasts.found),
        whole=compared.whole,
        chart=moves_chart(tuple(_bar(asked, move) for move in found[:DRAWN]), asked.target)
        if found
        else None,
    )
    evidence = contrasts_table(compared.contrasts.found, asked)
    return Shown(values, (moves_table(found, asked), evidence))


def _months(asked: Asked) -> float:
    first = asked.visit.figures.row("select min(created_at) as at from segments")["at"]
    return asked.period.months_since(first)


def _bar(asked: Asked, move: Move) -> Bar:
    less, more = (short(name, 21) for name in (_less(asked, move), _more(asked, move)))
    return Bar(f"{less} \N{RIGHTWARDS ARROW} {more}", move.gain)


def _less(asked: Asked, move: Move) -> str:
    return asked.say(move.dimension, move.less.segment.key[0])


def _more(asked: Asked, move: Move) -> str:
    return asked.say(move.dimension, move.more.segment.key[0])


add_page(ROUTER, "/aim/moves", "aim_moves.html", look)
