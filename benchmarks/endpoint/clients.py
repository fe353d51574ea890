"""Clients that ask as fast as they are answered: `python -m benchmarks.endpoint.clients`, told by JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp


async def ask(told: dict[str, Any]) -> dict[str, float]:
    """Ask for some seconds with so many clients, each on a connection of its own."""
    bodies = [body.encode() for body in told["bodies"]]
    taken: list[float] = []
    statuses: dict[int, int] = {}

    async def one(session: aiohttp.ClientSession, first: int, until: float) -> None:
        turn = first
        while time.perf_counter() < until:
            began = time.perf_counter()
            async with session.post(
                told["url"], data=bodies[turn % len(bodies)], headers=told["headers"]
            ) as answer:
                await answer.read()
                statuses[answer.status] = statuses.get(answer.status, 0) + 1
            taken.append(1000 * (time.perf_counter() - began))
            turn += told["clients"]

    connector = aiohttp.TCPConnector(limit=told["clients"])
    async with aiohttp.ClientSession(
        connector=connector, timeout=aiohttp.ClientTimeout(total=120)
    ) as session:
        began = time.perf_counter()
        until = began + told["seconds"]
        await asyncio.gather(*(one(session, number, until) for number in range(told["clients"])))
        passed = time.perf_counter() - began
    taken.sort()
    return {
        "requests_per_second": len(taken) / passed,
        "p50_ms": taken[len(taken) // 2],
        "p99_ms": taken[min(int(len(taken) * 0.99), len(taken) - 1)],
        "failed": sum(count for status, count in statuses.items() if status != 200),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(json.load(sys.stdin)))))
