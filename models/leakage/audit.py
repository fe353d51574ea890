"""The audit: every kind of evidence about every column, activity type and period, and the verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from data_checks.agreement import Agreement
from data_checks.consistency import ACTIVITY_TYPE
from data_checks.folding import fold
from data_checks.stages import has_reached
from features.moments import to_time
from features.records import Records
from models.leakage.activity_facts import ActivityType, activity_types_of
from models.leakage.company import same_leads
from models.leakage.dates import dated_later
from models.leakage.evidence import Evidence
from models.leakage.facts import Column, Facts, columns_of, facts_of
from models.leakage.filling import decided_only, fill_tied, young_lack
from models.leakage.following import follows, foretells, with_outcome
from models.leakage.history import changed_since, mirrors_today, unrecorded
from models.leakage.outcome_told import names_outcome, tied, too_good
from models.leakage.recording import late, out_of_order, written_after
from models.leakage.silence import silences
from models.leakage.strength import Strength, strength_of
from models.leakage.suspects import Suspects, suspects_of
from models.leakage.verdict import Examined, Verdict, What, is_suspect
from models.leakage.words import words
from models.outcomes import CLOSED
from models.snapshots import SnapshotSettings

ON_COLUMNS: Final[tuple[Callable[[Facts, Column], Iterator[Evidence]], ...]] = (
    decided_only,
    names_outcome,
    dated_later,
    mirrors_today,
    unrecorded,
    words,
    young_lack,
    fill_tied,
    changed_since,
)
ON_ACTIVITIES: Final[tuple[Callable[[ActivityType], Iterator[Evidence]], ...]] = (
    written_after,
    follows,
    with_outcome,
    foretells,
    late,
    out_of_order,
)

Found = dict[str, tuple[Evidence, ...]]


@dataclass(frozen=True)
class Audit:
    """All that was examined, suspect or not.

    ``outcome_values`` are the CRM's own stages that are the outcome itself, which no feature of an open
    lead can see; ``too_few`` says that there were not enough outcomes to compare leads by them.
    """

    examined: tuple[Examined, ...]
    outcome_values: tuple[str, ...]
    leads: int
    outcomes: int
    too_few: bool

    @property
    def suspects(self) -> Suspects:
        """What is to be left out."""
        return suspects_of(self.examined)

    def of(self, what: What) -> Mapping[str, Examined]:
        """Return what was examined of one sort, by name."""
        return {one.name: one for one in self.examined if one.what == what}


def audit(records: Records, agreement: Agreement, settings: SnapshotSettings, now: int) -> Audit:
    """Examine every lead column, every type of activity, and the time the leads came in."""
    facts = facts_of(records, agreement, settings, now, tests=len(records.fields))
    return Audit(
        examined=(*_columns(facts), *_activity_types(facts), *_periods(facts)),
        outcome_values=_outcome_values(agreement),
        leads=len(records),
        outcomes=int(facts.label.sum()),
        too_few=not facts.comparable,
    )


def _columns(facts: Facts) -> Iterator[Examined]:
    columns = {column.name: column for column in columns_of(facts)}
    found = {
        name: tuple(one for evidence in ON_COLUMNS for one in evidence(facts, column))
        for name, column in columns.items()
    }
    strengths = (
        {name: strength_of(facts, column) for name, column in columns.items()} if facts.comparable else {}
    )
    found = _with_company(columns, _with_strength(facts, columns, strengths, found))
    for name, column in columns.items():
        figures = {"filled": float(column.filled.mean())}
        if name in strengths:
            figures |= {"auc": strengths[name].auc, "share_of_uncertainty": strengths[name].share}
        yield _judged(facts.agreement, Examined("column", name, found[name], "clear", figures=figures))


def _activity_types(facts: Facts) -> Iterator[Examined]:
    for kind in activity_types_of(facts):
        evidence = tuple(one for examine in ON_ACTIVITIES for one in examine(kind))
        figures = {"records": len(kind), "afterwards": float(kind.afterwards.mean())}
        yield _judged(
            facts.agreement, Examined("activity_type", kind.name, evidence, "clear", figures=figures)
        )


def _with_strength(
    facts: Facts, columns: Mapping[str, Column], strengths: Mapping[str, Strength], found: Found
) -> Found:
    for name, strength in strengths.items():
        found[name] += tuple(tied(facts, columns[name], strength))
    guilty = {name for name, evidence in found.items() if is_suspect(evidence)}
    for name, one in too_good(facts, strengths, frozenset(guilty | set(facts.agreement.never_use))):
        found[name] = (one, *found[name])
    return found


def _with_company(columns: Mapping[str, Column], found: Found) -> Found:
    """Add who keeps company with a suspect, and with those suspect for that, until nothing is added."""
    asked: set[str] = set()
    while True:
        guilty = {name for name, evidence in found.items() if is_suspect(evidence)}
        if guilty == asked:
            return found
        asked = guilty
        for name in sorted(set(columns) - guilty):
            if not any(one.kind == "same_leads" for one in found[name]):
                found[name] += tuple(same_leads(columns[name], [columns[other] for other in sorted(guilty)]))


def _judged(agreement: Agreement, one: Examined) -> Examined:
    unused = {_name(one.what, entry) for entry in agreement.never_use}
    vouched = {_name(one.what, entry): at for entry, at in agreement.known_at.items()}
    verdict: Verdict = "left_out" if one.suspect else "clear"
    if one.name in unused:
        verdict = "not_used"
    elif one.name in vouched:
        verdict = "vouched"
    return replace(one, verdict=verdict, vouched_at=vouched.get(one.name))


def _name(what: What, entry: str) -> str | None:
    """Return the name of what an entry of the agreement is about; None if that is no such thing."""
    of_activity = entry.startswith(ACTIVITY_TYPE)
    if of_activity != (what == "activity_type"):
        return None
    return fold(entry.removeprefix(ACTIVITY_TYPE)) if of_activity else entry


def _periods(facts: Facts) -> Iterator[Examined]:
    for silence in silences(facts):
        name = f"{to_time(silence.since):%Y-%m-%d} to {to_time(silence.until):%Y-%m-%d}"
        yield Examined(
            "period", name, (silence.evidence,), "left_out", since=silence.since, until=silence.until
        )


def _outcome_values(agreement: Agreement) -> tuple[str, ...]:
    target = agreement.target.stage
    ending = [stage for stage in agreement.stages if stage in CLOSED or has_reached(stage, target)]
    return tuple(value for stage in ending for value in agreement.stages[stage])
