"""The served model: loaded beside the requests, swapped between two of them."""

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

if TYPE_CHECKING:
    from data_checks.agreement import Agreement
    from models.model import Rung
from models.scorer import LeadScore

LOG: Final = logging.getLogger("baton.champion")
# A champion that did not load is tried again after this many seconds: its disk may have been full.
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


class Shelf(Protocol):
    """What serving needs of `models.shelf.Shelf`."""

    @property
    def pointer(self) -> Path:
        """The file that names the champion."""

    def champion(self) -> tuple[str, Path] | None:
        """Return the champion's version and bundle."""


@dataclass(frozen=True)
class Served:
    """A model in service and the moment it came into it."""

    scorer: Scorer
    since: datetime


class NoModelError(BatonError):
    """There is no champion that could be served."""


_NOT_PROMOTED: Final = NoModelError(
    "a model is promoted before it is served", "no champion", "promote one with `baton promote`"
)


class ChampionWatch:
    """Looks which model should be served, and serves it once it has proven that it scores.

    Whatever goes wrong with a new champion, the one before it stays.
    """

    def __init__(
        self,
        shelf: Shelf,
        load: Callable[[Path, str], Scorer],
        on_change: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shelf, self._load, self._on_change, self._clock = shelf, load, on_change, clock
        self._seen: tuple[str, Path, int] | None = None
        self._try_again_at = 0.0
        self.served: Served | None = None
        self.fault: BatonError | None = _NOT_PROMOTED

    def refresh(self) -> None:
        """Load the champion when it has changed; it blocks and never raises."""
        try:
            wanted = self._wanted()
        except Exception as error:
            self._refuse(error)
            return
        if wanted is None:
            self.fault = self.fault if self.served else _NOT_PROMOTED
        elif wanted != self._seen or (self.fault and self._clock() >= self._try_again_at):
            self._seen = wanted
            self._try_again_at = self._clock() + TRY_AGAIN_AFTER
            self._serve(wanted[0], wanted[1])

    def _wanted(self) -> tuple[str, Path, int] | None:
        found = self._shelf.champion()
        return (*found, self._shelf.pointer.stat().st_mtime_ns) if found else None

    def _serve(self, version: str, bundle: Path) -> None:
        try:
            scorer = self._load(bundle, version)
            _rehearse(scorer)
        except Exception as error:
            self._refuse(error)
            return
        self.served, self.fault = Served(scorer, datetime.now(UTC)), None
        LOG.info("serving model %s under agreement %s", scorer.model_version, scorer.agreement.version)
        self._on_change()

    def _refuse(self, error: Exception) -> None:
        fault = error if isinstance(error, BatonError) else _unexpected(error)
        if str(fault) != str(self.fault):
            LOG.error("champion not loaded: %s", fault)
        self.fault = fault


def _rehearse(scorer: Scorer) -> None:
    """Score a made-up lead, so that the first real one meets warm code that works."""
    now = time.time_ns() // 1000
    lead = LeadInput("rehearsal", now, {"created_at": datetime.now(UTC).isoformat()})
    if len(scorer.score([lead])) != 1:
        raise NoModelError("a model answers each lead", "none for a rehearsal", "promote another model")


def _unexpected(error: Exception) -> NoModelError:
    return NoModelError(
        "the champion loads",
        f"{type(error).__name__}: {error}"[:300],
        "promote another, or `baton rollback`",
    )
