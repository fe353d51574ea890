"""The figures as Prometheus reads them: what was counted, and how the service is at this moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from serving.metrics import SHARED_FOLDER

if TYPE_CHECKING:
    from serving.champion import Served
    from serving.running import Running

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def exposition(room: Running) -> bytes:
    """Return all figures in Prometheus' text format 0.0.4. It reads files where workers share them."""
    room.metrics.waiting(room.desk.waiting)
    now = CollectorRegistry(auto_describe=False)
    now.register(_Now(room))
    return generate_latest(_counted(room)) + generate_latest(now)


def _counted(room: Running) -> CollectorRegistry:
    folder = os.environ.get(SHARED_FOLDER)
    if not folder:
        return room.metrics.registry
    _forget_dead_workers(Path(folder))
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared


def _forget_dead_workers(folder: Path) -> None:
    """Leave out what a worker that was killed had waiting; what it had counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        process = file.stem.rsplit("_", 1)[1]
        if not process.isdigit():
            continue
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            mark_process_dead(int(process), str(folder))  # type: ignore[no-untyped-call]
        except PermissionError:
            continue


class _Now(Collector):
    """What is read off the worker that answers: every worker has the same model and ledger."""

    def __init__(self, room: Running) -> None:
        self._room = room

    def collect(self) -> Iterator[Metric]:
        room = self._room
        yield GaugeMetricFamily(
            "baton_ledger_up", "1 while the ledger can be written.", 0.0 if room.ledger.fault else 1.0
        )
        info = InfoMetricFamily("baton_model", "The models in service.", labels=("role",))
        age = GaugeMetricFamily(
            "baton_model_age_seconds", "How long a model has been in service here.", labels=("role",)
        )
        for role, served in _models(room):
            scorer = served.scorer
            info.add_metric(
                (role,),
                {
                    "version": scorer.model_version,
                    "rung": scorer.rung,
                    "agreement_version": scorer.agreement.version,
                },
            )
            age.add_metric((role,), (datetime.now(UTC) - served.since).total_seconds())
        yield info
        yield age


def _models(room: Running) -> Iterator[tuple[str, Served]]:
    for role, watch in (("champion", room.champion), ("challenger", room.challenger)):
        if watch.served is not None:
            yield role, watch.served
