"""Runs that are started from the window: one at a time, in a thread of its own.

They lie where `guide eval` puts its own (`<home>/runs`), so each sees the other's, and a run that
was stopped in one place can go on in the other.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.errors import BusyError, EmptyLibraryError, EvaluationError, GuideError
from corpus.settings import Settings
from eval.evaluation import PAGE_FILE, RUNS_FOLDER, Shelf, evaluate, run_folder
from eval.identity import identity
from eval.past_runs import PastRun, name_parts, past_runs
from eval.question_files import read_questions
from eval.questions import Question
from eval.results import Result
from eval.runner import QUESTIONS_FILE, Asking, kept_results

SHOWN_RUNS = 50
"""Runs that are listed, the newest first."""
RETRY_S = 30
"""When to come back while a run is under way."""
FAULT = "A fault of the program; its log says more."

_STEM = re.compile(r"[^\w-]+")
_STEM_CHARS = 60


class Stage(StrEnum):
    """How far the newest run of this process is."""

    ASKING = "asking"
    STOPPING = "stopping"
    SCORING = "scoring"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


UNDER_WAY = frozenset({Stage.ASKING, Stage.STOPPING, Stage.SCORING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The newest run of this process.

    Attributes:
        name: of its folder.
        done, total, failed: questions.
        seconds_left: until all is asked; None where that cannot be told yet.
        missing: files that the set names and the library does not hold.
        message: why it failed.
    """

    name: str
    stage: Stage
    done: int
    total: int
    failed: int = 0
    seconds_left: float | None = None
    missing: tuple[str, ...] = ()
    message: str = ""


_NONE_YET = Progress(name="", stage=Stage.DONE, done=0, total=0)


class _StopError(Exception):
    """Ends the asking between two questions."""


class WindowRuns:
    """Starts, stops and lists runs. Safe to use from several threads; close it in the end."""

    def __init__(self, examiner: Asking, shelf: Shelf, settings: Settings) -> None:
        """Nothing runs yet.

        Args:
            examiner: is asked.
            shelf: the library that answers.
            settings: that it was opened with; name the data folder.
        """
        self._examiner = examiner
        self._shelf = shelf
        self._settings = settings
        self._runs = settings.home / RUNS_FOLDER
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._progress = _NONE_YET

    def start(self, questions: Sequence[Question], source: str) -> Progress:
        """Asks a set, from where a stopped run over it ended if nothing has changed since.

        Args:
            questions: the set.
            source: what the set is called; the run is named after it.

        Raises:
            BusyError: if a run is under way.
            EmptyLibraryError: if there is nothing to ask.
        """
        records = self._shelf.records()
        if not records:
            raise EmptyLibraryError("The library is empty. Add guides first.")
        stem = _STEM.sub("-", source).strip("-")[:_STEM_CHARS] or "questions"
        this = identity(questions, self._settings, records)
        with self._lock:
            if self._progress.stage in UNDER_WAY:
                raise BusyError(
                    f"The run {self._progress.name} is under way. Wait for its end, or stop it.",
                    retry_after_s=RETRY_S,
                )
            folder = run_folder(self._settings, Path(stem), this)
            held = {record.file for record in records}
            named = {gold.document for question in questions for gold in question.gold}
            began = self._progress = Progress(
                name=folder.name,
                stage=Stage.ASKING,
                done=0,
                total=len(questions),
                missing=tuple(sorted(named - held)),
            )
            self._stop.clear()
            known = len(kept_results(folder, this, questions))
            self._thread = threading.Thread(
                target=self._work, args=(questions, folder, stem, known), name="evaluation"
            )
            self._thread.start()
        return began

    def again(self, name: str) -> Progress:
        """Goes on with a run that was stopped, or asks the set of a run once more.

        Raises:
            EvaluationError: if there is no such run. Others as for `start`.
        """
        folder = self._folder(name)
        return self.start(read_questions(folder / QUESTIONS_FILE), name_parts(name)[0])

    def stop(self) -> None:
        """Ends the run under way after the question that is being asked; what was asked stays."""
        with self._lock:
            if self._progress.stage is Stage.ASKING:
                self._stop.set()
                self._progress = replace(self._progress, stage=Stage.STOPPING, seconds_left=None)

    def close(self) -> None:
        """Stops and waits for the end."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def progress(self) -> Progress | None:
        """How far the newest run of this process is; None where there was none."""
        return self._progress if self._progress.name else None

    def past(self) -> tuple[PastRun, ...]:
        """The newest runs on disk but for the one under way, newest first."""
        now = self._progress
        return past_runs(
            self._runs,
            identity((), self._settings, self._shelf.records()),
            but=now.name if now.stage in UNDER_WAY else "",
            limit=SHOWN_RUNS,
        )

    def report(self, name: str) -> Path:
        """The page of a finished run.

        Raises:
            EvaluationError: if there is none.
        """
        path = self._folder(name) / PAGE_FILE
        if not path.is_file():
            raise EvaluationError(f"The run {name} has no report.")
        return path

    def _folder(self, name: str) -> Path:
        # What is asked for is compared with what is there: nothing else can be named.
        for folder in self._runs.glob("*-*"):
            if folder.name == name and (folder / QUESTIONS_FILE).is_file():
                return folder
        raise EvaluationError(f"There is no run {name!r}.")

    # --- in the thread ---

    def _work(self, questions: Sequence[Question], folder: Path, stem: str, known: int) -> None:
        outcome: dict[str, Any] = {"stage": Stage.FAILED, "message": FAULT}
        began = time.monotonic()

        def asked(result: Result) -> None:
            with self._lock:
                now = self._progress
                done = now.done + 1
                failed = now.failed + (result.error is not None)
                left = None
                if now.stage is Stage.ASKING and known < done < now.total:
                    left = (time.monotonic() - began) / (done - known) * (now.total - done)
                stage = now.stage if done < now.total else Stage.SCORING
                self._progress = replace(
                    now, done=done, failed=failed, seconds_left=left, stage=stage
                )
            if self._stop.is_set() and stage is not Stage.SCORING:
                raise _StopError

        try:
            evaluate(
                questions,
                self._examiner,
                folder,
                shelf=self._shelf,
                settings=self._settings,
                source=stem,
                jobs=1,
                asked=asked,
            )
            outcome = {"stage": Stage.DONE}
        except _StopError:
            outcome = {"stage": Stage.STOPPED}
        except GuideError as error:
            outcome = {"stage": Stage.FAILED, "message": str(error)}
        finally:
            # A fault of ours goes on into the log; the page must not wait for its end.
            with self._lock:
                self._progress = replace(self._progress, seconds_left=None, **outcome)
