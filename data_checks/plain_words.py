"""The agreement in plain words, for the people who sign it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from data_checks.agreement import Agreement
from data_checks.clause import BlamingClause, Clause, percent
from data_checks.consistency import ACTIVITY_TYPE
from data_checks.handoff import ByCapacity, ByProbability, Handoff
from data_checks.sla_words import promises_in_words
from data_checks.stages import STAGE_MEANINGS, STAGE_NAMES

_ONE_ROW: Final[Mapping[str, str]] = MappingProxyType(
    {
        "leads": "a lead",
        "activities": "an activity",
        "stage_changes": "a stage change",
        "field_changes": "a field change",
        "campaigns": "a campaign",
        "opportunities": "an opportunity",
    }
)


def in_plain_words(agreement: Agreement) -> list[str]:
    """Return the agreement as sentences, in the order of its keys."""
    return [sentence for part in WORDS.values() for sentence in part(agreement)]


def clause_in_words(clause: Clause) -> str:
    """Say one parameter and what a breach of it does.

    >>> from data_checks.row_clauses import Range
    >>> clause_in_words(Range(rule="range", field="number_of_employees", min=10, breach="reject"))
    'number_of_employees is a number of at least 10; a lead that breaks this is set aside.'
    """
    where = "" if clause.table == "leads" else f"{clause.table}: "
    why = f" ({clause.why.rstrip('.')})" if clause.why else ""
    return f"{where}{clause.field} {clause.sentence()}; {_consequence(clause)}{why}."


def handoff_in_words(handoff: Handoff) -> str:
    """Say which leads are handed to sales."""
    if isinstance(handoff, ByCapacity):
        return f"Marketing hands sales the best {handoff.leads_per_week:,} leads a week."
    if isinstance(handoff, ByProbability):
        return f"Marketing hands sales every lead with a probability of {handoff.at_least:.4g} or more."
    return (
        "Marketing hands sales as many leads as it can while "
        f"{percent(handoff.at_least)} of them reach the target stage."
    )


def _signed(agreement: Agreement) -> list[str]:
    signatures = [
        f"{one.name} signed for {one.team}{f' on {one.signed_on}' if one.signed_on else ''}."
        for one in agreement.signatories
    ]
    return [
        f"This is version {agreement.version} of the agreement.",
        *(signatures or ["Nobody has signed it."]),
    ]


def _stages(agreement: Agreement) -> list[str]:
    return [
        f"{stage} ({STAGE_MEANINGS[stage]}) is what the CRM calls {_either(agreement.stages[stage])}."
        for stage in STAGE_NAMES
        if agreement.stages.get(stage)
    ]


def _target(agreement: Agreement) -> list[str]:
    target = agreement.target
    return [
        f"The score is the probability that a lead reaches {target.stage} within {target.within_days} days."
    ]


def _scales(agreement: Agreement) -> list[str]:
    return [
        f"The scale {name} runs from best to worst: {', '.join(r)}." for name, r in agreement.scales.items()
    ]


def _lead_data(agreement: Agreement) -> list[str]:
    return [clause_in_words(clause) for clause in agreement.lead_data]


def _grades(agreement: Agreement) -> list[str]:
    bounds = [f"{grade} from {least:.4g}" for grade, least in agreement.grades.items()]
    return [f"A lead's grade follows from its probability: {', '.join(bounds)}."]


def _handoff(agreement: Agreement) -> list[str]:
    return [handoff_in_words(agreement.handoff)]


def _sla(agreement: Agreement) -> list[str]:
    sla = agreement.sla
    words = list(promises_in_words(sla).values())
    if sla.rejection_reasons:
        reasons = "; ".join(f"{code}: {text.rstrip('.')}" for code, text in sla.rejection_reasons.items())
        words.append(f"Sales hands a lead back with one of these reasons: {reasons}.")
    return words


def _never_use(agreement: Agreement) -> list[str]:
    return [f"Never used for a score: {', '.join(agreement.never_use)}."] if agreement.never_use else []


def _known_at(agreement: Agreement) -> list[str]:
    moments = {"creation": "when the lead is created", "as_of": "whenever a score is made"}
    return [
        f"Both teams vouch that {_vouched(field)} known {moments[at]}."
        for field, at in agreement.known_at.items()
    ]


def _vouched(entry: str) -> str:
    kind = entry.removeprefix(ACTIVITY_TYPE)
    return f"{entry} is" if kind == entry else f"activities of type {kind.strip()} are"


def _consequence(clause: Clause) -> str:
    row = _ONE_ROW[clause.table]
    if not isinstance(clause, BlamingClause):
        return "otherwise the run stops" if clause.breach == "stop" else "otherwise this is reported"
    fate = "set aside" if clause.row_breach == "reject" else "reported and kept"
    limit = clause.stops_above
    if limit == 0:
        return f"the run stops at {row} that breaks this"
    stop = "" if limit is None else f", and more than {percent(limit)} of such breaches stop the run"
    return f"{row} that breaks this is {fate}{stop}"


def _either(values: tuple[str, ...]) -> str:
    return " or ".join(f"“{value}”" for value in values)


WORDS: Final[Mapping[str, Callable[[Agreement], list[str]]]] = MappingProxyType(
    {
        "version": _signed,
        "stages": _stages,
        "target": _target,
        "scales": _scales,
        "lead_data": _lead_data,
        "grades": _grades,
        "handoff": _handoff,
        "sla": _sla,
        "never_use": _never_use,
        "known_at": _known_at,
    }
)
