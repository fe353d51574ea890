"""What changed between two versions of an agreement, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from data_checks.agreement import Agreement
from data_checks.clause import Clause
from data_checks.plain_words import clause_in_words, handoff_in_words
from data_checks.row_clauses import Allowed
from data_checks.sla_words import promises_in_words

Change = Iterator[str]


def amendments(before: Agreement, after: Agreement) -> list[str]:
    """Return a sentence per change, in the order of the agreement's keys; none when they are equal."""
    sentences = []
    for key, describe in _DESCRIBED.items():
        if getattr(before, key) != getattr(after, key):
            described = list(describe(before, after))
            sentences += described or [f"In {key}, entries are ordered or spelled differently."]
    return sentences


def needs_training(before: Agreement, after: Agreement) -> bool:
    """Tell whether a model made under ``before`` answers another question than ``after`` asks.

    It does when the target, the meaning of the stages, or what may be known and used has changed, or
    which leads are set aside; grades, hand-off and service levels can be applied to any model.
    """
    keys = ("stages", "target", "scales", "lead_data", "never_use", "known_at")
    return any(getattr(before, key) != getattr(after, key) for key in keys)


def _version(before: Agreement, after: Agreement) -> Change:
    yield f"The version is {after.version}; it was {before.version}."


def _signatories(before: Agreement, after: Agreement) -> Change:
    for one in after.signatories:
        if one not in before.signatories:
            yield f"{one.name} has signed for {one.team}{f' on {one.signed_on}' if one.signed_on else ''}."
    for one in before.signatories:
        if one not in after.signatories:
            yield f"The signature of {one.name} for {one.team} is gone."


def _stages(before: Agreement, after: Agreement) -> Change:
    old = {value: stage for stage, values in before.stages.items() for value in values}
    new = {value: stage for stage, values in after.stages.items() for value in values}
    for value in dict.fromkeys([*new, *old]):
        if value not in new:
            yield f"The CRM's “{value}” no longer means {old[value]}."
        elif value not in old:
            yield f"The CRM's “{value}” now means {new[value]}."
        elif old[value] != new[value]:
            yield f"The CRM's “{value}” now means {new[value]}; it meant {old[value]}."


def _target(before: Agreement, after: Agreement) -> Change:
    new, old = after.target, before.target
    yield (
        f"The target is {new.stage} within {new.within_days} days; "
        f"it was {old.stage} within {old.within_days} days."
    )


def _scales(before: Agreement, after: Agreement) -> Change:
    yield from _entries("The scale", _listed(before.scales), _listed(after.scales))


def _lead_data(before: Agreement, after: Agreement) -> Change:
    old, new = before.clauses, after.clauses
    for name in dict.fromkeys([*new, *old]):
        if name not in new:
            yield f"No longer agreed: {clause_in_words(old[name])}"
        elif name not in old:
            yield f"Newly agreed: {clause_in_words(new[name])}"
        elif old[name] != new[name]:
            yield from _clause(name, old[name], new[name])


def _clause(name: str, old: Clause, new: Clause) -> Change:
    if isinstance(old, Allowed) and isinstance(new, Allowed) and old.values != new.values:
        yield from _values(new.field, old.values, new.values)
        new = new.model_copy(update={"values": old.values})
    if old != new:
        yield f"{name} was: {clause_in_words(old)} It is: {clause_in_words(new)}"


def _values(field: str, old: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]]) -> Change:
    for value in dict.fromkeys([*new, *old]):
        if value not in new:
            yield f"{field} may no longer be “{value}”."
            continue
        if value not in old:
            yield f"{field} may now be “{value}”."
        for variant in new[value]:
            if variant not in old.get(value, ()):
                yield f"{field}: “{variant}” now counts as “{value}”."
        for variant in old.get(value, ()):
            if variant not in new[value]:
                yield f"{field}: “{variant}” no longer counts as “{value}”."


def _grades(before: Agreement, after: Agreement) -> Change:
    old = {grade: f"a probability of {least:.6g}" for grade, least in before.grades.items()}
    new = {grade: f"a probability of {least:.6g}" for grade, least in after.grades.items()}
    yield from _entries("Grade", old, new, begins="begins at")


def _handoff(before: Agreement, after: Agreement) -> Change:
    yield f"{handoff_in_words(after.handoff)} Before: {handoff_in_words(before.handoff)}"


def _sla(before: Agreement, after: Agreement) -> Change:
    old, new = promises_in_words(before.sla), promises_in_words(after.sla)
    for promise in dict.fromkeys([*new, *old]):
        if promise not in new:
            yield f"No longer promised: {old[promise]}"
        elif promise not in old:
            yield f"Newly promised: {new[promise]}"
        elif old[promise] != new[promise]:
            yield f"{new[promise]} Before: {old[promise]}"
    reasons = (before.sla.rejection_reasons, after.sla.rejection_reasons)
    yield from _entries("The rejection reason", *reasons)


def _never_use(before: Agreement, after: Agreement) -> Change:
    for entry in after.never_use:
        if entry not in before.never_use:
            yield f"{entry} is never to be used."
    for entry in before.never_use:
        if entry not in after.never_use:
            yield f"{entry} may be used again."


def _known_at(before: Agreement, after: Agreement) -> Change:
    yield from _entries("What the teams vouch for, when known:", before.known_at, after.known_at)


def _entries(noun: str, old: Mapping[str, str], new: Mapping[str, str], begins: str = "is") -> Change:
    for name in dict.fromkeys([*new, *old]):
        if name not in new:
            yield f"{noun} {name} is gone; it was {old[name]}."
        elif name not in old:
            yield f"{noun} {name} is new: {new[name]}."
        elif old[name] != new[name]:
            yield f"{noun} {name} {begins} {new[name]}; it was {old[name]}."


def _listed(scales: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name: ", ".join(ratings) for name, ratings in scales.items()}


_DESCRIBED: Final[Mapping[str, Callable[[Agreement, Agreement], Change]]] = MappingProxyType(
    {
        "version": _version,
        "signatories": _signatories,
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
