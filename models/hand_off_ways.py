"""The three ways to agree on a hand-off, side by side: what each would bring at comparable settings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from data_checks.agreement import Agreement
from data_checks.handoff import ByCapacity, ByPrecision, ByProbability, Handoff
from models.cut_off import NOBODY, cut_off_by
from models.hand_off_yield import JudgedLeads, Yield, yields
from models.metrics import Floats
from models.training_rows import TrainingRows

PRECISIONS: Final = (0.2, 0.3, 0.4, 0.5, 0.6)
CAPACITIES: Final = (0.5, 1, 2)
"""Beside the agreed number of leads a week: half of it, and twice as many."""


@dataclass(frozen=True)
class Way:
    """One rule and what it brings.

    ``by`` and ``setting`` are the rule's own words in the agreement. ``cut_off`` is the least probability
    that is handed off, None where nobody is; ``shortfall`` says in words why a rule cannot be met.
    """

    by: str
    setting: float
    agreed: bool
    cut_off: float | None
    brings: Yield
    shortfall: str | None


def ways(agreement: Agreement, rows: TrainingRows, probability: Floats, leads: JudgedLeads) -> list[Way]:
    """Return the agreed rule among those that could be agreed instead.

    Within each way the rules go from few leads to many. They are at the boundaries of the grades, at
    half, one and two times the agreed weekly number (or the one that the agreed rule leads to), and at
    precisions from .2 to .6.
    """
    agreed = yields(leads, np.array([_cut(agreement.handoff, rows, probability)]))[0]
    rules = comparable_rules(agreement, agreed.per_week.value)
    cuts = [_cut(rule, rows, probability) for rule in rules]
    brought = yields(leads, np.array(cuts))
    return [
        Way(
            by=rule.by,
            setting=setting_of(rule),
            agreed=rule == agreement.handoff,
            cut_off=None if cut == NOBODY else cut,
            brings=one,
            shortfall=_shortfall(rule, one, leads),
        )
        for rule, cut, one in zip(rules, cuts, brought, strict=True)
    ]


def comparable_rules(agreement: Agreement, per_week: float) -> list[Handoff]:
    """Return the agreed rule and its neighbours; ``per_week`` is how many leads it hands off a week."""
    agreed = agreement.handoff
    usual = agreed.leads_per_week if isinstance(agreed, ByCapacity) else max(round(per_week), 1)
    own = {agreed.by: [setting_of(agreed)]}
    bounds = [*agreement.grades.values(), *own.get("probability", [])]
    numbers = {int(np.ceil(usual * times)) for times in CAPACITIES}
    precisions = [*PRECISIONS, *own.get("precision", [])]
    return [
        *(ByProbability(by="probability", at_least=least) for least in _falling(bounds)),
        *(ByCapacity(by="capacity", leads_per_week=number) for number in sorted(numbers)),
        *(ByPrecision(by="precision", at_least=least) for least in _falling(precisions)),
    ]


def setting_of(rule: Handoff) -> float:
    """Return the one number of a rule."""
    return rule.leads_per_week if isinstance(rule, ByCapacity) else rule.at_least


def _cut(rule: Handoff, rows: TrainingRows, probability: Floats) -> float:
    return cut_off_by(rule, probability, rows.label, rows.lead, rows.as_of)


def _falling(settings: Iterable[float]) -> list[float]:
    return sorted({one for one in settings if one > 0}, reverse=True)


def _shortfall(rule: Handoff, brings: Yield, leads: JudgedLeads) -> str | None:
    if isinstance(rule, ByCapacity):
        if not brings.handed:
            return (
                "More leads share the highest probability than sales could take: nobody would be handed off."
            )
        short = brings.handed == len(leads) and brings.per_week.value < rule.leads_per_week
        return "There are fewer leads than that: every lead would be handed off." if short else None
    if brings.handed:
        return None
    if isinstance(rule, ByProbability):
        return "No lead of the test was given so high a probability: nobody would be handed off."
    return "No cut-off reaches this share: nobody would be handed off."
