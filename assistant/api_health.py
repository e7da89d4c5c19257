"""Whether the server runs, can answer, and what it counts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Response

from assistant.api_metrics import CONTENT_TYPE, Metrics
from assistant.api_problems import refusals
from assistant.service import Answering
from corpus.errors import BusyError, EmptyLibraryError, GuideError

WARM_UP_QUESTION = "Who can apply?"


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

    @app.get("/healthz", summary="The process runs", tags=["health"])
    async def healthz() -> dict[str, str]:
        # On the event loop: it answers also while all threads are busy.
        return {"status": "ok"}

    @app.get(
        "/readyz",
        summary="Questions can be answered",
        tags=["health"],
        responses=refusals(_503="Not ready, or not yet."),
    )
    def readyz() -> dict[str, Any]:
        return {"status": "ready", "documents": readiness.check()}

    @app.get(
        "/metrics",
        summary="Counters for Prometheus",
        tags=["health"],
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    def counters() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)
