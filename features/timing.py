"""When: how old the lead is, how long it has stood where it stands, and when it arrived."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from data_checks.stages import STAGE_NAMES
from features.demographic import label_of
from features.feature import Feature
from features.moments import DAY, HOUR
from features.profile import Profile
from features.timeline import LONGEST_WINDOW
from features.view import View


@dataclass(frozen=True)
class LeadAge(Feature):
    """How long the lead has been known."""

    family = "timing"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:  # noqa: ARG003 - it needs nothing of the profile
        """Always one."""
        yield cls()

    @property
    def name(self) -> str:
        """What is taken."""
        return "lead_age_days"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return "Days since the lead was created"

    def values(self, view: View) -> NDArray[Any]:
        """Return the days."""
        return view.age_days


@dataclass(frozen=True)
class Arrival(Feature):
    """When in the week the lead arrived."""

    part: str

    family = "timing"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:  # noqa: ARG003 - it needs nothing of the profile
        """Hour of the day and day of the week."""
        return (cls(part) for part in ("hour", "weekday"))

    @property
    def name(self) -> str:
        """The part of the date."""
        return f"arrival_{self.part}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        told = {"hour": "Hour of the day (UTC)", "weekday": "Day of the week (0 is Monday)"}
        return f"{told[self.part]} at which the lead arrived"

    def values(self, view: View) -> NDArray[Any]:
        """Return the hour 0 to 23 or the weekday 0 to 6."""
        # 1970-01-01 was a Thursday.
        return view.created // HOUR % 24 if self.part == "hour" else (view.created // DAY + 3) % 7


@dataclass(frozen=True)
class Stage(Feature):
    """Where in the revenue cycle the lead stands."""

    family = "timing"
    needs = "stage_changes"
    categorical = True

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:  # noqa: ARG003 - it needs nothing of the profile
        """Always one."""
        yield cls()

    @property
    def name(self) -> str:
        """What is taken."""
        return "stage_now"

    @property
    def sentence(self) -> str:
        """What the category means."""
        return "Stage of the revenue cycle"

    def values(self, view: View) -> NDArray[Any]:
        """Return the stage as of the moment, as its position among `STAGE_NAMES`."""
        return view.stages.latest(view.stage_codes)

    def told(self, value: float, profile: Profile) -> str:
        """Return the sentence with the stage's name."""
        return f"{self.sentence}: {self.shown(value, profile) or 'none yet'}"

    def shown(self, value: float, profile: Profile) -> float | str | None:  # noqa: ARG002 - stages are the same everywhere
        """Return the stage's name."""
        return label_of(value, STAGE_NAMES)


@dataclass(frozen=True)
class TimeInStage(Feature):
    """How long the lead has stood in its stage."""

    family = "timing"
    needs = "stage_changes"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:  # noqa: ARG003 - it needs nothing of the profile
        """Always one."""
        yield cls()

    @property
    def name(self) -> str:
        """What is taken."""
        return "days_in_stage"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return "Days since the lead last changed its stage"

    def values(self, view: View) -> NDArray[Any]:
        """Return the days, at most two years; since creation where the stage never changed."""
        since = view.stages.ages(np.zeros(len(view.stage_codes), np.int32), 1)[:, 0]
        return np.where(np.isnan(since), np.minimum(view.age_days, LONGEST_WINDOW / DAY), since)


@dataclass(frozen=True)
class StageCount(Feature):
    """How often the lead entered a stage."""

    stage: str

    family = "timing"
    needs = "stage_changes"

    @classmethod
    def declared(cls, profile: Profile) -> Iterable[Self]:  # noqa: ARG003 - it needs nothing of the profile
        """How often it was recycled."""
        yield cls("recycled")

    @property
    def name(self) -> str:
        """The stage."""
        return f"times_{self.stage}"

    @property
    def sentence(self) -> str:
        """What the number means."""
        return f"How often the lead was {self.stage} so far"

    def values(self, view: View) -> NDArray[Any]:
        """Return the counts."""
        counts = view.stages.counts(view.stage_codes, len(STAGE_NAMES))
        return counts[:, STAGE_NAMES.index(self.stage)]
