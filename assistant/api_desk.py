"""Where the API hands its questions in: answered by a few threads, kept, never too many at once.

Questions wait in a bounded queue; one more is refused with the time to come back. What takes
too long is given up: a question that waits is taken out, one that is being answered finishes in
its thread and is kept there, though nobody hears of it.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from assistant.events import Progress
from assistant.kept import KeptAnswers
from assistant.model import Answer, Filters, Passage, Query, Turn
from assistant.service import Answering
from corpus.errors import BusyError
from corpus.settings import ServerSettings

HEARTBEAT_S = 10.0
"""Longest silence of a stream; proxies close connections that say nothing."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given and kept.

    Attributes:
        prefix: what the addresses of the server begin with, see `output.behind`.
    """

    id: str
    answer: Answer
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Nothing has happened for a while; the answer is still being worked on."""


Event = Progress | str | Given | Heartbeat
"""What a stream gives: stages, pieces of text, and the kept answer last."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what narrows it and what came before."""

    question: str
    filters: Filters
    history: Sequence[Turn] = ()


class Desk:
    """Answers questions in threads of its own; close it in the end."""

    def __init__(
        self,
        service: Answering,
        kept: KeptAnswers,
        settings: ServerSettings,
        *,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        """Opens the desk.

        Args:
            service: answers; must be safe to call from several threads.
            kept: where answers are kept.
            settings: how many are answered at once, may wait, and how long.
            heartbeat_s: longest silence of a stream.
        """
        self._service = service
        self._kept = kept
        self._settings = settings
        self._heartbeat_s = heartbeat_s
        self._threads = ThreadPoolExecutor(settings.at_once, thread_name_prefix="answer")
        self._open = 0
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """Questions that wait or are being answered."""
        return self._open

    def close(self) -> None:
        """Lets answers that are being worked on finish; what waits is given up."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def ask(self, asked: Asked) -> Given:
        """The answer to a question, kept.

        Raises:
            BusyError: if too many wait, or it takes too long.
            GuideError: if the question cannot be asked or answered.
        """

        def work() -> Given:
            answer = self._service.ask(asked.question, filters=asked.filters, history=asked.history)
            return self._given(answer)

        return await self._result(self._submit(work))

    async def search(self, asked: Asked, *, top_k: int) -> tuple[Query, tuple[Passage, ...]]:
        """The question as understood, and its passages; errors as for `ask`."""

        def work() -> tuple[Query, tuple[Passage, ...]]:
            return self._service.search(
                asked.question, filters=asked.filters, history=asked.history, top_k=top_k
            )

        return await self._result(self._submit(work))

    async def stream(self, asked: Asked) -> AsyncIterator[Event]:
        """Stages, pieces of text and the kept answer, as they come; errors as for `ask`.

        Where the reader goes away, the answer ends with the step that is being done.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._settings.timeout_s
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        gone = threading.Event()

        def put(event: Event | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(events.put_nowait, event)

        def work() -> None:
            stream = self._service.stream(
                asked.question, filters=asked.filters, history=asked.history
            )
            for event in stream:
                if gone.is_set():
                    return
                if isinstance(event, Answer):
                    put(self._given(event))
                else:
                    put(event)

        future = self._submit(work)
        future.add_done_callback(lambda _: put(None))
        try:
            while True:
                left = deadline - loop.time()
                if left <= 0:
                    raise self._too_long()
                try:
                    event = await asyncio.wait_for(events.get(), min(left, self._heartbeat_s))
                except TimeoutError:
                    yield Heartbeat()
                    continue
                if event is None:
                    future.result()  # raises what ended the work
                    return
                yield event
        finally:
            gone.set()
            future.cancel()

    def _given(self, answer: Answer) -> Given:
        return Given(self._kept.keep(answer), answer, self._settings.root_path.rstrip("/"))

    def _submit(self, work: Callable[[], _T]) -> Future[_T]:
        most = self._settings.at_once + self._settings.queue
        with self._lock:
            if self._open >= most:
                raise BusyError(
                    f"{self._open} questions are being answered or wait. Come back in a moment.",
                    retry_after_s=max(1, math.ceil(self._open / self._settings.at_once / 4)),
                )
            self._open += 1
        future = self._threads.submit(work)
        future.add_done_callback(self._leave)
        return future

    def _leave(self, _: object) -> None:
        with self._lock:
            self._open -= 1

    async def _result(self, future: Future[_T]) -> _T:
        try:
            # Cancelling the waiting side takes a question out of the queue that still waits.
            return await asyncio.wait_for(asyncio.wrap_future(future), self._settings.timeout_s)
        except TimeoutError as error:
            raise self._too_long() from error

    def _too_long(self) -> BusyError:
        return BusyError(
            f"No answer within {self._settings.timeout_s} seconds: there is too much to do. "
            "Come back in a moment.",
            retry_after_s=min(60, self._settings.timeout_s),
        )
