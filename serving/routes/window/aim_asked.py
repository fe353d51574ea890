"""What the pages on where to aim have in common: what the address asks for, and all segments compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from serving.figures.campaign_money import ATTRIBUTIONS, Attribution
from serving.figures.contrasts import Contrasts, contrasts
from serving.figures.dimensions import Dimension, campaign_names, offered
from serving.figures.periods import CHOICES, Period, period_name
from serving.figures.segment_counts import SegmentCounts, counts_of_each
from serving.figures.segments import Segment, whole
from serving.routes.addresses import address
from serving.routes.window.frame import Visit

TABS: Final = (
    ("/aim", "Segments"),
    ("/aim/moves", "More here, less there"),
    ("/aim/profile", "Target profile"),
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what there is not falls back to what is usual."""

    visit: Visit

    @cached_property
    def offered(self) -> tuple[Dimension, ...]:
        """What leads can be told apart by here."""
        return offered(self.visit.figures)

    @cached_property
    def period(self) -> Period:
        """The period whose leads are looked at."""
        return Period.chosen(self.visit.asked.get("period", ""), self.visit.figures.now)

    @cached_property
    def by(self) -> tuple[Dimension, ...]:
        """One or two things by which leads are told apart; none where the CRM fills in nothing."""
        known = {one.name: one for one in self.offered}
        first = known.get(self.visit.asked.get("by", "")) or next(iter(self.offered), None)
        second = known.get(self.visit.asked.get("and", ""))
        return tuple(one for one in dict.fromkeys((first, second)) if one is not None)

    @property
    def attribution(self) -> Attribution:
        """Which campaign a qualified lead and a deal are owed to."""
        wanted = self.visit.asked.get("attribution", "")
        return next((one for one in ATTRIBUTIONS if one == wanted), "shared")

    @cached_property
    def names(self) -> dict[str, str]:
        """What the campaigns are called."""
        return dict(campaign_names(self.visit.figures))

    @property
    def target(self) -> str:
        """The agreed stage, as people write it."""
        return self.visit.figures.agreement.target.stage.upper()

    def say(self, dimension: Dimension, value: str | None) -> str:
        """Return what people call a value."""
        return dimension.say(value, self.names)

    def tabs(self) -> list[tuple[str, str, bool]]:
        """Return the three pages, with the period kept, and which of them this is."""
        kept = {"period": self.visit.asked.get("period")}
        return [(address(to, kept), name, to == self.visit.path) for to, name in TABS]

    def values(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what the template takes
        """Return what all three pages show, and more."""
        target = self.visit.figures.agreement.target
        return {
            "tabs": self.tabs(),
            "period": self.period,
            "periods": [(choice, period_name(choice)) for choice in CHOICES],
            "target": self.target,
            "days": target.within_days,
            **more,
        }


@dataclass(frozen=True)
class Compared:
    """Every segment beside the rest, by each thing for itself."""

    asked: Asked

    @cached_property
    def counted(self) -> dict[Dimension, SegmentCounts]:
        """The counts by each thing."""
        return dict(counts_of_each(self.asked.visit.figures, self.asked.offered, self.asked.period))

    @cached_property
    def contrasts(self) -> Contrasts:
        """Each segment beside the rest."""
        return contrasts(self.counted)

    @cached_property
    def whole(self) -> Segment | None:
        """All leads; None where they cannot be told apart."""
        return next((whole(counts) for counts in self.counted.values()), None)
