"""How many answers a second the server gives to many clients at once, and whether it stays healthy.

    python benchmarks/load.py --clients 50 --seconds 60
    GUIDE_RETRIEVAL__RERANKER=none python benchmarks/load.py

Starts `guide serve` on the library of the data folder (GUIDE_HOME) and asks questions over HTTP
from clients that each wait for their answer before they ask again. A refusal (503) is obeyed: the
client comes back after Retry-After. Prints one JSON object:

    ready_s        from the start of the process until /readyz says yes
    answers_per_s  whole answers in the time measured, after a short warm-up
    cpu_s          processor seconds of the server for one answer: fair on a busy machine
    p50_s, p95_s   time of an answer as the client sees it
    refused        503 with Retry-After
    errors         anything else that is not an answer, by kind; must be empty
    rss_mb         memory of the server at the middle and the end of the time
    growth         of memory in the second half
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

COMMAND = "import sys; from app import main; main(sys.argv[1:])"
QUESTIONS = (
    "How much can a Small-scale Partnership get?",
    "Who can apply for a Cooperation Partnership?",
    "What is the maximum duration of a mobility project for school education?",
    "How long may a blended intensive programme last?",
    "What are the award criteria of Capacity building in higher education?",
    "Which countries are associated to the Programme?",
    "What is the deadline for Erasmus Mundus Joint Masters?",
    "Can a university from Switzerland take part?",
    "What does the lump sum grant cover?",
    "How many participants may a youth exchange have?",
    "What is green travel?",
    "How is the grant for organisational support calculated?",
    "Is there support for participants with fewer opportunities?",
    "What is the minimum consortium of a Teacher Academy?",
    "When is the second deadline for Small-scale Partnerships?",
    "What is the co-financing rate of Alliances for Innovation?",
)


@dataclass
class Tally:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    errors: collections.Counter[str] = field(default_factory=collections.Counter)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm-up", type=float, default=5)
    arguments = parser.parse_args()
    with server() as (address, pid, ready_s):
        result = asyncio.run(
            _measure(address, pid, arguments.clients, arguments.seconds, arguments.warm_up)
        )
    print(json.dumps({"ready_s": ready_s, **result}, indent=1))


@contextlib.contextmanager
def server() -> Iterator[tuple[str, int, float]]:
    """A server that is ready: its address, process id and seconds until then."""
    start = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if found := re.search(r"http://\S+:\d+", line):
                address = found[0]
                break
            print(line, end="", file=sys.stderr)
        else:
            raise SystemExit("The server did not start.")
        _until_ready(address)
        yield address, process.pid, round(time.monotonic() - start, 2)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _until_ready(address: str) -> None:
    while True:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/readyz", timeout=30).status_code == 200:
                return
        time.sleep(0.05)


async def _measure(
    address: str, pid: int, clients: int, seconds: float, warm_up: float
) -> dict[str, object]:
    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=300) as client:
        stop = asyncio.Event()
        tally = Tally()
        asking = [asyncio.create_task(_ask(client, n, stop, tally)) for n in range(clients)]
        await asyncio.sleep(warm_up)
        _clear(tally)
        before = _cpu_s(pid)
        await asyncio.sleep(seconds / 2)
        middle = _rss_mb(pid)
        await asyncio.sleep(seconds / 2)
        end, done, cpu_s = _rss_mb(pid), sorted(tally.seconds), _cpu_s(pid) - before
        refused, errors = tally.refused, dict(tally.errors)
        stop.set()
        await asyncio.gather(*asking)
        health = (await client.get("/readyz")).status_code
    return {
        "clients": clients,
        "seconds": seconds,
        "answers": len(done),
        "answers_per_s": round(len(done) / seconds, 2),
        "cpu_s": round(cpu_s / len(done), 2) if done else None,
        "p50_s": round(statistics.median(done), 2) if done else None,
        "p95_s": round(done[int(0.95 * (len(done) - 1))], 2) if done else None,
        "refused": refused,
        "errors": errors,
        "rss_mb": [middle, end],
        "growth": round(end / middle - 1, 3),
        "ready_after": health == 200,
    }


async def _ask(client: httpx.AsyncClient, number: int, stop: asyncio.Event, tally: Tally) -> None:
    turn = number
    while not stop.is_set():
        # Each question differs a little, so that no cache of answers could help.
        body = {"question": f"{QUESTIONS[turn % len(QUESTIONS)]} ({turn})"}
        turn += 1
        start = time.monotonic()
        try:
            response = await client.post("/api/v1/answers", json=body)
        except httpx.HTTPError as error:
            tally.errors[type(error).__name__] += 1
            continue
        if response.status_code == 200:
            tally.seconds.append(time.monotonic() - start)
        elif response.status_code == 503 and "retry-after" in response.headers:
            tally.refused += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), int(response.headers["retry-after"]))
        else:
            tally.errors[str(response.status_code)] += 1


def _clear(tally: Tally) -> None:
    tally.seconds.clear()
    tally.errors.clear()
    tally.refused = 0


def _rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, 1)  # type: ignore[index]


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
