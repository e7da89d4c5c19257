"""How many questions wait for passages to be read, and how much is read for each of them then."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

HURRIED = ((10, 1), (6, 2), (2, 4))
"""Where more than so many questions wait for their passages to be read, so many candidates are read
for each: the order before the reading is nearly as good."""
HURRIED_UNITS = ((10, 2), (6, 4), (2, 8))
"""The same for units that may lead an answer."""
HURRIED_WORDS = 45
"""So much is read then of a passage that is the only one: it changes no order, and the answers to
188 questions of two sets were the same as with twice as much."""


class Readers:
    """How many questions wait for passages to be read, those that are read for among them.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._lock = threading.Lock()
        self.count = 0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """While it lasts there is one more."""
        with self._lock:
            self.count += 1
        try:
            yield
        finally:
            with self._lock:
                self.count -= 1

    def most(self, usual: int) -> int:
        """How many candidates are read for a question now, where usually so many are."""
        return self._hurried(usual, HURRIED)

    def units(self, usual: int) -> int:
        """How many units are read for a question now, where usually so many are."""
        return self._hurried(usual, HURRIED_UNITS)

    def words(self, usual: int) -> int:
        """How many words of a passage are read now, where usually so many are."""
        return min(usual, HURRIED_WORDS) if self.count > max(HURRIED)[0] else usual

    def _hurried(self, usual: int, limits: Sequence[tuple[int, int]]) -> int:
        return min([usual, *(read for many, read in limits if self.count > many)])
