"""The line of questions in front of the assistant: who comes first is answered first."""

from __future__ import annotations

from collections import deque
from threading import Condition


class Line:
    """Lets some in at once; the others keep their order and know their place."""

    def __init__(self, at_once: int) -> None:
        """An empty line.

        Args:
            at_once: how many may be in at the same time.
        """
        self._free = at_once
        self._waiting: deque[Place] = deque()
        self._changed = Condition()

    def stand(self) -> Place:
        """A place of one's own; give it back with `leave`."""
        with self._changed:
            place = Place(self)
            self._waiting.append(place)
            return place

    def _comes(self, place: Place, timeout_s: float) -> bool:
        with self._changed:
            if place.inside:
                return True
            if not self._changed.wait_for(
                lambda: self._free > 0 and self._waiting[0] is place, timeout_s
            ):
                return False
            self._waiting.popleft()
            self._free -= 1
            place.inside = True
            self._changed.notify_all()
            return True

    def _ahead(self, place: Place) -> int:
        with self._changed:
            return self._waiting.index(place) if place in self._waiting else 0

    def _leave(self, place: Place) -> None:
        with self._changed:
            if place.inside:
                self._free += 1
            elif place in self._waiting:
                self._waiting.remove(place)
            place.inside = False
            self._changed.notify_all()


class Place:
    """One question's place in a line. A context manager, which leaves in the end."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.inside = False

    def __enter__(self) -> Place:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def comes(self, timeout_s: float) -> bool:
        """Whether it is this one's turn now; waits a while for it."""
        return self._line._comes(self, timeout_s)

    @property
    def ahead(self) -> int:
        """How many wait before this one."""
        return self._line._ahead(self)

    def leave(self) -> None:
        """Lets the next one in, or goes out of the line; more than once does no harm."""
        self._line._leave(self)
