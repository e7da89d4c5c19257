"""A server that is killed under load loses and doubles nothing that it said yes to.

GUIDE_KILLS=20 kills it as often; three times otherwise.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx
import pytest

from assistant.kept import KeptAnswers
from tests import killed_server

KILLS = int(os.environ.get("GUIDE_KILLS", "3"))
CLIENTS = 4
PDF = b"%PDF-1.7 of a guide\n"

# What is killed cannot put its things in order.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@dataclass
class Promised:
    """What the server said yes to."""

    answers: list[str] = field(default_factory=list)
    feedback: dict[str, bool] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def server(home: Path) -> Iterator[tuple[ForkServerProcess, httpx.Client]]:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([killed_server.__name__])
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=killed_server.run, args=(str(home), sending))
    process.start()
    assert receiving.poll(60)
    with httpx.Client(base_url=f"http://127.0.0.1:{receiving.recv()}", timeout=20) as client:
        try:
            yield process, client
        finally:
            process.kill()
            process.join()
            receiving.close()
            sending.close()


def use(client: httpx.Client, promised: Promised, number: int, enough: threading.Semaphore) -> None:
    """Asks, judges and uploads until the server is gone."""
    turn = 0
    with contextlib.suppress(httpx.TransportError):
        while True:
            turn += 1
            response = client.post("/api/v1/answers", json={"question": "How much?"})
            assert response.status_code == 200
            answer_id = response.json()["id"]
            promised.answers.append(answer_id)
            body = {"answer_id": answer_id, "up": bool(turn % 2)}
            assert client.post("/api/v1/feedback", json=body).status_code == 204
            promised.feedback[answer_id] = bool(turn % 2)
            name = f"{number}-{answer_id}.pdf"
            response = client.post(
                "/api/v1/documents",
                params={"name": name},
                content=PDF + name.encode(),
                headers={"content-type": "application/pdf"},
            )
            if response.status_code == 202:
                promised.jobs[response.json()["id"]] = name
            else:
                assert response.status_code == 503
            enough.release()


def test_nothing_is_lost_or_doubled_by_kills_under_load(tmp_path: Path) -> None:
    promised, chance = Promised(), random.Random(7)
    for _ in range(KILLS):
        with server(tmp_path) as (process, client):
            enough = threading.Semaphore(0)
            threads = [
                threading.Thread(target=use, args=(client, promised, number, enough))
                for number in range(CLIENTS)
            ]
            for thread in threads:
                thread.start()
            for _ in range(chance.randrange(3, 15)):  # at no particular moment
                assert enough.acquire(timeout=30)
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            for thread in threads:
                thread.join(timeout=30)

    assert len(promised.answers) >= 3 * KILLS
    with server(tmp_path) as (_, client):
        for answer_id in promised.answers:
            kept = client.get(f"/api/v1/answers/{answer_id}").json()
            assert (kept["id"], kept["holds"]) == (answer_id, True)
        for job_id, name in promised.jobs.items():
            assert ended(client, job_id) == "done"
            assert (tmp_path / "shelf" / name).read_bytes() == PDF + name.encode()
        jobs = client.get("/api/v1/jobs", params={"limit": 500}).json()["jobs"]
    names = [job["name"] for job in jobs]
    assert len(names) == len(set(names))
    assert len(os.listdir(tmp_path / "shelf")) == len(names)
    with contextlib.closing(KeptAnswers.open(tmp_path)) as kept_answers:
        rows = {row.answer_id: row.up for row in kept_answers.rows()}
        assert len(rows) == len(kept_answers.rows())
    assert promised.feedback.items() <= rows.items()


def ended(client: httpx.Client, job_id: str) -> str:
    pause = threading.Event()
    for _ in range(2000):
        state: str = client.get(f"/api/v1/jobs/{job_id}").json()["state"]
        if state in ("done", "failed"):
            return state
        pause.wait(0.01)
    raise AssertionError(f"{job_id} does not end")
