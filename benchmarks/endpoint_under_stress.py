"""The endpoint under stress: a cold burst, twice what it can take, and a long steady load.

    python benchmarks/endpoint_under_stress.py               # burst, overload of 60 s, soak of ten minutes
    python benchmarks/endpoint_under_stress.py --overload 20 --soak 60

- burst: a fresh server, and 64 clients that all ask in its first moment. How many fail?
- overload: what eight clients get through in five seconds is the capacity. Then requests arrive at twice that
  rate, whether the former are answered or not. How long do accepted ones take, how soon are the others
  refused, and how long does one request take right afterwards?
- soak: four clients ask without a pause. Do memory and latency grow? Told are the first and the last fifth.

Leads have 50 activities; reasons and ledger are on; clients have a process of their own. The last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.endpoint.clients import told_by_clients
from benchmarks.endpoint.servers import SERVERS, Server
from benchmarks.endpoint.shared_model import make_model, request_bodies

BURST: Final = 64
ACTIVITIES: Final = 50
CAPACITY_CLIENTS: Final = 8
SOAK_CLIENTS: Final = 4


def main() -> None:
    """Make a model, and put a server under each kind of stress."""
    asked = _arguments()
    found: dict[str, Any] = {"benchmark": "endpoint_under_stress"}
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        bodies = request_bodies(make_model(home, asked.crm_leads), ACTIVITIES, 64)
        for name, run, seconds in (
            ("burst", _burst, 1.0),
            ("overload", _overload, asked.overload),
            ("soak", _soak, asked.soak),
        ):
            if not seconds:
                continue
            (home / name).mkdir()
            with SERVERS["baton"](home, home / name) as server:
                found[name] = run(server, bodies, seconds)
            _say(
                f"{name}: "
                + ", ".join(
                    f"{what.replace('_', ' ')} {_shown(value)}" for what, value in found[name].items()
                )
            )
    _say(json.dumps(found))


def _burst(server: Server, bodies: list[str], _: float) -> Mapping[str, float]:
    told = told_by_clients(server, bodies, {"mode": "once", "clients": BURST})
    return {"clients": BURST, "failed": told["failed"], "slowest_ms": told["max_ms"]}


def _overload(server: Server, bodies: list[str], seconds: float) -> Mapping[str, float]:
    able = told_by_clients(server, bodies, {"mode": "steady", "clients": CAPACITY_CLIENTS, "seconds": 5.0})
    rate = 2 * able["requests_per_second"]
    told = told_by_clients(server, bodies, {"mode": "arriving", "rate": rate, "seconds": seconds})
    after = told_by_clients(server, bodies, {"mode": "steady", "clients": 1, "seconds": 3.0})
    before = told_by_clients(server, bodies, {"mode": "steady", "clients": 1, "seconds": 3.0})
    return {
        "capacity_per_second": able["requests_per_second"],
        "asked_per_second": rate,
        "accepted": told["accepted"],
        "refused": told["refused"],
        "failed": told["failed"],
        "accepted_p50_ms": told["p50_ms"],
        "accepted_p99_ms": told["p99_ms"],
        "refused_p99_ms": told["refused_p99_ms"],
        "alone_right_after_p50_ms": after["p50_ms"],
        "alone_later_p50_ms": before["p50_ms"],
    }


def _soak(server: Server, bodies: list[str], seconds: float) -> Mapping[str, float]:
    worker = _worker(server)
    memory: list[float] = []
    stop = threading.Event()
    watch = threading.Thread(target=_watch, args=(worker, memory, stop))
    watch.start()
    told = told_by_clients(server, bodies, {"mode": "steady", "clients": SOAK_CLIENTS, "seconds": seconds})
    stop.set()
    watch.join()
    fifth = max(len(memory) // 5, 1)
    return {
        "seconds": seconds,
        "requests": told["requests"],
        "failed": told["failed"],
        "first_mib": sum(memory[:fifth]) / fifth,
        "last_mib": sum(memory[-fifth:]) / fifth,
        "first_p50_ms": told["first_p50_ms"],
        "last_p50_ms": told["last_p50_ms"],
        "first_p99_ms": told["first_p99_ms"],
        "last_p99_ms": told["last_p99_ms"],
    }


def _worker(server: Server) -> psutil.Process:
    """Return the process that answers: of those that the server started, the one with most memory."""
    started = [server.process, *server.process.children(recursive=True)]
    return max(started, key=lambda one: one.memory_info().rss)


def _watch(worker: psutil.Process, memory: list[float], stop: threading.Event) -> None:
    while not stop.wait(2.0):
        memory.append(worker.memory_info().rss / 2**20)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--overload", type=float, default=60.0, help="seconds; 0 leaves it out")
    parser.add_argument("--soak", type=float, default=600.0, help="seconds; 0 leaves it out")
    parser.add_argument("--crm-leads", type=int, default=4_000, help="leads of the sample CRM")
    return parser.parse_args()


if __name__ == "__main__":
    main()
