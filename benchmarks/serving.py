"""Requests per second and latencies of the endpoint, beside services that others would write.

    python benchmarks/serving.py                      # all servers, 18 cases: some ten minutes
    python benchmarks/serving.py --servers baton fastapi --seconds 3 --clients 8 --activities 50

One model of LightGBM's trees alone, one worker each, and each server answers what the others do: probability,
grade, decision, five reasons for and five against, and writes it to SQLite before it answers. Baton does its
checks, its intervals, its figures of leads alike and its hand-offs besides. `fastapi` computes the features
in one hand-written pass over the activities, `fastapi_pandas` with a DataFrame, `bentoml` is `fastapi` behind
BentoML's typed endpoint. `mlflow` is `mlflow models serve`, which gets the features ready made and answers
probabilities only.

Every rival's probabilities are held against Baton's first. Clients are a process of their own; each waits for
its answer before it asks again. Cases take turns among the servers, so that other load hits all alike. The
last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.endpoint.by_hand import ByHand, microseconds
from benchmarks.endpoint.clients import told_by_clients
from benchmarks.endpoint.servers import SERVERS, Server
from benchmarks.endpoint.shared_model import make_model, message_of
from benchmarks.single_lead.leads import leads_with
from features.from_history import records_from_history
from features.lead_input import LeadInput
from pipeline.checked_tables import CheckedTables
from pipeline.store import read_history

# Scripts beside this one look here first for the package `serving`: this says where it is.
__path__ = [str(Path(__file__).resolve().parents[1] / "serving")]

BODIES: Final = 64
"""So many different requests of each case are sent round and round."""

SAME: Final = 1e-9


@dataclass(frozen=True)
class Case:
    """So many clients, leads a request and activities a lead."""

    clients: int
    leads: int
    activities: int


def main() -> None:
    """Make a model, start the servers, ask them, tell."""
    asked = _arguments()
    cases = [Case(c, n, a) for a in asked.activities for n in asked.leads for c in asked.clients]
    with tempfile.TemporaryDirectory() as place, ExitStack() as open_servers:
        home = Path(place)
        project = make_model(home, asked.crm_leads)
        records, now = records_from_history(read_history(project.tables)), CheckedTables(project.tables).now
        if "mlflow" in asked.servers:
            _save_for_mlflow(home)
        servers = []
        for name in asked.servers:
            (home / name).mkdir()
            servers.append(open_servers.enter_context(SERVERS[name](home, home / name)))
            _say(f"{name} answers")
        found: list[dict[str, Any]] = []
        for case in cases:
            leads = list(leads_with(records, case.activities, min(BODIES * case.leads, 2000), now, seed=7))
            bodies = {server.name: _bodies(server, leads, case.leads, home) for server in servers}
            _require_same(servers, bodies)
            for server in servers:
                how = {"mode": "steady", "clients": case.clients, "seconds": asked.seconds}
                told = told_by_clients(server, bodies[server.name], how)
                found.append({"server": server.name, **asdict(case), **told})
                _tell(found[-1])
    _summary(found, asked.servers)


def _bodies(server: Server, leads: Sequence[LeadInput], size: int, home: Path) -> list[str]:
    groups = [leads[first : first + size] for first in range(0, len(leads) - size + 1, size)]
    if server.name == "mlflow":
        by_hand = ByHand(home, home / "unused.db")
        return [json.dumps(_split(by_hand, [message_of(lead) for lead in group])) for group in groups]
    return [json.dumps({"leads": [message_of(lead) for lead in group]}) for group in groups]


def _split(by_hand: ByHand, leads: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows = [by_hand.row(lead["fields"], lead["activities"], microseconds(lead["as_of"])) for lead in leads]
    clean = [[None if math.isnan(value) else value for value in row] for row in rows]
    return {"dataframe_split": {"columns": by_hand.names, "data": clean}}


def _save_for_mlflow(home: Path) -> None:
    import lightgbm
    import mlflow.lightgbm
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    booster = lightgbm.Booster(model_str=(home / "trees.txt").read_text())
    # Without a signature a column of nothing but nulls would reach LightGBM as objects, and be refused.
    columns = [
        ColSpec(DataType.double, name, required=False) for name in ByHand(home, home / "unused.db").names
    ]
    mlflow.lightgbm.save_model(
        booster,
        str(home / "mlflow_model"),
        pip_requirements=["lightgbm"],
        signature=ModelSignature(inputs=Schema(columns)),
    )


def _require_same(servers: Sequence[Server], bodies: Mapping[str, Sequence[str]]) -> None:
    """Refuse to compare servers that answer different probabilities."""
    told = {server.name: _probabilities(server, bodies[server.name][0]) for server in servers}
    first, *rest = told
    for name in rest:
        apart = max(abs(a - b) for a, b in zip(told[first], told[name], strict=True))
        if apart > SAME:
            sys.exit(f"{first} and {name} answer probabilities that are {apart:.2e} apart")


def _probabilities(server: Server, body: str) -> list[float]:
    told = httpx.post(server.url, content=body, headers=dict(server.headers), timeout=60).json()
    if "predictions" in told:
        return [float(one) for one in told["predictions"]]
    if "scores" not in told:
        sys.exit(f"{server.name} answered no scores but {json.dumps(told)[:500]}")
    return [float(one["probability"]) for one in told["scores"]]


def _summary(found: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    ratios: dict[str, list[float]] = {}
    for case in {(one["clients"], one["leads"], one["activities"]) for one in found}:
        rates = {
            one["server"]: one["requests_per_second"]
            for one in found
            if (one["clients"], one["leads"], one["activities"]) == case
        }
        for name in names:
            if name != "baton" and "baton" in rates:
                ratios.setdefault(name, []).append(rates["baton"] / rates[name])
    for name, times in ratios.items():
        times.sort()
        _say(
            f"Baton answers {times[len(times) // 2]:.2f} times as many requests as {name} "
            f"({times[0]:.2f} to {times[-1]:.2f})"
        )
    _say(json.dumps({"benchmark": "serving", "cases": list(found), "ratios": ratios}))


def _tell(one: Mapping[str, Any]) -> None:
    _say(
        f"{one['activities']:4} activities {one['leads']:4} leads {one['clients']:3} clients  "
        f"{one['server']:15}"
        f"{one['requests_per_second']:9.1f}/s  p50 {one['p50_ms']:8.2f}  p99 {one['p99_ms']:8.2f} ms"
        + (f"  FAILED {one['failed']}" if one["failed"] else "")
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--servers", nargs="+", choices=list(SERVERS), default=list(SERVERS))
    parser.add_argument("--clients", nargs="+", type=int, default=[1, 8, 32])
    parser.add_argument("--leads", nargs="+", type=int, default=[1, 100], help="leads a request")
    parser.add_argument("--activities", nargs="+", type=int, default=[0, 50, 500], help="activities a lead")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each case and server")
    parser.add_argument(
        "--crm-leads", type=int, default=4_000, help="leads of the sample CRM that is learned from"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
