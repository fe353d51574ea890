"""Figures for Prometheus: what is counted while Baton works."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

LOG: Final = logging.getLogger("baton.metrics")
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COMMIT_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
_LEADS: Final = (1, 2, 4, 8, 16, 32, 64, 100, 250, 500, 1000)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """The figures of one application, in a registry of its own.

    Where `PROMETHEUS_MULTIPROC_DIR` is set, as BentoML does, prometheus_client keeps them in files that
    all workers share. No label holds what someone typed: routes are templates, an unknown one is "(other)",
    and an odd method "other".
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "baton_requests",
            "Requests answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "baton_request_seconds",
            "From a request's first byte to the last byte of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._leads = Counter(
            "baton_leads_scored",
            "Leads answered and written to the ledger.",
            ("decision", "grade"),
            registry=self.registry,
        )
        self._groups = Histogram(
            "baton_group_leads",
            "Leads that were scored and written together.",
            buckets=_LEADS,
            registry=self.registry,
        )
        self._commits = Histogram(
            "baton_ledger_commit_seconds",
            "How long the ledger took to write a group.",
            buckets=_COMMIT_SECONDS,
            registry=self.registry,
        )
        self._limited = Counter(
            "baton_rate_limited_requests",
            "Requests refused because their key had asked too much within a minute.",
            ("key_id",),
            registry=self.registry,
        )
        self._waiting = Gauge(
            "baton_waiting_leads",
            "Leads that wait for the model or the ledger, or are being worked on.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        # Finding the child of a metric by its labels costs more than counting it.
        self._request_child = lru_cache(maxsize=1024)(self._requests.labels)
        self._leads_child = lru_cache(maxsize=256)(self._leads.labels)
        self._seconds_child = lru_cache(maxsize=256)(self._seconds.labels)
        if folder := os.environ.get(SHARED_FOLDER):
            self._request_child("/livez", "GET", "200")
            _reserve_room(Path(folder))

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        known = method if method in _METHODS else "other"
        self._request_child(route, known, str(status)).inc()
        self._seconds_child(route).observe(seconds)

    def scored(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Count the leads of a group whose rows are in the ledger."""
        self._groups.observe(len(rows))
        counts: dict[tuple[object, object], int] = {}
        for row in rows:
            kind = row["decision"], row["grade"]
            counts[kind] = counts.get(kind, 0) + 1
        for (decision, grade), count in counts.items():
            self._leads_child(str(decision), "none" if grade is None else str(grade)).inc(count)

    def committed(self, seconds: float) -> None:
        """Note how long a commit took."""
        self._commits.observe(seconds)

    def rate_limited(self, key_id: str) -> None:
        """Count a request that came too soon."""
        self._limited.labels(key_id).inc()

    def waiting(self, leads: int) -> None:
        """Note how many leads wait now."""
        self._waiting.set(leads)


def _reserve_room(folder: Path) -> None:
    """Take the room on disk that this worker's shared files claim to have.

    They are sparse and mapped into memory: with a full disk, a new figure would end the process by a signal.
    """
    for file in folder.glob(f"*_{os.getpid()}.db"):
        try:
            with file.open("r+b") as opened:
                os.posix_fallocate(opened.fileno(), 0, file.stat().st_size)
        except (OSError, AttributeError) as error:
            LOG.warning("no room reserved for the figures in %s: %s", file.name, error)
