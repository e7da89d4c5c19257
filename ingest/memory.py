"""Keeps the memory of a worker process below a limit.

Two things hold it, because neither does alone. A watch ends the process as soon as it holds more
than the limit, with an exit code that says so: a parser that gets no more memory just crashes,
and nobody could tell why. The system refuses what would jump far over the limit at once.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

OUT_OF_MEMORY = 86
"""Exit code of a process that needed more than it may have."""

_LOOK_EVERY_S = 0.05
"""Parsers take some hundred megabytes a second."""

_JUMP = 1.1
"""The system refuses memory from so many times the limit on."""


def limit_memory(megabytes: int) -> None:
    """Ends this process with `OUT_OF_MEMORY` once it holds more.

    What counts is what only this process holds: no files, and no code shared with others. The
    processes that it starts have the same limit, each for itself. Systems other than Linux hold
    the limit as far as they can (macOS hardly, Windows not at all).
    """
    limit = megabytes * 1_000_000
    _refuse_jumps(int(limit * _JUMP))
    held = Path("/proc/self/statm")
    if held.exists():
        threading.Thread(target=_watch, args=(held, limit), daemon=True).start()


def end_for_memory() -> NoReturn:
    """Ends this process, at once and without a word to anybody."""
    os._exit(OUT_OF_MEMORY)


def _refuse_jumps(limit: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most != resource.RLIM_INFINITY:
        limit = min(limit, most)
    with suppress(OSError, ValueError):  # a system that has no such limit
        resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


def _watch(held: Path, limit: int) -> None:
    page = os.sysconf("SC_PAGE_SIZE")
    with held.open("rb", buffering=0) as file:
        while int(os.pread(file.fileno(), 200, 0).split()[5]) * page <= limit:
            time.sleep(_LOOK_EVERY_S)
    end_for_memory()
