"""What an agreement leaves open: not faults, but questions its signatories may want to settle."""

from __future__ import annotations

from collections.abc import Iterator

from data_checks.agreement import Agreement
from data_checks.shaping import nearest
from data_checks.stages import REVENUE_CYCLE
from data_checks.tables import SHAPES


def advice(agreement: Agreement) -> list[str]:
    """Return the open questions, each with what to do about it."""
    return [
        *_unsigned(agreement),
        *_unseen_stages(agreement),
        *_unpromised(agreement),
        *_odd_columns(agreement),
    ]


def _unsigned(agreement: Agreement) -> Iterator[str]:
    teams = {one.team.casefold() for one in agreement.signatories}
    for team in ("marketing", "sales"):
        if team not in teams:
            yield f"Nobody has signed for {team}: add them under signatories."


def _unseen_stages(agreement: Agreement) -> Iterator[str]:
    for stage in REVENUE_CYCLE:
        if not agreement.stages.get(stage):
            yield f"No value of the CRM means {stage}: reports cannot count it until stages.{stage} has one."


def _unpromised(agreement: Agreement) -> Iterator[str]:
    promised = agreement.sla.first_contact_hours
    if promised:
        for grade in agreement.grades:
            if grade not in promised:
                yield f"Grade {grade} has no time to first contact: its hand-offs have no due time."


def _odd_columns(agreement: Agreement) -> Iterator[str]:
    columns = list(SHAPES["leads"].columns)
    named = [clause.field for clause in agreement.lead_data if clause.table == "leads"]
    named += [entry for entry in agreement.never_use if ":" not in entry]
    named += [entry for entry in agreement.known_at if ":" not in entry]
    for field in dict.fromkeys(named):
        meant = None if field in columns else nearest(field, columns)
        if meant:
            yield f"{field} is no usual column of leads: if {meant} is meant, write that."
