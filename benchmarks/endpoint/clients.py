"""Clients in a process of their own: `python -m benchmarks.endpoint.clients`, told and telling by JSON.

``steady`` clients ask as fast as they are answered, for some seconds. ``once`` each of them asks once, all at
the same moment. ``arriving`` requests come at a rate, whether the former are answered or not.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from benchmarks.endpoint.servers import Server


@dataclass(frozen=True)
class Answer:
    """An answer's status, 0 if there was none, and how long it took, in milliseconds."""

    status: int
    took: float


Ask = Callable[[int], Coroutine[Any, Any, Answer]]
"""Sends the request of a turn."""


def told_by_clients(server: Server, bodies: Sequence[str], how: Mapping[str, Any]) -> dict[str, float]:
    """Let clients ask a server, and return what they saw."""
    told = {"url": server.url, "headers": dict(server.headers), "bodies": list(bodies), **how}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.endpoint.clients"],
        input=json.dumps(told),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return dict(json.loads(done.stdout))


async def ask(told: Mapping[str, Any]) -> dict[str, float]:
    """Ask in the way that is told, and return rates and latencies."""
    bodies = [body.encode() for body in told["bodies"]]
    connector = aiohttp.TCPConnector(limit=told.get("clients", 0))
    async with aiohttp.ClientSession(
        connector=connector, headers=told["headers"], timeout=aiohttp.ClientTimeout(total=120)
    ) as session:

        async def one(turn: int) -> Answer:
            began = time.perf_counter()
            try:
                async with session.post(told["url"], data=bodies[turn % len(bodies)]) as answer:
                    await answer.read()
                    status = answer.status
            except (aiohttp.ClientError, TimeoutError):
                status = 0
            return Answer(status, 1000 * (time.perf_counter() - began))

        began = time.perf_counter()
        answers = await _WAYS[told["mode"]](one, told)
        return figures(answers, time.perf_counter() - began)


async def _once(one: Ask, told: Mapping[str, Any]) -> list[Answer]:
    return list(await asyncio.gather(*(one(turn) for turn in range(told["clients"]))))


async def _steady(one: Ask, told: Mapping[str, Any]) -> list[Answer]:
    until = time.perf_counter() + told["seconds"]
    answers: list[Answer] = []

    async def client(first: int) -> None:
        turn = first
        while time.perf_counter() < until:
            answers.append(await one(turn))
            turn += told["clients"]

    await asyncio.gather(*(client(number) for number in range(told["clients"])))
    return answers


async def _arriving(one: Ask, told: Mapping[str, Any]) -> list[Answer]:
    began = time.perf_counter()
    asked = []
    for turn in range(int(told["rate"] * told["seconds"])):
        await asyncio.sleep(max(began + turn / told["rate"] - time.perf_counter(), 0))
        asked.append(asyncio.create_task(one(turn)))
    return list(await asyncio.gather(*asked))


_WAYS = {"once": _once, "steady": _steady, "arriving": _arriving}


def figures(answers: Sequence[Answer], seconds: float) -> dict[str, float]:
    """Return what is to be told of answers, in the order in which they came."""
    accepted = [one.took for one in answers if one.status == 200]
    refused = [one.took for one in answers if one.status in {429, 503}]
    fifth = max(len(accepted) // 5, 1)
    return {
        "requests": len(answers),
        "accepted": len(accepted),
        "refused": len(refused),
        "failed": len(answers) - len(accepted) - len(refused),
        "requests_per_second": len(accepted) / seconds,
        "p50_ms": _quantile(accepted, 0.5),
        "p99_ms": _quantile(accepted, 0.99),
        "max_ms": _quantile(accepted, 1.0),
        "refused_p99_ms": _quantile(refused, 0.99),
        "first_p50_ms": _quantile(accepted[:fifth], 0.5),
        "first_p99_ms": _quantile(accepted[:fifth], 0.99),
        "last_p50_ms": _quantile(accepted[-fifth:], 0.5),
        "last_p99_ms": _quantile(accepted[-fifth:], 0.99),
    }


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(json.load(sys.stdin)))))
