"""`/trust`: whether what was said came true, for whom it did not, and which models were in service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter

from models.shelf import Shelf
from serving.figures.file import Figures
from serving.figures.foretold import (
    COUNTINGS,
    DIMENSIONS,
    Counting,
    Given,
    given,
    judged_window,
    kinds,
)
from serving.figures.model_history import gate_verdict, model_history
from serving.figures.second_chances import (
    called,
    came_in_spite,
    came_later,
    low_scores,
    lowest_grade,
    sent_back,
)
from serving.figures.table import Table
from serving.pages.trust_charts import calibration_chart, called_chart, kinds_chart, months_chart
from serving.routes.sessions import SessionRoute
from serving.routes.window.frame import Shown, Visit, add_page
from serving.routes.window.trust_tables import (
    called_table,
    came_table,
    fairness_tables,
    given_table,
    history_table,
    kind_table,
    month_table,
    sent_back_table,
    stale_table,
)

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
_FIRST: Final = "source_group"


def look(visit: Visit) -> Shown:
    """Return what was foretold beside what came; ``count`` and ``by`` of the address choose how."""
    figures = visit.figures
    target = figures.agreement.target
    word = f"{target.stage.upper()}s"
    values: dict[str, Any] = {"target": word, "days": target.within_days}
    tables: list[Table] = []
    for part in (_foretold, _back_test, _second_chances, _fairness, _models):
        shown, own = part(visit, word)
        values |= shown
        tables += own
    return Shown(values, tuple(tables))


Part = tuple[Mapping[str, Any], list[Table]]


def _foretold(visit: Visit, target: str) -> Part:
    figures = visit.figures
    asked = visit.asked.get("count")
    counting: Counting = "last" if asked == "last" else "each" if asked == "each" else "first"
    by = visit.asked.get("by", _FIRST)
    by = by if by in DIMENSIONS else _FIRST
    bands, everyone = given(figures, counting), kinds(figures, counting)
    own = tuple(one for one in everyone if one.dimension == by)
    values = {
        "window": judged_window(figures),
        "counting": counting,
        "countings": COUNTINGS,
        "bands": bands,
        "spoken": _spoken(bands),
        "calibration_chart": calibration_chart(bands, target),
        "by": by,
        "dimensions": DIMENSIONS,
        "judged": sum(one.chance is not None for one in everyone),
        "off": [one for one in everyone if one.is_off],
        "kinds_chart": kinds_chart(own, target),
    }
    return values, [given_table(bands, target), kind_table(own, target)]


def _spoken(bands: tuple[Given, ...]) -> Given | None:
    """Return the band to speak of first: of those from which most conversions came."""
    return max(bands, key=lambda one: (one.came.of * one.said, one.begin), default=None)


def _back_test(visit: Visit, target: str) -> Part:
    told = visit.figures.fact("back_test") or {}
    months = told.get("months", [])
    values = {
        "back_test": told,
        "months_chart": months_chart(months, target),
    }
    return values, [month_table(told, target), stale_table(told.get("staleness", []))]


def _second_chances(visit: Visit, target: str) -> Part:
    figures = visit.figures
    lowest = lowest_grade(figures)
    grades = called(figures)
    low = low_scores(figures, lowest[1]) if lowest else None
    in_spite = came_in_spite(figures, lowest[1]) if lowest else ()
    erased = visit.room.erased.among(figures)
    later = [one for one in came_later(figures) if one.lead_id not in erased]
    in_spite = tuple(one for one in in_spite if one.lead_id not in erased)
    back = sent_back(figures)
    values = {
        "lowest": lowest,
        "low": low,
        "back_leads": sum(one.leads for one in back),
        "back_reached": sum(one.reached.won for one in back),
        "called_chart": called_chart([(one.grade, one.called, one.uncalled) for one in grades], target),
    }
    tables = [
        sent_back_table(back, target),
        came_table("came-later", "Sent back by sales, and came later", later, target),
        came_table("came-in-spite", "Scored low, and came in spite of it", in_spite, target),
        called_table(grades, target),
    ]
    return values, tables


def _fairness(visit: Visit, target: str) -> Part:
    card = visit.figures.fact("card")
    fields = card["fairness"] if card else []
    values = {"card": card, "fields": fields, "has_card": _has_card(visit.figures)}
    return values, fairness_tables(fields, target)


def _has_card(figures: Figures) -> bool:
    return "card_page" in figures.facts


def _models(visit: Visit, _target: str) -> Part:
    settings = visit.room.settings
    history, gate = model_history(Shelf(settings.models)), gate_verdict(settings.reports)
    shown = visit.figures.fact("bundle")["bundle_hash"]
    served = history.services[0].promotion if history.services else None
    values = {
        "history": history,
        "gate": gate,
        "gate_is_of_pages": gate is not None and gate.bundle_hash == shown,
        "served": served,
        "pages_show_served": served is not None and served.bundle_hash == shown,
    }
    return values, [history_table(history)]


add_page(ROUTER, "/trust", "trust.html", look)
