"""The runs that lie in the data folder, finished and stopped, with their main numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from eval.results import RESULTS_FILE
from eval.runner import RUN_FILE, SUMMARY_FILE

_NAME = re.compile(r"(?P<set>.+)-(?P<stamp>\d{8}-\d{6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """A run on disk.

    Attributes:
        name: of its folder.
        question_set: what the set is called.
        stamp: when it was begun, UTC, `20261125-120000`.
        asked, total: questions.
        summary: of a finished run, as in its file; None of one that was stopped.
        goes_on: whether it would go on where it was stopped: nothing has changed since.
    """

    name: str
    question_set: str
    stamp: str
    asked: int
    total: int
    summary: Mapping[str, Any] | None
    goes_on: bool


def past_runs(
    runs: Path, this: Mapping[str, object], *, but: str, limit: int
) -> tuple[PastRun, ...]:
    """The newest runs, newest first.

    Args:
        runs: the folder of their folders.
        this: identity of a run that would be begun now; its question set does not count.
        but: name of the run to leave out; "" leaves out none.
        limit: most of them.
    """
    folders = sorted(runs.glob("*-*"), key=lambda f: name_parts(f.name)[1], reverse=True)
    same = _without_set(this)
    found = (_past(folder, same) for folder in folders if folder.name != but)
    return tuple(islice(filter(None, found), limit))


def name_parts(name: str) -> tuple[str, str]:
    """What the set of a run is called, and when it was begun; "" where its name does not say."""
    found = _NAME.fullmatch(name)
    return (found["set"], found["stamp"]) if found else (name, "")


def _without_set(this: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in this.items() if not name.startswith("question")}


def _past(folder: Path, this: Mapping[str, object]) -> PastRun | None:
    """A run by its folder; None where that holds none, or nothing that can be read."""
    question_set, stamp = name_parts(folder.name)
    held = _read(folder / RUN_FILE)
    summary = _read(folder / SUMMARY_FILE)
    if not stamp or held is None or "questions" not in held:
        return None
    total = int(held["questions"])
    # What `guide recheck` leaves here is no evaluation.
    if summary is not None and "measures" not in summary:
        return None
    return PastRun(
        name=folder.name,
        question_set=question_set,
        stamp=stamp,
        asked=total if summary else sum(1 for _ in _lines(folder / RESULTS_FILE)),
        total=total,
        summary=summary,
        goes_on=summary is None and _without_set(held) == this,
    )


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from (line for line in file if line.endswith(b"\n"))
    except OSError:
        return
