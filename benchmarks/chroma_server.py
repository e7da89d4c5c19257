"""Whether a library finds the same passages with its vectors in the data folder and on a server.

    python benchmarks/chroma_server.py --questions FILE.jsonl

Starts a Chroma server on this machine in a folder that is removed in the end, copies the vectors of
the library of the data folder (GUIDE_HOME) there as `guide documents copy` does, asks all questions
of both (conversations and filters included, without the reranker) and compares the first ten
passages. Prints one JSON object; times are seconds:

    questions, same   how many there are, and for how many the ten passages are the same ones in the
                      same order
    differing         the questions for which they are not
    copy_s            how long the copying of `vectors` took
    folder_s, server_s  how long all searches took
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(_PROJECT))

from assistant.wiring import open_assistant  # noqa: E402
from corpus.settings import Settings, StoreSettings, load_settings  # noqa: E402
from corpus.writer import IndexWriter  # noqa: E402
from eval.question_files import read_questions  # noqa: E402
from eval.questions import Question  # noqa: E402

TOP_K = 10
START_S = 30


@contextlib.contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Address of a running Chroma server that keeps its files in a folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            Path(sys.executable).with_name("chroma"),
            *("run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + START_S
        while not listens(port):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit("The Chroma server does not start.")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def listens(port: int) -> bool:
    """Whether something on this machine takes connections there."""
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def found(settings: Settings, questions: Sequence[Question]) -> tuple[list[list[str]], float]:
    """The first passages of each question, by chunk id, and how long it all took in seconds."""
    with contextlib.closing(open_assistant(settings)) as assistant:
        assistant.search("Who can apply?")
        start = time.perf_counter()
        tens = []
        for question in questions:
            _, passages = assistant.search(
                question.question, filters=question.filters, history=question.history, top_k=TOP_K
            )
            tens.append([passage.chunk.id for passage in passages])
        return tens, time.perf_counter() - start


def main() -> None:
    """Compares and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--questions", type=Path, required=True)
    questions = read_questions(parser.parse_args().questions)
    settings = load_settings()
    retrieval = settings.retrieval.model_copy(update={"reranker": "none"})
    with tempfile.TemporaryDirectory() as folder, chroma_server(Path(folder)) as url:
        update = {"retrieval": retrieval, "store": StoreSettings()}
        here = settings.model_copy(update=update)
        there = here.model_copy(update={"store": StoreSettings(url=url)})
        vectors = 0
        start = time.perf_counter()
        with contextlib.closing(IndexWriter.open(there)) as writer:
            writer.take_vectors("")
            vectors = sum(record.chunks for record in writer.records())
        copy_s = time.perf_counter() - start
        in_folder, folder_s = found(here, questions)
        on_server, server_s = found(there, questions)
    differing = [
        question.id
        for question, one, other in zip(questions, in_folder, on_server, strict=True)
        if one != other
    ]
    report = {
        "questions": len(questions),
        "same": len(questions) - len(differing),
        "differing": differing,
        "vectors": vectors,
        "copy_s": round(copy_s, 1),
        "folder_s": round(folder_s, 1),
        "server_s": round(server_s, 1),
    }
    json.dump(report, sys.stdout, indent=2)
    sys.stdout.write("\n")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
