"""The versions of the agreement that were in force, as the served models and the pages' file know them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from data_checks.agreement import Agreement
from data_checks.amendments import amendments


class Promoted(Protocol):
    """What is needed of a promotion on the shelf of models."""

    @property
    def version(self) -> str:
        """The model's version."""

    @property
    def at(self) -> datetime:
        """When it was put into service."""


AgreementOf = Callable[[str], Agreement | None]
"""Gives the agreement that a version of the model was made under, None if it is gone."""


@dataclass(frozen=True)
class AgreementVersion:
    """One version: who signed it, since when models made under it were served, what it changed."""

    version: str
    signed_on: tuple[tuple[str, date | None], ...]
    in_force_since: datetime | None
    changes: tuple[str, ...]


def agreement_versions(
    promotions: Iterable[Promoted], agreement_of: AgreementOf, present: Agreement
) -> tuple[AgreementVersion, ...]:
    """Return the versions, the newest first; ``present`` is the one that the pages were made under."""
    found: list[AgreementVersion] = []
    before: Agreement | None = None
    for agreement, since in _in_order(promotions, agreement_of, present):
        if before is not None and agreement.fingerprint == before.fingerprint:
            continue
        changes = () if before is None else tuple(amendments(before, agreement))
        signed = tuple((one.team, one.signed_on) for one in agreement.signatories)
        found.append(AgreementVersion(agreement.version, signed, since, changes))
        before = agreement
    return tuple(reversed(found))


def _in_order(
    promotions: Iterable[Promoted], agreement_of: AgreementOf, present: Agreement
) -> Iterator[tuple[Agreement, datetime | None]]:
    for one in promotions:
        agreement = agreement_of(one.version)
        if agreement is not None:
            yield agreement, one.at
    yield present, None
