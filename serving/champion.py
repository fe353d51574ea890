"""The models in service: loaded beside the requests, swapped between two of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from data_checks.errors import BatonError
from features.lead_input import LeadInput
from models.scorer import LeadScore

if TYPE_CHECKING:
    from data_checks.agreement import Agreement
    from models.model import Rung
    from models.score_trace import ModelWay, ScoreTrace

LOG: Final = logging.getLogger("baton.champion")
# A model that did not load is tried again after this many seconds: its disk may have been full.
TRY_AGAIN_AFTER: Final = 30.0


class Scorer(Protocol):
    """What serving needs of `models.scorer.Scorer`."""

    model_version: str
    horizon_days: int
    feature_names: tuple[str, ...]

    @property
    def agreement(self) -> Agreement:
        """The agreement that the model was made under."""

    @property
    def rung(self) -> Rung:
        """The rung of the ladder that the model stands on."""

    @property
    def standing(self) -> str:
        """Why it stands there, in words."""

    @property
    def trained_on(self) -> Mapping[str, object]:
        """Figures about the training, for people."""

    def score(
        self, leads: Sequence[LeadInput], explained: Sequence[bool] | None = None
    ) -> tuple[LeadScore, ...]:
        """Score leads, and say why where asked; one bad lead does not touch its neighbours."""

    def kept(self, lead: LeadInput) -> LeadInput:
        """Return what may be kept of a lead: all that the model could look at, and nothing personal."""

    @property
    def way(self) -> ModelWay:
        """What the model does with any lead."""

    def trace(self, lead: LeadInput) -> ScoreTrace:
        """Return the whole way from the records of a lead to its decision."""


class Challenge(Protocol):
    """What serving needs of the shelf's note on a challenger; ``overruled`` is what the gate objects."""

    @property
    def version(self) -> str:
        """The version."""

    @property
    def overruled(self) -> Sequence[str]:
        """The gate's objections, in spite of which it is watched."""


class Shelf(Protocol):
    """What serving needs of `models.shelf.Shelf`."""

    @property
    def pointer(self) -> Path:
        """The file that names the champion."""

    @property
    def challenger_pointer(self) -> Path:
        """The file that names the challenger, while there is one."""

    def champion(self) -> tuple[str, Path] | None:
        """Return the champion's version and bundle."""

    def challenger(self) -> Challenge | None:
        """Return the challenger, if there is one."""

    def bundle_of(self, version: str) -> Path | None:
        """Return the bundle of a version, if it is still there."""


@dataclass(frozen=True)
class Wanted:
    """The model that is to be in service, and when that was decided.

    ``is_objected`` is whether the gate objects to it.
    """

    version: str
    bundle: Path
    decided_at: int
    is_objected: bool = False


@dataclass(frozen=True)
class Served:
    """A model in service and the moment it came into it."""

    scorer: Scorer
    since: datetime
    is_objected: bool = False


class NoModelError(BatonError):
    """There is no model that could be served."""


@dataclass(frozen=True)
class Place:
    """A place on the shelf that serving watches.

    ``wanted`` says which model stands there. ``empty`` is why none is served while none ever stood there,
    None if that is as it should be. A place that ``stays`` keeps its last good model whatever comes after it.
    """

    name: str
    wanted: Callable[[], Wanted | None]
    stays: bool
    empty: BatonError | None = None


def champion_of(shelf: Shelf) -> Place:
    """Return the champion's place."""

    def wanted() -> Wanted | None:
        found = shelf.champion()
        return Wanted(*found, shelf.pointer.stat().st_mtime_ns) if found else None

    empty = NoModelError(
        "a model is promoted before it is served", "no champion", "promote one with `baton promote`"
    )
    return Place("champion", wanted, stays=True, empty=empty)


def challenger_of(shelf: Shelf) -> Place:
    """Return the challenger's place; it is empty as a rule."""

    def wanted() -> Wanted | None:
        found = shelf.challenger()
        if found is None:
            return None
        bundle, at = shelf.bundle_of(found.version), shelf.challenger_pointer.stat().st_mtime_ns
        if bundle is None:
            raise NoModelError(
                "a challenger is on the shelf", f"no version {found.version}", "begin it again, or end it"
            )
        return Wanted(found.version, bundle, at, bool(found.overruled))

    return Place("challenger", wanted, stays=False)


class ModelWatch:
    """Looks which model should be served, and serves it once it has proven that it scores.

    Whatever goes wrong with a new champion, the one before it stays. A challenger has to be the one that was
    asked for, or there is none.
    """

    def __init__(
        self,
        place: Place,
        load: Callable[[Path, str], Scorer],
        on_change: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._place, self._load, self._on_change, self._clock = place, load, on_change, clock
        self._seen: Wanted | None = None
        self._try_again_at = 0.0
        self.served: Served | None = None
        self.fault: BatonError | None = place.empty

    def refresh(self) -> None:
        """Load the model when it has changed; it blocks and never raises."""
        try:
            wanted = self._place.wanted()
        except Exception as error:
            self._refuse(error)
            return
        if wanted is None:
            self._vacate()
        elif wanted != self._seen or (self.fault and self._clock() >= self._try_again_at):
            self._seen = wanted
            self._try_again_at = self._clock() + TRY_AGAIN_AFTER
            self._serve(wanted)

    def _vacate(self) -> None:
        if self._place.stays:
            self.fault = self.fault if self.served else self._place.empty
            return
        if self.served is not None:
            LOG.info("%s %s is over", self._place.name, self.served.scorer.model_version)
        self.served, self.fault, self._seen = None, self._place.empty, None

    def _serve(self, wanted: Wanted) -> None:
        try:
            scorer = self._load(wanted.bundle, wanted.version)
            _rehearse(scorer)
        except Exception as error:
            self._refuse(error)
            return
        self.served = Served(scorer, datetime.now(UTC), wanted.is_objected)
        self.fault = None
        told = self._place.name, scorer.model_version, scorer.agreement.version
        LOG.info("serving %s: model %s under agreement %s", *told)
        self._on_change()

    def _refuse(self, error: Exception) -> None:
        fault = error if isinstance(error, BatonError) else _unexpected(error, self._place.name)
        if str(fault) != str(self.fault):
            LOG.error("%s not loaded: %s", self._place.name, fault)
        self.fault = fault
        if not self._place.stays:
            self.served = None


def _rehearse(scorer: Scorer) -> None:
    """Score a made-up lead, so that the first real one meets warm code that works."""
    now = time.time_ns() // 1000
    lead = LeadInput("rehearsal", now, {"created_at": datetime.now(UTC).isoformat()})
    if len(scorer.score([lead])) != 1:
        raise NoModelError("a model answers each lead", "none for a rehearsal", "promote another model")


def _unexpected(error: Exception, place: str) -> NoModelError:
    next_step = "promote another, or `baton rollback`" if place == "champion" else "end it, or begin another"
    return NoModelError(f"the {place} loads", f"{type(error).__name__}: {error}"[:300], next_step)
