"""Many people at the chat window at once: how soon the first words come, and to whom.

    guide serve &
    python benchmarks/clients.py http://127.0.0.1:7860 --clients 20

Each client opens a session of its own, as a browser does, and asks its questions one after the
other, the later ones with a follow-up of its own. It fails on any error, and where a window shows
what another one asked.
"""

from __future__ import annotations

import argparse
import json
import math
import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import httpx

QUESTIONS = (
    "How much money can a Small-scale Partnership get?",
    "Who can apply for a Cooperation Partnership?",
    "How long can a youth exchange last?",
    "What is the deadline for Small-scale Partnerships?",
    "How many points does a Cooperation Partnership need to be funded?",
    "What is the minimum duration of a Cooperation Partnership?",
    "How is a lump sum grant paid out?",
)
TIMEOUT_S = 120
SIGNS = {
    "sign_s": "answer ",
    "searched_s": 'class=\\"searched',
    "found_s": "<br>",
    "first_s": 'class=\\"text',
}
"""What tells each time of `Asked` in the HTML of the answer that is being made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: seconds to the first sign that it was heard, to the first words, to the end.

    The sign is the line that says what is done for the question, or how many wait before it. With
    `searched_s` it is told what is searched, with `found_s` how many passages fit.
    """

    sign_s: float
    searched_s: float
    found_s: float
    first_s: float
    end_s: float


def entry(address: str) -> int:
    """Which of the window's functions answers a question that is sent."""
    config = httpx.get(f"{address}/config", timeout=TIMEOUT_S).raise_for_status().json()
    boxes = {c["id"] for c in config["components"] if c["props"].get("elem_id") == "asking"}
    for number, dependency in enumerate(config["dependencies"]):
        if any(target in boxes and event == "submit" for target, event in dependency["targets"]):
            return int(dependency.get("id", number))
    raise SystemExit("The window at this address has no place to ask.")


def ask(client: httpx.Client, fn: int, session: str, question: str) -> tuple[Asked, str]:
    """Asks as the window does; gives the times, and all that came back."""
    start = time.perf_counter()
    data = [question, None, None, None, "", "", "", ""]
    body = {"data": data, "fn_index": fn, "session_hash": session, "trigger_id": None}
    client.post("/gradio_api/queue/join", json=body).raise_for_status()
    came: list[str] = []
    seen = dict.fromkeys(SIGNS, math.nan)
    with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
        for line in stream.iter_lines():
            if not line.startswith("data:"):
                continue
            came.append(line)
            message = json.loads(line[5:])
            # What stands before the answer that is being made belongs to earlier ones.
            own = max(line.rfind("answer unfinished"), line.rfind("answer done"))
            for name, sign in SIGNS.items():
                if own >= 0 and math.isnan(seen[name]) and sign in line[own:]:
                    seen[name] = time.perf_counter() - start
            if message["msg"] == "process_completed":
                if not message["success"]:
                    raise RuntimeError(f"{question}: {line[:300]}")
                break
    return Asked(**seen, end_s=time.perf_counter() - start), "\n".join(came)


def person(
    address: str, fn: int, number: int, count: int, rounds: int, until: float, gate: Barrier
) -> list[Asked]:
    """One client with a window of its own."""
    session = secrets.token_hex(6)
    asked = []
    with httpx.Client(base_url=address, timeout=TIMEOUT_S) as client:
        gate.wait()
        for turn in range(rounds):
            if time.perf_counter() > until:
                break
            question = f"{QUESTIONS[(number + turn) % len(QUESTIONS)]} (asker {number:03})"
            times, came = ask(client, fn, session, question)
            others = [n for n in range(count) if n != number and f"asker {n:03}" in came]
            if others or f"asker {number:03}" not in came:
                raise RuntimeError(f"the window of client {number} shows questions of {others}")
            asked.append(times)
    return asked


def p95(values: list[float]) -> float:
    """The value that 95 % do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(0.95 * len(values)) - 1)]


def main() -> None:
    """Runs all clients at once and prints the times as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:7860")
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=2, help="questions of each client, at most")
    parser.add_argument("--seconds", type=float, default=math.inf, help="nothing is asked later")
    given = parser.parse_args()
    address = given.address.rstrip("/")
    fn = entry(address)
    gate = Barrier(given.clients)
    start = time.perf_counter()
    until = start + given.seconds
    with ThreadPoolExecutor(given.clients) as pool:
        people = [
            pool.submit(person, address, fn, n, given.clients, given.rounds, until, gate)
            for n in range(given.clients)
        ]
        asked = [times for done in people for times in done.result()]
    first = [times.first_s for times in asked if not math.isnan(times.first_s)]
    report = {
        "clients": given.clients,
        "questions": len(asked),
        "without_words": len(asked) - len(first),
        "sign_p95_s": round(p95([times.sign_s for times in asked]), 2),
        "searched_p95_s": round(p95([times.searched_s for times in asked]), 2),
        "found_p95_s": round(p95([times.found_s for times in asked]), 2),
        "first_words_p50_s": round(sorted(first)[len(first) // 2], 2) if first else None,
        "first_words_p95_s": round(p95(first), 2) if first else None,
        "end_p95_s": round(p95([times.end_s for times in asked]), 2),
        "questions_per_s": round(len(asked) / (time.perf_counter() - start), 2),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
