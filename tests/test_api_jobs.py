"""The queue of documents to add and remove, and the routes that fill it."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant import api_jobs
from assistant.api import create_api
from assistant.api_jobs import Job, Jobs, JobState
from assistant.serve import guarded, open_desks
from corpus.corrections import Correction, pack_correction
from corpus.errors import (
    BusyError,
    LibraryError,
    LibraryLockedError,
    QuestionError,
)
from corpus.settings import LimitSettings, Settings
from corpus.sqlite import Database
from tests.web import Double, document

GUIDE = document()
PDF = b"%PDF-1.7\n" + b"x" * 2000


@dataclass(frozen=True)
class Result:
    document_id: str | None
    warnings: tuple[str, ...] = ()
    status: str = "indexed"


@dataclass
class Library:
    """Takes in what it is given; `errors` are raised first, one for each call."""

    errors: list[Exception] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    done: list[tuple[str, bytes]] = field(default_factory=list)
    again: list[bool] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False

    def __post_init__(self) -> None:
        self.held.set()

    def add(self, path: Path, *, again: bool = False) -> Result:
        self._begin()
        self.again.append(again)
        content = path.read_bytes()
        self.done.append((path.name, content))
        if b"broken" in content:
            return Result(None, ("The file is damaged.", "Get it again."), "damaged")
        return Result(path.stem)

    def remove(self, document_id: str) -> None:
        self._begin()
        self.done.append((document_id, b""))

    def correct(self, document_id: str, correction: Correction) -> None:
        self._begin()
        self.done.append((document_id, pack_correction(correction).encode()))

    def stop(self) -> None:
        self.stopped = True
        self.held.set()

    def _begin(self) -> None:
        self.begun.set()
        self.held.wait(timeout=30)
        if self.stopped:
            raise LibraryLockedError("broken off")
        if self.errors:
            raise self.errors.pop(0)


@contextlib.contextmanager
def working(home: Path, library: Library) -> Iterator[Jobs]:
    jobs = Jobs(home, library, pause_s=0.01)
    jobs.start()
    with contextlib.closing(jobs):
        yield jobs


def put(jobs: Jobs, content: bytes = PDF, name: str = "guide.pdf") -> Job:
    upload = jobs.new_upload()
    (upload / name).write_bytes(content)
    return jobs.add(upload, name)


def ended(jobs: Jobs, job: Job, *, patience_s: float = 10) -> Job:
    pause = threading.Event()
    for _ in range(round(patience_s / 0.005)):
        now = jobs.get(job.id)
        if now.state in (JobState.DONE, JobState.FAILED):
            return now
        pause.wait(0.005)
    raise AssertionError(f"not ended: {now}")


def test_the_queue_outlives_a_file_that_another_program_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(api_jobs, "Database", partial(Database, busy_timeout_s=0.05))
    library = Library()
    library.held.clear()
    with working(tmp_path, library) as jobs:
        first, second = put(jobs), put(jobs, name="second.pdf")
        assert library.begun.wait(10)
        with closing(sqlite3.connect(tmp_path / api_jobs.JOBS_FILE)) as other:
            other.execute("BEGIN IMMEDIATE")
            library.held.set()  # done, but that cannot be written down
            pause = threading.Event()
            for _ in range(2000):
                if "Documents wait" in caplog.text:
                    break
                pause.wait(0.005)
            assert "Documents wait" in caplog.text
            other.rollback()
        assert [ended(jobs, job).state for job in (first, second)] == [JobState.DONE] * 2


def test_a_job_that_the_system_refuses_fails_alone(tmp_path: Path) -> None:
    library = Library(errors=[OSError("no more processes")])
    with working(tmp_path, library) as jobs:
        first, second = put(jobs), put(jobs, name="second.pdf")
        assert ended(jobs, first).message == "no more processes"
        assert ended(jobs, second).state is JobState.DONE


def test_files_are_taken_in_one_after_the_other(tmp_path: Path) -> None:
    library = Library()
    with working(tmp_path, library) as jobs:
        put_in = [put(jobs, name=f"g{n}.pdf") for n in range(3)]
        out = jobs.remove("g1")
        assert [ended(jobs, job).document_id for job in (*put_in, out)] == ["g0", "g1", "g2", "g1"]
        assert [job.name for job in jobs.all(limit=2, offset=0)] == ["g1", "g2.pdf"]
    assert library.done == [("g0.pdf", PDF), ("g1.pdf", PDF), ("g2.pdf", PDF), ("g1", b"")]
    assert list((tmp_path / api_jobs.UPLOADS_FOLDER).iterdir()) == []


def test_a_document_is_read_again_from_a_copy_and_corrected(tmp_path: Path) -> None:
    # What is there is not taken out for it: it answers until it is replaced.
    library = Library(errors=[LibraryLockedError("busy")])
    pdf = tmp_path / "held"
    pdf.write_bytes(PDF)
    with working(tmp_path, library) as jobs:
        job = ended(jobs, jobs.again("g1", pdf, "g1.pdf"))
        assert (job.state, job.document_id) == (JobState.DONE, "g1")
        assert library.done == [("g1.pdf", PDF)]
        job = ended(jobs, jobs.correct("g1", {"year": 2026, "date": date(2025, 11, 12)}))
        assert (job.state, job.document_id) == (JobState.DONE, "g1")
        assert library.done[1] == ("g1", b'{"year": 2026, "date": "2025-11-12"}')
        assert [ended(jobs, jobs.again("g1", pdf, "g1.pdf")).state] == [JobState.DONE]
        assert library.done[2:] == [("g1.pdf", PDF)]
        assert library.again == [True, True]
        ended(jobs, put(jobs))
        assert library.again[2:] == [False]


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    library = Library(errors=[LibraryError("The disk is full.")])
    with working(tmp_path, library) as jobs:
        first = ended(jobs, put(jobs))
        assert (first.state, first.message) == (JobState.FAILED, "The disk is full.")
        second = ended(jobs, put(jobs, PDF + b"broken"))
        assert (second.state, second.message) == (
            JobState.FAILED,
            "The file is damaged. Get it again.",
        )


def test_a_busy_library_is_tried_again(tmp_path: Path) -> None:
    library = Library(errors=[LibraryLockedError("busy")] * 3)
    with working(tmp_path, library) as jobs:
        assert ended(jobs, put(jobs)).state is JobState.DONE
    assert len(library.done) == 1


def test_a_job_that_was_broken_off_is_done_after_the_next_start(tmp_path: Path) -> None:
    library = Library()
    library.held.clear()
    with working(tmp_path, library) as jobs:
        first, second = put(jobs), put(jobs, name="second.pdf")
        assert library.begun.wait(timeout=10)
        assert jobs.get(first.id).state is JobState.RUNNING
    assert library.done == []
    again = Library()
    with working(tmp_path, again) as jobs:
        assert ended(jobs, first).state is JobState.DONE
        assert ended(jobs, second).state is JobState.DONE
    assert [name for name, _ in again.done] == ["guide.pdf", "second.pdf"]


def test_one_process_works_and_others_fill_the_queue(tmp_path: Path) -> None:
    first, second = Library(), Library()
    with working(tmp_path, first) as worker:
        ended(worker, put(worker))
        with working(tmp_path, second) as other:
            job = put(other)
            assert ended(other, job).state is JobState.DONE
    assert len(first.done) == 2
    assert second.done == []


def test_only_so_many_wait(tmp_path: Path) -> None:
    with contextlib.closing(Jobs(tmp_path, Library(), most_waiting=2)) as jobs:
        for _ in range(2):
            jobs.check_room()
            jobs.remove("a")
        with pytest.raises(BusyError, match="wait already"):
            jobs.check_room()
        with pytest.raises(QuestionError, match="no job"):
            jobs.get("nothing")


# --- over HTTP ---


@dataclass
class Site:
    client: TestClient
    library: Library
    jobs: Jobs
    home: Path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """For tests that leave nothing behind."""
    with open_site(tmp_path_factory.mktemp("refusing")) as opened:
        yield opened


@contextlib.contextmanager
def open_site(home: Path) -> Iterator[Site]:
    settings = Settings(home=home, limits=LimitSettings(max_file_mb=1))
    double, library = Double(documents=(GUIDE,)), Library()
    with open_desks(double, settings, library) as desks:
        app = create_api(double, desks.kept, version="1", settings=settings, jobs=desks.jobs)
        whole = guarded(app, desks.keys, settings)
        assert desks.jobs is not None
        with TestClient(whole, base_url="http://localhost", client=("127.0.0.1", 1)) as client:
            yield Site(client, library, desks.jobs, home)


def send(site: Site, content: bytes | Iterator[bytes], name: str = "guide.pdf", **more: str) -> int:
    headers = {"content-type": "application/pdf", **more}
    response = site.client.post(
        "/api/v1/documents", params={"name": name}, content=content, headers=headers
    )
    if response.status_code >= 400:
        assert response.json()["detail"]
    return response.status_code


def test_a_pdf_is_taken_and_its_job_says_so(site: Site) -> None:
    response = site.client.post(
        "/api/v1/documents?name=Guide%202026%20(en).pdf",
        content=PDF,
        headers={"content-type": "application/pdf"},
    )
    assert response.status_code == 202
    job = response.json()
    assert job["kind"] == "add"
    assert response.headers["location"] == f"/api/v1/jobs/{job['id']}"
    ended(site.jobs, site.jobs.get(job["id"]))
    done = site.client.get(response.headers["location"]).json()
    assert (done["state"], done["document_id"]) == ("done", "Guide 2026 (en)")
    assert site.library.done == [("Guide 2026 (en).pdf", PDF)]
    assert site.client.get("/api/v1/jobs").json()["jobs"] == [done]
    assert site.client.get(f"/api/v1/jobs/{'0' * 16}").status_code == 404


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Guide & annex.pdf", "Guide & annex.pdf"),
        ("l'appel 2026.pdf", "l'appel 2026.pdf"),
        ("KA2 – 2026 [final].PDF", "KA2 – 2026 [final].PDF"),
        ("Οδηγός, «2026»; 100% #1 = $(id).pdf", "Οδηγός, «2026»; 100% #1 = $(id).pdf"),
        ("-rf ~ `id`.pdf", "-rf ~ `id`.pdf"),
        ("guide\n\x1b[2J\u202efdp.pdf", "guide\ufffd\ufffd[2J\ufffdfdp.pdf"),
        ("a" * 250 + ".pdf", "a" * 236 + ".pdf"),
        ("語" * 200 + ".pdf", "語" * 78 + ".pdf"),
    ],
)
def test_a_file_keeps_the_name_that_people_gave_it(site: Site, name: str, kept: str) -> None:
    assert send(site, PDF, name) == 202
    (job,) = site.jobs.all(limit=1, offset=0)
    assert job.name == kept
    ended(site.jobs, job)
    assert site.library.done == [(kept, PDF)]


def test_a_document_is_taken_out(site: Site) -> None:
    response = site.client.delete(f"/api/v1/documents/{GUIDE.id}")
    assert response.status_code == 202
    ended(site.jobs, site.jobs.get(response.json()["id"]))
    assert site.library.done == [(GUIDE.id, b"")]
    assert site.client.delete("/api/v1/documents/unknown").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../guide.pdf",
        "..\\guide.pdf",
        "/etc/passwd",
        "/etc/guide.pdf",
        "a/b.pdf",
        "C:\\guide.pdf",
        ".hidden.pdf",
        "guide.pdf\x00.txt",
        "guide.exe",
        "guide.pdf\n",
        "x" * 252 + ".pdf",
        "",
        ".pdf",
        "..pdf",
    ],
)
def test_a_name_is_no_path(refusing: Site, name: str) -> None:
    assert send(refusing, PDF, name) == 422
    assert refusing.library.done == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/pdf", 415),
        (b"PK\x03\x04" + b"x" * 5000, "application/pdf", 415),
        (b"<html>" + b" " * 2000 + b"%PDF-", "application/pdf", 415),
        (b"MZ", "application/pdf", 415),
        (PDF, "text/plain", 415),
        (PDF, "multipart/form-data; boundary=x", 415),
        (PDF, "", 415),
        (b"%PDF-1.7" + b"0" * (2 << 20), "application/pdf", 413),
    ],
)
def test_what_is_no_pdf_is_refused(refusing: Site, content: bytes, kind: str, status: int) -> None:
    assert send(refusing, content, **{"content-type": kind}) == status
    assert list((refusing.home / api_jobs.UPLOADS_FOLDER).iterdir()) == []


def test_a_file_that_grows_too_large_on_its_way_is_refused(refusing: Site) -> None:
    assert send(refusing, iter([PDF] + [b"0" * (1 << 18)] * 8)) == 413
    assert list((refusing.home / api_jobs.UPLOADS_FOLDER).iterdir()) == []


def test_a_job_says_in_a_word_how_its_file_ended(tmp_path: Path) -> None:
    with working(tmp_path, Library()) as jobs:
        assert ended(jobs, put(jobs)).outcome == "indexed"
        assert ended(jobs, put(jobs, b"%PDF-1.7 broken")).outcome == "damaged"
        assert ended(jobs, jobs.remove(GUIDE.id)).outcome == ""
