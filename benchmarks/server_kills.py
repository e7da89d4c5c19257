"""Kills `guide serve` under load again and again, and looks for what it had said yes to.

    python benchmarks/server_kills.py [--kills 20] [--clients 4] [--seed 1]

Works on a copy of the library of the data folder (GUIDE_HOME), without the reranker. In each round
the server is started, clients ask, judge their answers and send one page of a starter guide as a
document of its own, and the server is ended with SIGKILL at no particular moment. In the end it is
started once more and works off what waits. Prints one JSON object:

    promised   answers, judgements and documents that the server had said yes to before it was
               killed
    lost       of them, what is not there, or not as it was said; must be empty
    doubled    documents that are there more than once; must be empty
    same       whether a question is still answered in the same words, and all documents that were
               there before still are
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from pypdf import PdfReader, PdfWriter

_PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_PROJECT))

from assistant.kept import KeptAnswers  # noqa: E402
from corpus.settings import load_settings  # noqa: E402

COMMAND = "import sys; from app import main; main(sys.argv[1:])"
QUESTIONS = (
    "How much can a Small-scale Partnership get?",
    "Who can apply for a Cooperation Partnership?",
    "How long may a blended intensive programme last?",
    "Can a university from Switzerland take part?",
)
START_S, WORK_OFF_S = 120, 600


@dataclass
class Promised:
    """What the server said yes to: answers with their text, judgements, documents by job."""

    answers: dict[str, str] = field(default_factory=dict)
    feedback: dict[str, bool] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def server(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """A server that is ready; it is killed in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "serve", "--port", str(port)],
        cwd=_PROJECT,
        env={**os.environ, "GUIDE_HOME": str(home), "GUIDE_RETRIEVAL__RERANKER": "none"},
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            end = time.monotonic() + START_S
            while not ready(client):
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit("The server does not become ready.")
                time.sleep(0.1)
            yield process, client
    finally:
        process.kill()
        process.wait()


def ready(client: httpx.Client) -> bool:
    """Whether questions can be answered."""
    with contextlib.suppress(httpx.TransportError):
        return client.get("/readyz").status_code == 200
    return False


def use(client: httpx.Client, promised: Promised, number: int, heard: threading.Event) -> None:
    """Asks and judges until the server is gone."""
    with contextlib.suppress(httpx.TransportError):
        for turn in itertools.count(number):
            question = QUESTIONS[turn % len(QUESTIONS)]
            answer = client.post("/api/v1/answers", json={"question": question})
            answer.raise_for_status()
            promised.answers[answer.json()["id"]] = answer.json()["text"]
            body = {"answer_id": answer.json()["id"], "up": turn % 2 == 0}
            client.post("/api/v1/feedback", json=body).raise_for_status()
            promised.feedback[body["answer_id"]] = body["up"]
            heard.set()


def send(client: httpx.Client, promised: Promised, pdf: Path) -> None:
    """Sends a document."""
    kind = {"content-type": "application/pdf"}
    with contextlib.suppress(httpx.TransportError):
        response = client.post(
            "/api/v1/documents", params={"name": pdf.name}, content=pdf.read_bytes(), headers=kind
        )
        response.raise_for_status()
        promised.jobs[response.json()["id"]] = pdf.name


def killed_round(home: Path, promised: Promised, pdf: Path, clients: int, after_s: float) -> None:
    """One life of the server, under load from its first answer on."""
    heard = threading.Event()
    with server(home) as (process, client):
        threads = [
            threading.Thread(target=use, args=(client, promised, number, heard))
            for number in range(clients)
        ]
        threads.append(threading.Thread(target=send, args=(client, promised, pdf)))
        for thread in threads:
            thread.start()
        heard.wait(60)
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join()


def pages(folder: Path, target: Path) -> Iterator[Path]:
    """PDFs of one page each, all different."""
    for source in sorted(folder.glob("*.pdf")):
        for number in range(2, len(PdfReader(source).pages)):
            writer = PdfWriter()
            writer.append(source, pages=(number, number + 1))
            made = target / f"{source.stem}-{number}.pdf"
            writer.write(made)
            yield made


def documents(client: httpx.Client) -> Counter[str]:
    """How often each file is in the library."""
    found: Counter[str] = Counter()
    offset: int | None = 0
    while offset is not None:
        body = client.get("/api/v1/documents", params={"limit": 100, "offset": offset}).json()
        found.update(document["file"] for document in body["documents"])
        offset = body["next_offset"]
    return found


def work_off(client: httpx.Client, promised: Promised) -> list[str]:
    """Waits for all jobs; those that are lost or failed."""
    lost = []
    end = time.monotonic() + WORK_OFF_S
    for job_id, name in promised.jobs.items():
        while True:
            response = client.get(f"/api/v1/jobs/{job_id}")
            state = response.json().get("state", response.status_code)
            if state not in ("waiting", "running") or time.monotonic() > end:
                break
            time.sleep(0.5)
        if state != "done":
            lost.append(f"document {name}: {state}")
    return lost


def main() -> None:
    """Kills, looks, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance, promised = random.Random(given.seed), Promised()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        home = base / "home"
        shutil.copytree(load_settings().home, home)
        made = pages(_PROJECT / "corpus" / "starter", base)
        with server(home) as (_, client):
            before = documents(client)
            first = client.post("/api/v1/answers", json={"question": QUESTIONS[0]}).json()
        for number in range(1, given.kills + 1):
            killed_round(home, promised, next(made), given.clients, chance.uniform(0, 6))
            print(f"{number} killed, {len(promised.answers)} answers", file=sys.stderr, flush=True)
        with server(home) as (_, client):
            lost = work_off(client, promised)
            for answer_id, text in promised.answers.items():
                kept = client.get(f"/api/v1/answers/{answer_id}").json()
                if kept.get("answer", kept).get("text") != text:
                    lost.append(f"answer {answer_id}")
            after = documents(client)
            question = {"question": QUESTIONS[0], "document_id": first["edition"]["document_id"]}
            last = client.post("/api/v1/answers", json=question).json()
        with contextlib.closing(KeptAnswers.open(home)) as store:
            rows = store.rows()
    judged = {row.answer_id: row.up for row in rows}
    lost += [f"feedback {i}" for i, up in promised.feedback.items() if judged.get(i) is not up]
    lost += [f"document {name}" for name in promised.jobs.values() if name not in after]
    doubled = [name for name, count in after.items() if count > max(1, before[name])]
    report = {
        "kills": given.kills,
        "promised": {
            "answers": len(promised.answers),
            "feedback": len(promised.feedback),
            "documents": len(promised.jobs),
        },
        "lost": lost,
        "doubled": doubled + [i for i, n in Counter(r.answer_id for r in rows).items() if n > 1],
        "same": before <= after and first["text"] == last["text"],
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")
    sys.exit(bool(report["lost"] or report["doubled"] or not report["same"]))


if __name__ == "__main__":
    main()
