"""Pages read by pypdf in a process of its own, while the questions are still being asked.

Reading the pages that answers cite takes pypdf a tenth of the time of a run, in pure Python: in
the program that asks it would hold up every other thread, at its end it would be waited for.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from multiprocessing.connection import Connection
from pathlib import Path

from corpus.matching import stands_in
from eval.metrics import PageKey
from eval.pages import PdfPages

OUTSTANDING = 8
"""Pages asked for at a time: few enough that neither side ever waits for the other to listen."""
NICENESS = 5

_Read = tuple[PageKey, str | None]


class PagesAhead:
    """Texts of pages as `PdfPages` gives them. Not safe for several threads; close it."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        """Starts the process.

        Args:
            paths: PDF of each file name.
        """
        self._here = PdfPages(paths)
        self._texts: dict[PageKey, str | None] = {}
        self._wanted: set[PageKey] = set()
        self._waiting: deque[PageKey] = deque()
        self._sent = 0
        context = multiprocessing.get_context("spawn")
        # Only the child holds the far end: it ends when this process does, however that happens.
        self._line, far = context.Pipe()
        self._process = context.Process(
            target=_read_pages, args=(far, dict(paths)), name="pages", daemon=True
        )
        self._process.start()
        far.close()

    def want(self, pages: Iterable[PageKey]) -> None:
        """Has pages read that will be looked at; never waits for them."""
        new = [page for page in dict.fromkeys(pages) if page not in self._wanted]
        self._wanted.update(new)
        self._waiting.extend(new)
        with self._or_here():
            while self._line.poll():
                self._take()
            self._send()

    def text(self, file: str, page: int) -> str | None:
        """The text of a page; None where the file is not at hand or pypdf cannot read it."""
        key = (file, page)
        self.want([key])
        with self._or_here():
            while key not in self._texts:
                self._take()
                self._send()
        if key not in self._texts:
            self._texts[key] = self._here.text(file, page)
        return self._texts[key]

    def stands(self, file: str, page: int, quote: str) -> bool | None:
        """Whether a quote stands verbatim on a page; None where the page cannot be read."""
        text = self.text(file, page)
        return None if text is None else stands_in(quote, text)

    def close(self) -> None:
        """Ends the process."""
        self._line.close()
        self._process.terminate()
        self._process.join()

    def _take(self) -> None:
        read: _Read = self._line.recv()
        self._texts[read[0]] = read[1]
        self._waiting.popleft()  # they come back in the order in which they were sent
        self._sent -= 1

    def _send(self) -> None:
        while self._sent < min(OUTSTANDING, len(self._waiting)):
            self._line.send(self._waiting[self._sent])
            self._sent += 1

    @contextlib.contextmanager
    def _or_here(self) -> Iterator[None]:
        """Where a PDF has ended the process, the rest is read in this one."""
        try:
            yield
        except (EOFError, OSError):
            self._waiting.clear()
            self._sent = 0


def _read_pages(line: Connection, paths: dict[str, Path]) -> None:
    """What the process does: reads the pages that it is sent the names of."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that asks
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    pages = PdfPages(paths)
    with contextlib.suppress(EOFError, OSError):
        while True:
            key: PageKey = line.recv()
            line.send((key, pages.text(*key)))
