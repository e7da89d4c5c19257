"""Documents to add and remove while the server with the vectors is away."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from assistant.api_jobs import Jobs, JobState
from corpus.chroma import open_store
from corpus.errors import StoreUnreachableError, UnknownDocumentError
from corpus.ledger import Ledger
from corpus.settings import Settings, StoreSettings
from corpus.writer import IndexWriter
from ingest.isolated import IsolatedIngest
from tests.chroma import free_port, running_chroma
from tests.small_library import EMBEDDER, GUIDE, save
from tests.test_api_jobs import PDF, Library, ended, put, working


def test_a_store_that_is_away_is_waited_for_and_said(tmp_path: Path) -> None:
    library = Library(errors=[StoreUnreachableError("The Chroma server is away.")] * 3)
    messages: set[str] = set()
    with working(tmp_path, library) as jobs:
        job = put(jobs)
        while (now := jobs.get(job.id)).state is not JobState.DONE:
            assert now.state is not JobState.FAILED
            messages.add(now.message)
        assert now.message == ""
        # What is to be read again waits, too.
        library.errors += [StoreUnreachableError("away")]
        (tmp_path / "held").write_bytes(PDF)
        again = ended(jobs, jobs.again("g1", tmp_path / "held", "g1.pdf"))
        assert again.state is JobState.DONE
    assert "The Chroma server is away." in messages
    assert [name for name, _ in library.done] == ["guide.pdf", "g1.pdf"]


def test_what_has_gone_already_is_removed(tmp_path: Path) -> None:
    # A first try took it out of the ledger before the store went away.
    errors = [StoreUnreachableError("away"), UnknownDocumentError("There is no document g1.")]
    with working(tmp_path, Library(errors=list(errors))) as jobs:
        assert ended(jobs, jobs.remove("g1")).state is JobState.DONE


def test_a_document_goes_when_its_server_is_back(tmp_path: Path) -> None:
    port, vectors = free_port(), tmp_path / "vectors"
    store = StoreSettings(url=f"http://127.0.0.1:{port}", timeout_s=2)
    settings = Settings(home=tmp_path / "home", store=store)
    with (
        running_chroma(vectors, port),
        contextlib.closing(IndexWriter.open(settings, embedder=EMBEDDER)) as writer,
    ):
        row = save(writer, GUIDE).row
    with contextlib.closing(Jobs(settings.home, IsolatedIngest(settings), pause_s=0.1)) as jobs:
        job = jobs.remove(GUIDE.id)
        jobs.start()
        pause = threading.Event()
        while "chroma run" not in (now := jobs.get(job.id)).message:
            assert now.state in (JobState.WAITING, JobState.RUNNING)
            pause.wait(0.02)
        with running_chroma(vectors, port):
            assert ended(jobs, job, patience_s=60).state is JobState.DONE
            left = open_store(settings, library_id=library_id(settings))
            with contextlib.closing(left):
                assert left.count(str(row)) == 0


def library_id(settings: Settings) -> str:
    with contextlib.closing(Ledger(settings.home)) as ledger:
        return ledger.library_id
