"""How a question that is being answered is stopped, and left for another conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

LEAVE_S = 10.0
"""Longest wait for the step that is being done: what comes later is not shown."""
LOOK_S = 0.02


@dataclass(slots=True)
class Making:
    """An answer that is being made.

    Attributes:
        stopped: the asker wants no more of it; what is there stays.
        left: the window shows something else by now.
        ended: nothing comes of it any more.
    """

    stopped: bool = False
    left: bool = False
    ended: Event = field(default_factory=Event)


@dataclass(slots=True)
class StopSign:
    """Given by the asker, seen by the answer that is being made. One for each window.

    Attributes:
        heard: number of the question that came last; "" where none came, or it had none.
    """

    making: Making | None = None
    heard: str = ""

    def hears(self, number: str) -> bool:
        """Whether a question comes for the first time: a browser sends it until it is heard."""
        again = number != "" and number == self.heard
        self.heard = number
        return not again

    @contextmanager
    def begin(self) -> Iterator[Making]:
        """While an answer is made; an earlier one is left."""
        if self.making:
            self.making.stopped = self.making.left = True
        self.making = mine = Making()
        try:
            yield mine
        finally:
            mine.ended.set()

    def give(self) -> None:
        """Lets the answer end with the step that is being done."""
        if self.making:
            self.making.stopped = True

    async def leave(self) -> None:
        """Stops the answer and waits until it has ended, so that nothing of it comes later."""
        making = self.making
        if making is None:
            return
        making.stopped = True
        ends = asyncio.get_running_loop().time() + LEAVE_S
        while not making.ended.is_set() and asyncio.get_running_loop().time() < ends:
            await asyncio.sleep(LOOK_S)
        making.left = not making.ended.is_set()
