"""A progress bar for work that is counted, and what is said when it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from eval.results import Result

Show = Callable[[str, int, int], None]
"""Told of (what, done, total)."""


@contextmanager
def bar(screen: Console) -> Iterator[Show]:
    """Shows done, total, rate and time left of one piece of work after the other.

    Where the console is no terminal, nothing is shown.
    """
    from rich.progress import (
        BarColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Steps in a second, over the last minute."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "", style="cyan")

    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f} of {task.total:.0f}"),
        Rate(),
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        speed_estimate_period=60.0,
        disable=not screen.is_terminal,
    )
    task = progress.add_task("", total=1)
    total_now = 0

    def show(what: str, done: int, total: int) -> None:
        nonlocal total_now
        if total != total_now or done == 0:
            progress.reset(task, total=max(1, total), description=what)
            total_now = total
        progress.update(task, completed=done, description=what)

    with progress:
        yield show


@contextmanager
def asked_bar(screen: Console, total: int) -> Iterator[Callable[[Result], None]]:
    """A bar of questions, with failures; tell it of each result."""
    done = failed = 0
    with bar(screen) as show:

        def asked(result: Result) -> None:
            nonlocal failed, done
            done += 1
            failed += result.error is not None
            show("questions" + (f", {failed} failed" if failed else ""), done, total)

        show("questions", 0, total)
        yield asked


@contextmanager
def interruption(screen: Console, folder: Path) -> Iterator[None]:
    """Says how to go on when the run in a folder is stopped."""
    try:
        yield
    except KeyboardInterrupt:
        screen.print(
            f"Stopped. What was asked is kept in {folder}; the same command goes on from there.",
            markup=False,
        )
        raise
