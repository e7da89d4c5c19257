"""Whether the server runs, can answer, and what it counts."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from fastapi import FastAPI, Response

from assistant.api_metrics import CONTENT_TYPE, Metrics
from assistant.api_problems import refusals
from assistant.service import Answering
from corpus.errors import BusyError, EmptyLibraryError, GuideError

WARM_UP_QUESTION = "Who can apply?"
PROBE_WAIT_S = 5.0
"""Who watches a server does not wait for ever, and a library that takes longer is not ready."""


class Readiness:
    """Whether questions can be answered: models loaded, library not empty, store in reach."""

    def __init__(
        self,
        service: Answering,
        probe: Callable[[], None] = lambda: None,
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Takes what is watched.

        Args:
            service: answers.
            probe: reaches for the store; raises `LibraryError` where it cannot.
            then: done in the background once questions can be answered.
        """
        self._service = service
        self._probe = probe
        self._then = then
        self._lock = threading.Lock()
        self._loading: threading.Thread | None = None
        self._warm = False
        self._why: GuideError | None = None
        self._checking: Future[int] | None = None

    def warm_up(self) -> None:
        """Makes the first question as quick as the next: loads models and index by a search.

        Raises:
            GuideError: that stands in the way.
        """
        self._service.search(WARM_UP_QUESTION)
        self._warm = True

    def check(self) -> int:
        """How many documents can answer.

        Raises:
            GuideError: if questions cannot be answered (yet), saying why.
        """
        documents = len(self._service.records())
        if not documents:
            raise EmptyLibraryError("The library is empty. Add guides with: guide ingest PATH")
        if not self._warm:
            why = self._why
            self.begin()
            raise why or BusyError("The models are being loaded.", retry_after_s=2)
        self._probe()
        return documents

    async def look(self, wait_s: float = PROBE_WAIT_S) -> int:
        """What `check` says; whoever asks while it is going on hears the same.

        It runs in a thread of its own, one at a time: those of the web application stay free
        where the store hangs.

        Raises:
            BusyError: if it takes longer.
            GuideError: as for `check`.
        """
        checking = self._check_begun()
        try:
            # Shielded: who goes away ends the check for nobody else.
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(checking)), wait_s)
        except TimeoutError as error:
            raise BusyError(
                f"The library is being probed and has not answered for {wait_s:g} seconds.",
                retry_after_s=2,
            ) from error

    def _check_begun(self) -> Future[int]:
        with self._lock:
            if self._checking is None or self._checking.done():
                self._checking = Future()
                self._checking.set_running_or_notify_cancel()
                # No thread of a pool: those would have to end before the program can.
                work = threading.Thread(
                    target=self._check_into, args=(self._checking,), name="probe", daemon=True
                )
                work.start()
            return self._checking

    def _check_into(self, result: Future[int]) -> None:
        try:
            result.set_result(self.check())
        except BaseException as error:  # noqa: BLE001 - not to go on: who waits is told
            result.set_exception(error)

    def begin(self) -> None:
        """Loads in a thread of its own, where that is not going on already."""
        with self._lock:
            if self._loading is None or not self._loading.is_alive():
                self._loading = threading.Thread(target=self._load, name="warm-up", daemon=True)
                self._loading.start()

    def _load(self) -> None:
        log = logging.getLogger(__name__)
        try:
            self.warm_up()
        except GuideError as error:
            log.warning("%s", error)
            self._why = error
            return
        self._why = None
        try:
            self._then()
        except GuideError as error:
            log.info("%s", error)


def add_health(app: FastAPI, readiness: Readiness, metrics: Metrics) -> None:
    """Adds the routes to a web application."""

    @app.head("/healthz", include_in_schema=False)
    @app.get("/healthz", summary="The process runs", tags=["health"])
    async def healthz() -> dict[str, str]:
        # On the event loop: it answers also while all threads are busy.
        return {"status": "ok"}

    @app.head("/readyz", include_in_schema=False)
    @app.get(
        "/readyz",
        summary="Questions can be answered",
        tags=["health"],
        responses=refusals(_503="Not ready, or not yet."),
    )
    async def readyz() -> dict[str, Any]:
        return {"status": "ready", "documents": await readiness.look()}

    @app.get(
        "/metrics",
        summary="Counters for Prometheus",
        tags=["health"],
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    def counters() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)
