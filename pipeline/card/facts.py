"""Everything that the model card tells of, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data_checks.agreement import Agreement
from models.bundle import Bundle
from models.calibration_bands import Band
from models.fairness import GroupFigures
from models.leakage.suspects import Suspects
from models.paired import Interval
from models.proxies import GroupProxy
from models.slice_figures import SliceFigures
from models.unseen_values import Unseen


@dataclass(frozen=True)
class Tested:
    """The forward test: its leads, looks and conversions, when it was, and the share that converted.

    ``rate_before`` is that share among the leads learned from before it, ``begin`` and ``end`` are days.
    ``leads_of`` is how many leads the test has; fewer were drawn if they are very many.
    """

    leads: int
    looks: int
    conversions: int
    leads_of: int
    begin: str
    end: str
    learned_from: str
    learned_until: str
    rate: Interval
    rate_before: Interval


@dataclass(frozen=True)
class FieldCheck:
    """A field that may not be used, and how its groups fare; ``why`` says that it has none, and why."""

    field: str
    why: str = ""
    groups: tuple[GroupFigures, ...] = ()
    proxies: tuple[GroupProxy, ...] = ()


@dataclass(frozen=True)
class CardFacts:
    """What is known of a bundle and of its forward test.

    ``metrics`` has the figures of each scorer; ``forbidden`` the checks of the fields in ``never_use``
    that the leads have, and ``not_there`` the others' names.
    ``staleness`` is the back test's curve, None if it has not run.
    """

    agreement: Agreement
    bundle: Bundle
    learned: Mapping[str, Any]
    verdicts: tuple[str, ...]
    origin: Mapping[str, str]
    checks: Mapping[str, Any]
    suspects: Suspects
    gap_days: float
    tested: Tested
    metrics: Mapping[str, Mapping[str, Interval]]
    bands: tuple[Band, ...]
    slices: tuple[SliceFigures, ...]
    at_least: int
    forbidden: tuple[FieldCheck, ...]
    not_there: tuple[str, ...]
    unseen: tuple[Unseen, ...]
    used: int
    staleness: Mapping[str, Any] | None

    @property
    def target(self) -> str:
        """What a lead is called that reached the target, as people write it."""
        return self.agreement.target.stage.upper()
