"""Ingests a small library again and again, kills it at random moments, and lets it go on.

    python benchmarks/kills.py [--kills 50] [--files 3] [--pages 4] [--seed 1] [FOLDER]

The library is made of the first pages of the smallest PDFs of FOLDER (default: the starter guides).
Each time `guide ingest` starts with an empty data folder, is ended with SIGKILL at a moment drawn
evenly from the time that an undisturbed run works on the library, and is run once more. The library
must then equal that of the undisturbed run: the same documents, chunks, vectors and words, nothing
half-written, no file left over. Runs that ended before they were killed do not count.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pypdf import PdfReader, PdfWriter

from corpus.embedders import open_embedder
from corpus.embedding import Embedder
from corpus.index import LOCK_FILE, Index
from corpus.kept_files import FILES_FOLDER
from corpus.ledger import Ledger
from corpus.records import State
from corpus.settings import Settings

_COMMAND = (sys.executable, "-c", "from app import main; main()", "ingest")
_PROJECT = Path(__file__).resolve().parent.parent
_EVERYTHING = 100_000


@dataclass(frozen=True)
class Killed:
    """One run that was killed.

    Attributes:
        after_s: since the run took the library's lock.
        complete: documents that were complete when it was killed; None where it was faster.
        same: whether the library, gone on with, equals the undisturbed one.
    """

    after_s: float
    complete: int | None
    same: bool


def cut(folder: Path, target: Path, *, files: int, pages: int) -> list[Path]:
    """Writes PDFs of the first pages of the smallest ones of a folder."""
    made = []
    for source in sorted(folder.glob("*.pdf"), key=lambda path: path.stat().st_size)[:files]:
        writer = PdfWriter()
        writer.append(source, pages=(0, min(pages, len(PdfReader(source).pages))))
        made.append(target / source.name)
        writer.write(made[-1])
    return made


def prepare(home: Path, models: Path) -> Path:
    """An empty data folder that shares the converted models."""
    home.mkdir()
    (home / "models").symlink_to(models)
    return home


def start(home: Path, files: Sequence[Path]) -> subprocess.Popen[bytes]:
    """Starts `guide ingest`."""
    return subprocess.Popen(
        [*_COMMAND, *map(str, files)],
        cwd=_PROJECT,
        env={**os.environ, "GUIDE_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(home: Path, files: Sequence[Path]) -> float:
    """Runs `guide ingest` to its end; the time since it took the library's lock, in seconds."""
    run = start(home, files)
    begun = wait_for_lock(home, run)
    _, said = run.communicate()
    if run.returncode != 0:
        raise RuntimeError(f"guide ingest ended with {run.returncode}: {said.decode()}")
    return time.monotonic() - begun


def wait_for_lock(home: Path, run: subprocess.Popen[bytes]) -> float:
    """The moment at which a run that was just started begins to work on the library."""
    while run.poll() is None and not (home / LOCK_FILE).exists():
        time.sleep(0.005)
    return time.monotonic()


def contents(home: Path, embedder: Embedder) -> list[object]:
    """All that a library holds, but for what differs between any two runs."""
    with contextlib.closing(Ledger(home)) as ledger:
        states = sorted(str(record.state) for record in ledger.records(*State))
    probe = np.ones((1, embedder.dimension), dtype=np.float32) / np.sqrt(embedder.dimension)
    index = Index.open(Settings(home=home), embedder=embedder)
    try:
        (dense,) = index.dense_search(probe.astype(np.float32), top_k=_EVERYTHING)
        words = index.lexical_search("project grant partners credits", top_k=_EVERYTHING)
        return [
            [index.document(record.id) for record in index.records()],
            states,
            [(hit.chunk_id, round(hit.score, 5)) for hit in dense],
            [(hit.chunk_id, round(hit.score, 5)) for hit in words],
            [index.boxes(record.id, 1) for record in index.records()],
            sorted(path.name for path in (home / FILES_FOLDER).iterdir()),
        ]
    finally:
        index.close()


def kill_once(
    home: Path, files: Sequence[Path], after_s: float, expected: list[object], embedder: Embedder
) -> Killed:
    """One run that is killed and gone on with."""
    run = start(home, files)
    begun = wait_for_lock(home, run)
    complete: int | None = None
    with contextlib.suppress(subprocess.TimeoutExpired):
        run.communicate(timeout=max(0.0, begun + after_s - time.monotonic()))
    if run.poll() is None:
        run.kill()
        run.communicate()
        with contextlib.closing(Ledger(home)) as ledger:
            complete = len(ledger.records())
    finish(home, files)
    return Killed(after_s, complete, contents(home, embedder) == expected)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=_PROJECT / "corpus" / "starter")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--files", type=int, default=3)
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        (base / "models").mkdir()
        files = cut(arguments.folder, base, files=arguments.files, pages=arguments.pages)
        undisturbed = prepare(base / "undisturbed", base / "models")
        embedder = open_embedder(Settings(home=undisturbed))
        work_s = finish(undisturbed, files)
        expected = contents(undisturbed, embedder)
        print(f"{len(files)} files, {work_s:.1f} s undisturbed", flush=True)
        runs: list[Killed] = []
        while len(runs) < arguments.kills:
            home = prepare(base / "killed", base / "models")
            run = kill_once(home, files, moments.uniform(0.0, work_s), expected, embedder)
            shutil.rmtree(home)
            if run.complete is None:
                continue
            runs.append(run)
            end = "same" if run.same else "DIFFERS"
            print(f"{len(runs):3} {run.after_s:6.2f} s  {run.complete} complete  {end}", flush=True)
    same = sum(run.same for run in runs)
    print(f"{same} of {len(runs)} killed runs end as the undisturbed one")
    sys.exit(same != len(runs))


if __name__ == "__main__":
    main()
