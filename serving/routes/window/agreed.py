"""`/agreed`: the agreement in plain words, its versions, and what other terms would have brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter

from data_checks.agreement import Agreement
from data_checks.handoff import ByCapacity, ByPrecision, ByProbability, Handoff
from models.shelf import Shelf
from serving.figures.agreements import agreement_versions
from serving.figures.simulation import Outcome, Terms, past, simulated
from serving.figures.table import Column, Table
from serving.pages.agreement_words import agreement_words
from serving.pages.simulation_chart import simulation_chart
from serving.routes.sessions import SessionRoute
from serving.routes.window.frame import Shown, Visit, add_page

ROUTER = APIRouter(route_class=SessionRoute, include_in_schema=False)
_RULES: Final = {
    "probability": "probability at least (%)",
    "capacity": "leads a week",
    "precision": "share that gets there, at least (%)",
}


@dataclass(frozen=True)
class Asked:
    """What the form asks for: the terms, and what of it could not be read."""

    terms: Terms
    problems: tuple[str, ...]


def look(visit: Visit) -> Shown:
    """Return the agreement and, where the past was replayed, the agreed terms beside those of the form."""
    figures, agreement = visit.figures, visit.figures.agreement
    shelf = Shelf(visit.room.settings.models)
    values: dict[str, Any] = {
        "agreement": agreement,
        "words": agreement_words(agreement),
        "versions": agreement_versions(shelf.history(), shelf.agreement_of, agreement),
        "rules": _RULES,
        "asked": visit.asked,
    }
    then, own = past(figures), Terms(agreement.handoff, agreement.grades)
    values |= {"then": then, "own": form_of(own)}
    if then is None:
        return Shown({**values, "form": form_of(own), "problems": ()})
    asked = asked_of(visit.asked, agreement)
    agreed, tried = simulated(figures, then, own), simulated(figures, then, asked.terms)
    values |= {
        "form": form_of(asked.terms),
        "problems": asked.problems,
        "is_tried": asked.terms != own,
        "agreed": agreed,
        "tried": tried,
        "chart": simulation_chart(agreed, tried),
    }
    return Shown(values, (terms_table(agreed, tried), grades_table(agreed, tried)))


def form_of(terms: Terms) -> Mapping[str, Any]:
    """Return terms as the fields of the form: shares in percent."""
    rule = terms.handoff
    setting = rule.leads_per_week if isinstance(rule, ByCapacity) else round(rule.at_least * 100, 4)
    return {
        "by": rule.by,
        "setting": f"{setting:g}",
        "employees": "" if terms.employees_at_least is None else str(terms.employees_at_least),
        "grades": {name: f"{100 * least:g}" for name, least in terms.grades.items()},
    }


def asked_of(asked: Mapping[str, str], agreement: Agreement) -> Asked:
    """Return the terms of the form; what is left out or cannot be read is as agreed."""
    problems: list[str] = []
    grades = {
        name: _share(asked.get(f"grade_{name}", ""), least, f"grade {name}", problems)
        for name, least in agreement.grades.items()
    }
    rule = _rule(asked, agreement.handoff, problems)
    floor = _whole(asked.get("employees", ""), "the least number of employees", problems)
    return Asked(Terms(rule, grades, floor), tuple(problems))


def _rule(asked: Mapping[str, str], agreed: Handoff, problems: list[str]) -> Handoff:
    by, text = asked.get("by", ""), asked.get("setting", "")
    if by not in _RULES or not text.strip():
        return agreed
    if by == "capacity":
        leads = _whole(text, "leads a week", problems)
        return ByCapacity(by="capacity", leads_per_week=leads) if leads else agreed
    share = _share(text, 0.0, _RULES[by], problems)
    if not share:
        return agreed
    return ByProbability(by="probability", at_least=share) if by == "probability" else _precise(share)


def _precise(share: float) -> ByPrecision:
    return ByPrecision(by="precision", at_least=share)


def _share(text: str, otherwise: float, what: str, problems: list[str]) -> float:
    if not text.strip():
        return otherwise
    try:
        share = float(text) / 100
    except ValueError:
        share = -1.0
    if 0 <= share <= 1:
        return share
    problems.append(f"{what} is a number from 0 to 100; it is taken as agreed.")
    return otherwise


def _whole(text: str, what: str, problems: list[str]) -> int | None:
    if not text.strip():
        return None
    if text.strip().isdecimal() and 0 < int(text) < 10**9:
        return int(text)
    problems.append(f"{what} is a whole number above 0; it is taken as agreed.")
    return None


def terms_table(agreed: Outcome, tried: Outcome) -> Table:
    """Return what the agreed terms and those of the form would have brought, side by side."""
    columns = (
        Column("what", "Of the leads of that time"),
        Column("agreed", "As agreed", "count"),
        Column("tried", "As tried", "count"),
        Column("more", "More or fewer", "change"),
    )
    counted = (
        ("handed over", agreed.handed, tried.handed),
        ("handed over, a week", agreed.per_week, tried.per_week),
        ("handed over and got there", agreed.caught.won, tried.caught.won),
        ("got there without being handed over", agreed.missed, tried.missed),
        ("turned away for their size", agreed.too_small, tried.too_small),
        ("turned away though they got there", agreed.turned_away, tried.turned_away),
    )
    rates = (
        ("of those handed over, got there", agreed.precision, tried.precision),
        ("of those that got there, were handed over", agreed.caught, tried.caught),
    )
    rows: list[tuple[object, ...]] = [(what, old, new, new - old) for what, old, new in counted]
    rows += [(what, old, new, None) for what, old, new in rates]
    return Table("terms", "What other terms would have brought", columns, tuple(rows))


def grades_table(agreed: Outcome, tried: Outcome) -> Table:
    """Return the grades of the agreed terms and of those of the form."""
    columns = (
        Column("grade", "Grade"),
        Column("agreed_from", "Agreed from", "share", "The least probability of the grade."),
        Column("agreed", "Got there", "share", "Of the leads of that time whose best score had this grade."),
        Column("tried_from", "Tried from", "share"),
        Column("tried", "Got there", "share"),
    )
    rows = tuple(
        (name, least, rate, other_least, other)
        for (name, least, rate), (_, other_least, other) in zip(
            sorted(agreed.grades), sorted(tried.grades), strict=True
        )
    )
    return Table("grades", "Grades", columns, rows)


add_page(ROUTER, "/agreed", "agreed.html", look)
