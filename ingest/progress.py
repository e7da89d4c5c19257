"""How far a run has come: counted in pages, shown with rate and time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Task
    from rich.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run has come.

    Attributes:
        files: all. files_done: finished, in whatever way.
        pages: all of the run; estimated from sizes as long as not every file is open.
        pages_done: read and embedded, with fractions.
        file: the one being worked on, or what else is being done ("" at the end).
    """

    files: int
    files_done: int
    pages: int
    pages_done: float
    file: str


READ_SHARE = 0.2
"""What reading a page counts of the whole work on it; the rest is embedding."""

OnProgress = Callable[[Progress], None]


class Meter:
    """Adds up pages. Those of files not yet open are estimated from their size."""

    def __init__(self, tell: OnProgress, paths: Sequence[Path]) -> None:
        self._tell = tell
        self._sizes = {path: _size(path) for path in paths}
        self._pages: dict[Path, int] = {}
        self._done: dict[Path, float] = {}
        self._finished = 0
        self._name = ""

    def starts(self, name: str) -> None:
        """The next file is waited for."""
        self._name = name
        self._report()

    def says(self, what: str) -> None:
        """Something else is done first, such as the conversion of a model."""
        self._name = what
        self._report()

    def reads(self, path: Path, done: int, total: int) -> None:
        """A file is being read; it has `total` pages (0 while that is not known)."""
        if total:
            self._pages[path] = total
            self._done[path] = READ_SHARE * done
            self._report()

    def opens(self, path: Path, *, pages: int, name: str) -> None:
        """A file was read; it has so many pages."""
        self._name = name
        self._pages[path] = pages
        self._done[path] = READ_SHARE * pages
        self._report()

    def moves(self, path: Path, share: float) -> None:
        """So much of a file (0…1) is embedded."""
        self._done[path] = (READ_SHARE + (1 - READ_SHARE) * share) * self._pages[path]
        self._report()

    def finishes(self, path: Path, *, pages: int) -> None:
        """A file is finished, in whatever way."""
        self._pages[path] = pages
        self._done[path] = pages
        self._finished += 1
        self._report()

    def _report(self) -> None:
        known = sum(self._pages.values())
        opened = sum(self._sizes[path] for path in self._pages)
        unopened = sum(self._sizes.values()) - opened
        estimate = round(known * unopened / opened) if opened else 0
        self._tell(
            Progress(
                files=len(self._sizes),
                files_done=self._finished,
                pages=known + estimate,
                pages_done=sum(self._done.values()),
                file=self._name if self._finished < len(self._sizes) else "",
            )
        )


def afterwards(tell: OnProgress, *, files: int, pages: int) -> Callable[[str], None]:
    """Tells of work on the whole library, when all files of a run are finished."""
    return lambda what: tell(
        Progress(files=files, files_done=files, pages=pages, pages_done=pages, file=what)
    )


def looking(tell: OnProgress, name: str, *, number: int, files: int) -> Callable[[float], None]:
    """Tells how far a file is looked at before it is known whether it is new (0…1).

    Args:
        tell: told of it.
        name: of the file.
        number: files before it.
        files: all.
    """
    return lambda share: tell(
        Progress(
            files=files,
            files_done=number,
            pages=0,
            pages_done=0.0,
            file=f"looking at {name}" + f" ({share:.0%})" * (share > 0),
        )
    )


def _size(path: Path) -> int:
    with suppress(OSError):
        return max(1, path.stat().st_size)
    return 1


@contextmanager
def progress_bar(console: Console) -> Iterator[OnProgress]:
    """A bar with file, pages, rate and time left; nothing where the console is no terminal."""
    from rich.progress import BarColumn, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class Rate(ProgressColumn):
        """Pages in a second, over the last seconds."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f} pages/s" if task.speed else "", style="cyan")

    bar = Bar(
        TextColumn("{task.fields[files]}"),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f} of {task.total:.0f} pages"),
        Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=console,
        transient=True,
        speed_estimate_period=60.0,
        disable=not console.is_terminal,
    )
    task = bar.add_task("", total=0, files="")

    def show(now: Progress) -> None:
        bar.update(
            task,
            description=now.file,
            files=f"file {min(now.files_done + 1, now.files)} of {now.files}",
            completed=now.pages_done,
            total=max(1, now.pages),
        )

    with bar:
        yield show
