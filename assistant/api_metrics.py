"""What the server counts, for Prometheus. The only home of `prometheus_client`.

guide_requests_total{method,route,status}   requests; routes are templates, not addresses
guide_request_seconds{route}                how long they took
guide_answers_total{status}                 answers and abstentions, of API and window
guide_stage_seconds{stage}                  time of an answer by stage
guide_quotes_removed_total{reason}          what verification removed
guide_model_answers_total{outcome}          the language model: "worded", or why it did not
guide_questions_open                        waiting or being answered
guide_documents, guide_index_age_seconds    the library, and how old its last change is
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from assistant.events import Progress
from assistant.model import Answer, Filters, Passage, Query, Turn
from assistant.pages import PageSource
from assistant.service import Answering
from corpus.errors import GuideError
from corpus.language import DEFAULT
from corpus.logs import FIELDS
from corpus.records import DocumentRecord

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BUCKETS_S = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
_LOG = logging.getLogger("guide.answers")


class Metrics:
    """The counters of one server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = self._counter("guide_requests", "Requests.", *labels)
        self._seconds = self._histogram("guide_request_seconds", "Time of a request.", "route")
        self._answers = self._counter("guide_answers", "Answers and abstentions.", "status")
        self._stages = self._histogram("guide_stage_seconds", "Time of a stage.", "stage")
        self._removed = self._counter("guide_quotes_removed", "Removed by checks.", "reason")
        self._model = self._counter("guide_model_answers", "Of the language model.", "outcome")

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def answer(self, answer: Answer) -> None:
        """Counts an answer."""
        self._answers.labels(answer.status.value).inc()
        for stage, milliseconds in answer.timings_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        for reason, count in answer.removed.items():
            self._removed.labels(reason).inc(count)
        outcome = answer.model_failure or (answer.generated_by and "worded")
        if outcome:
            self._model.labels(outcome).inc()

    def watch(self, service: Answering, open_questions: Callable[[], int]) -> None:
        """Shows the queue and the library as they are when somebody looks."""
        self._gauge("guide_questions_open", "Waiting or being answered.", open_questions)
        self._gauge("guide_documents", "Documents.", lambda: len(_records(service)))
        self._gauge("guide_index_age_seconds", "Since the last change.", lambda: _age_s(service))

    def text(self) -> bytes:
        """Everything in the text format of Prometheus (`CONTENT_TYPE`)."""
        return generate_latest(self._registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self._registry)

    def _histogram(self, name: str, text: str, label: str) -> Histogram:
        return Histogram(name, text, [label], buckets=_BUCKETS_S, registry=self._registry)

    def _gauge(self, name: str, text: str, value: Callable[[], float]) -> None:
        Gauge(name, text, registry=self._registry).set_function(value)


class Measured:
    """An assistant whose answers are counted, and logged without their text unless asked for."""

    def __init__(self, service: Answering, metrics: Metrics, *, log_questions: bool) -> None:
        self._service = service
        self._metrics = metrics
        self._log_questions = log_questions

    def ask(
        self, question: str, *, filters: Filters | None = None, history: Sequence[Turn] = ()
    ) -> Answer:
        """See `Answering.ask`."""
        answer = self._service.ask(question, filters=filters, history=history)
        self._note(answer)
        return answer

    def stream(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        language: str = DEFAULT,
    ) -> Iterator[Progress | str | Answer]:
        """See `Answering.stream`."""
        stream = self._service.stream(question, filters=filters, history=history, language=language)
        for event in stream:
            if isinstance(event, Answer):
                self._note(event)
            yield event

    def search(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        top_k: int | None = None,
    ) -> tuple[Query, tuple[Passage, ...]]:
        """See `Answering.search`."""
        return self._service.search(question, filters=filters, history=history, top_k=top_k)

    def records(self) -> Sequence[DocumentRecord]:
        """See `Answering.records`."""
        return self._service.records()

    def pdf_path(self, document_id: str) -> Path:
        """See `Answering.pdf_path`."""
        return self._service.pdf_path(document_id)

    @property
    def library(self) -> PageSource:
        """See `Answering.library`."""
        return self._service.library

    def close(self) -> None:
        """See `Answering.close`."""
        self._service.close()

    def _note(self, answer: Answer) -> None:
        self._metrics.answer(answer)
        fields: dict[str, object] = {
            "status": answer.status.value,
            "language": answer.language,
            "document_id": answer.edition[0] if answer.edition else None,
            "citations": len(answer.citations),
            "removed": sum(answer.removed.values()),
            "total_ms": answer.timings_ms.get("total"),
        }
        if self._log_questions:
            fields["question"] = answer.question
        _LOG.info("%s", " ".join(f"{k}={v!r}" for k, v in fields.items()), extra={FIELDS: fields})


def _records(service: Answering) -> Sequence[DocumentRecord]:
    try:
        return service.records()
    except GuideError:
        return ()  # an unusable library is what /readyz tells


def _age_s(service: Answering) -> float:
    saved = [datetime.fromisoformat(record.saved_at).timestamp() for record in _records(service)]
    return time.time() - max(saved) if saved else float("nan")
