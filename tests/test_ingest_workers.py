"""Files are read in processes of their own: what one does harms no other."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from corpus.errors import ModelError
from corpus.model import DocumentStatus
from corpus.settings import LimitSettings, Settings
from ingest.report import MISSING
from ingest.workers import Job, Read, Unread, read_files
from tests.raw_pdf import LINES, endless_form, endless_labels, write_pdf
from tests.text_reader import open_no_reader, open_pdf_reader, open_text_reader


def jobs_of(folder: Path, **texts: str) -> list[Job]:
    jobs = []
    for name, text in texts.items():
        path = folder / f"{name}.pdf"
        path.write_text(text)
        jobs.append(Job(path=path, name=f"{name}.pdf"))
    return jobs


def outcomes(jobs: list[Job], settings: Settings, workers: int = 2) -> list[Read | Unread]:
    results = list(read_files(jobs, settings=settings, workers=workers, reader=open_text_reader))
    assert [job for job, _ in results] == jobs
    return [result for _, result in results]


def test_results_come_in_order_from_any_number_of_workers(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, **{f"f{n}": f"text {n}" for n in range(4)})
    for workers in (1, 3):
        results = outcomes(jobs, Settings(home=tmp_path), workers)
        texts = [r.document.text for r in results if isinstance(r, Read)]
        assert texts == [f"text {n}\n" for n in range(4)]
    assert list(read_files([], settings=Settings(home=tmp_path), workers=2)) == []


def test_each_kind_of_failure_loses_one_file(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, limits=LimitSettings(file_timeout_s=3))
    jobs = jobs_of(
        tmp_path,
        good="fine",
        crash="crash",
        exit="exit",
        bug="bug",
        scan="scan",
        hang="hang",
        memory="memory",
        gone="gone",
        killed="killed",
        structure="structure",
        elsewhere="elsewhere",
        again="fine too",
    )
    results = dict(zip((job.path.stem for job in jobs), outcomes(jobs, settings), strict=True))
    assert isinstance(results["good"], Read)
    assert isinstance(results["again"], Read)
    unread = {name: r for name, r in results.items() if isinstance(r, Unread)}
    assert {name: (r.status, r.lasting) for name, r in unread.items()} == {
        "crash": (DocumentStatus.DAMAGED, False),
        "exit": (DocumentStatus.DAMAGED, False),
        "bug": (DocumentStatus.DAMAGED, False),
        "scan": (DocumentStatus.NEEDS_OCR, True),
        "hang": (DocumentStatus.TOO_LARGE, False),
        "memory": (DocumentStatus.TOO_LARGE, True),
        "gone": (MISSING, False),
        "killed": (DocumentStatus.DAMAGED, False),
        "elsewhere": (DocumentStatus.DAMAGED, False),
    }
    structure = results["structure"]
    assert isinstance(structure, Read)
    assert structure.document.status is DocumentStatus.PARTLY_INDEXED
    assert "SIGSEGV" in unread["crash"].reason
    assert "SIGKILL" in unread["killed"].reason
    assert "exit code 7" in unread["exit"].reason
    assert "ZeroDivisionError: a bug in the reader" in unread["bug"].reason
    assert unread["scan"].reason == "No page has text."
    assert "limits.file_timeout_s" in unread["hang"].reason
    assert "limits.memory_mb" in unread["memory"].reason
    assert unread["gone"].reason == "It cannot be opened: No such file or directory."
    assert "No such file or directory" in unread["elsewhere"].reason


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux")
def test_a_pdf_that_takes_memory_without_end_loses_itself_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, limits=LimitSettings(file_timeout_s=60, memory_mb=600))
    paths = [endless_form(tmp_path / "endless.pdf"), write_pdf(tmp_path / "good.pdf")]
    jobs = [Job(path=path, name=path.name) for path in paths]
    results = read_files(jobs, settings=settings, workers=1, reader=open_pdf_reader)
    (_, endless), (_, good) = results
    assert isinstance(good, Read)
    assert isinstance(endless, Unread)
    assert (endless.status, endless.lasting) == (DocumentStatus.TOO_LARGE, True)
    assert "more than 600 MB of memory" in endless.reason


def test_what_earlier_files_left_in_memory_harms_none(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, limits=LimitSettings(memory_mb=600))
    jobs = jobs_of(tmp_path, **{f"f{n}": f"hoard\n{n}" for n in range(4)})
    assert all(isinstance(result, Read) for result in outcomes(jobs, settings, workers=1))


def test_page_labels_that_crash_pdfium_do_not_lose_the_text(tmp_path: Path) -> None:
    path = endless_labels(tmp_path / "labels.pdf")
    job = Job(path=path, name=path.name)
    settings = Settings(home=tmp_path)
    ((same, read),) = read_files([job], settings=settings, workers=1, reader=open_pdf_reader)
    assert same == job
    assert isinstance(read, Read)
    assert all(line in read.document.text for line in LINES)
    assert read.document.status is DocumentStatus.PARTLY_INDEXED
    (warning,) = read.document.warnings
    assert "broke off (SIGSEGV)" in warning
    assert "without its page labels, bookmarks, form fields and attachments" in warning


def test_a_pdf_that_vanishes_before_it_is_read_is_missing(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "guide.pdf")
    path.unlink()
    job = Job(path=path, name=path.name)
    settings = Settings(home=tmp_path)
    ((_, gone),) = read_files([job], settings=settings, workers=1, reader=open_pdf_reader)
    assert isinstance(gone, Unread)
    assert (gone.status, gone.lasting) == (MISSING, False)
    assert gone.reason == "It cannot be opened: No such file or directory."


def test_pages_are_told_while_a_file_is_waited_for(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, limits=LimitSettings(file_timeout_s=2))
    (job,) = jobs_of(tmp_path, hang="hang\n\fpage 2\fpage 3")
    told: list[tuple[Job, int, int]] = []
    results = list(
        read_files(
            [job],
            settings=settings,
            workers=1,
            reader=open_text_reader,
            on_pages=lambda *pages: told.append(pages),
        )
    )
    assert isinstance(results[0][1], Unread)
    assert told[-1] == (job, 1, 3)


def test_a_password_reaches_the_reader(tmp_path: Path) -> None:
    (job,) = jobs_of(tmp_path, locked="locked\ntext")
    (result,) = outcomes([job], Settings(home=tmp_path))
    assert isinstance(result, Unread)
    assert result.status == DocumentStatus.NEEDS_PASSWORD
    job = Job(path=job.path, name=job.name, password="secret")
    (opened,) = outcomes([job], Settings(home=tmp_path))
    assert isinstance(opened, Read)


def test_workers_that_cannot_work_end_the_run(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, one="text", two="text")
    with pytest.raises(ModelError, match="Install it"):
        list(read_files(jobs, settings=Settings(home=tmp_path), workers=1, reader=open_no_reader))


def test_an_abandoned_run_leaves_no_worker(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, good="text", hang="hang")
    results = read_files(jobs, settings=Settings(home=tmp_path), workers=2, reader=open_text_reader)
    next(results)
    assert multiprocessing.active_children()
    results.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_a_worker_started_ends_with_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    settings = Settings(home=tmp_path, limits=LimitSettings(file_timeout_s=3))
    (result,) = outcomes(jobs_of(tmp_path, child=f"child\n{tmp_path / 'pipe'}"), settings)
    assert isinstance(result, Unread)
    assert result.status == DocumentStatus.TOO_LARGE
    assert os.read(reading, 10) == b"up\n"
    poll = select.poll()
    poll.register(reading, select.POLLHUP)
    assert poll.poll(20_000)  # nobody holds its other end any more
    os.close(reading)


def _read_for_ever(folder: Path, pipe: Connection) -> None:
    jobs = jobs_of(folder, good="text", hang="hang")
    for _ in read_files(jobs, settings=Settings(home=folder), workers=2, reader=open_text_reader):
        children = [child.pid for child in multiprocessing.active_children()]
        pipe.send(children)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs handles of processes")
def test_workers_die_with_a_killed_parent(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    parent = context.Process(target=_read_for_ever, args=(tmp_path, theirs))
    parent.start()
    assert ours.poll(60)
    children = ours.recv()
    assert len(children) == 2
    assert parent.pid is not None
    # A worker is no child of ours, but an open handle tells when it ends.
    handles = [os.pidfd_open(child) for child in children]
    os.kill(parent.pid, signal.SIGKILL)
    parent.join()
    for handle in handles:
        assert multiprocessing.connection.wait([handle], timeout=20)
        os.close(handle)
