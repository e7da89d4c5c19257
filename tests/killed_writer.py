"""A process that writes to a library until it is told where to stop, and is killed there."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

Step = TypeVar("Step", bound=str)


def kill_at(step: Step, write: Callable[[Path, Step, Connection], None], home: Path) -> None:
    """Runs `write` in a process of its own and kills it when it has sent that it is at the step.

    Args:
        step: where; handed on.
        write: of a module's top level, so that the process finds it. It sends the step when it is
            there, and waits.
        home: the data folder; handed on.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=write, args=(home, step, theirs))
    child.start()
    assert ours.poll(60)
    assert ours.recv() == step
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
