"""One running service: its parts, put together once, started and stopped as one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Final

from serving.champion import ModelWatch, Scorer, Shelf, challenger_of, champion_of
from serving.figures.erased import ErasedLeads
from serving.figures.file import FiguresWatch
from serving.key_store import active_grants
from serving.keyring import Keyring
from serving.ledger.errors import LedgerDownError
from serving.ledger.ledger import Ledger
from serving.ledger.retiring import retire
from serving.metrics import Metrics
from serving.opinions import Panel
from serving.past_models import PastModels
from serving.rates import Rates
from serving.scoring import ScoringDesk
from serving.settings import Settings

LOG: Final = logging.getLogger("baton.running")
RETIRE_EVERY: Final = 3600.0
"""Seconds between two looks for rows that have been kept for long enough."""


@dataclass(frozen=True)
class Running:
    """The parts of a service that is running."""

    settings: Settings
    ledger: Ledger
    keyring: Keyring
    champion: ModelWatch
    challenger: ModelWatch
    panel: Panel
    past: PastModels
    desk: ScoringDesk
    metrics: Metrics
    rates: Rates
    figures: FiguresWatch
    erased: ErasedLeads = field(default_factory=ErasedLeads)
    stopping: Event = field(default_factory=Event)

    def faults(self) -> dict[str, str]:
        """Return why the service is not ready: by part, the reason. Empty means ready."""
        model = self.champion.fault if self.champion.served is None else None
        found = {"model": model, "ledger": self.ledger.fault}
        return {part: str(fault) for part, fault in found.items() if fault is not None}

    def refresh(self) -> None:
        """See to the ledger, the keys and the models; it blocks and never raises."""
        before = self.ledger.fault
        try:
            self.ledger.open()
            self.keyring.refresh()
            self.erased.learn(self.ledger)
        except LedgerDownError as error:
            if str(before) != str(error):
                LOG.error("ledger down: %s", error)
        except Exception:
            LOG.exception("the ledger could not be opened")
        else:
            if before is not None:
                LOG.info("ledger %s is open", self.ledger.name)
        self.champion.refresh()
        self.challenger.refresh()
        self.figures.refresh()
        self.metrics.waiting(self.desk.waiting)

    def retire(self) -> None:
        """Delete what has been kept for long enough; it blocks and never raises."""
        if self.ledger.fault is not None:
            return
        try:
            gone = retire(
                self.ledger, self.settings, datetime.now(UTC), goes_on=lambda: not self.stopping.is_set()
            )
        except LedgerDownError as error:
            LOG.error("old rows are not deleted yet: %s", error)
        except Exception:
            LOG.exception("old rows could not be deleted")
        else:
            if gone:
                LOG.info("old rows deleted: %s", ", ".join(f"{count} {name}" for name, count in gone.items()))


@asynccontextmanager
async def running(
    settings: Settings, shelf: Shelf, load: Callable[[Path, str], Scorer], on_change: Callable[[], None]
) -> AsyncIterator[Running]:
    """Start the service's parts, keep them fresh, and stop them when the work under way is done."""
    ledger = Ledger(settings.ledger_url, settings.ledger_seconds)
    champion = ModelWatch(champion_of(shelf), load, on_change)
    challenger = ModelWatch(challenger_of(shelf), load, on_change)
    panel = Panel(challenger, settings.canary_share)
    metrics = Metrics()
    room = Running(
        settings=settings,
        ledger=ledger,
        keyring=Keyring(lambda: active_grants(ledger)),
        champion=champion,
        challenger=challenger,
        panel=panel,
        past=PastModels(shelf, load, (champion, challenger)),
        desk=ScoringDesk(champion, panel, ledger, settings, metrics),
        metrics=metrics,
        rates=Rates(settings.per_minute, metrics.rate_limited),
        figures=FiguresWatch(settings.pages),
    )
    await asyncio.to_thread(room.refresh)
    LOG.info("answering at %s, %s", settings.address, "; ".join(room.faults().values()) or "ready to score")
    keeping = [asyncio.create_task(_keep_fresh(room)), asyncio.create_task(_keep_short(room))]
    try:
        yield room
    finally:
        room.stopping.set()
        for task in keeping:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await room.desk.close()
        ledger.close()
        room.figures.close()


async def _keep_fresh(room: Running) -> None:
    while True:
        await asyncio.sleep(room.settings.refresh_seconds)
        await asyncio.to_thread(room.refresh)


async def _keep_short(room: Running) -> None:
    while True:
        await asyncio.to_thread(room.retire)
        await asyncio.sleep(RETIRE_EVERY)
