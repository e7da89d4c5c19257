"""What is opened when it is first used, by one thread for all of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from corpus.errors import StoreUnreachableError

T = TypeVar("T")


class OpenedOnce(Generic[T]):
    """Safe to use from several threads."""

    def __init__(self, make: Callable[[], T]) -> None:
        """Takes what opens it; tried again at each use until it has."""
        self._make = make
        self._lock = threading.Lock()
        self._failed_at = 0.0
        self._why = ""
        self.opened: T | None = None

    def get(self) -> T:
        """It, opened.

        Raises:
            GuideError: what opening it raises.
        """
        asked_at = time.monotonic()
        with self._lock:
            if self.opened is None:
                if self._failed_at > asked_at:
                    # Whoever waited for another's attempt has waited long enough: one after the
                    # other, many threads would wait many times as long.
                    raise StoreUnreachableError(self._why)
                try:
                    self.opened = self._make()
                except StoreUnreachableError as error:
                    self._failed_at, self._why = time.monotonic(), str(error)
                    raise
            return self.opened
