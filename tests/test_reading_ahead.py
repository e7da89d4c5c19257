"""What questions need of passages is worked out before they are asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import chain, repeat

import pytest

from assistant.api_health import Readiness
from assistant.reading_ahead import ReadingAhead
from assistant.retrieval import stems_of
from assistant.traits import traits_of
from assistant.units import split_units
from corpus.errors import QuestionError
from corpus.model import Document
from tests.builders import make_document
from tests.web import Double, edition, record


def guide(name: str, year: int | None, *pages: str) -> Document:
    made = make_document(name, pages=list(pages))
    return replace(made, edition=edition(year))


OLD = guide("old", 2019, "The grant of old days was EUR 7 654.")
NEW = guide("new", 2027, "The grant is EUR 8 765.", "It is paid in 3 parts.")
UNKNOWN = guide("unknown", None, "A page without a year: 11 days.")
DOCUMENTS = (OLD, UNKNOWN, NEW)
PASSAGES = sum(len(each.chunks) for each in DOCUMENTS)


def ahead(
    *,
    also: Callable[[Document], object] = lambda _: None,
    busy: Callable[[], bool] = lambda: False,
    held: tuple[Document, ...] = DOCUMENTS,
) -> ReadingAhead:
    return ReadingAhead(
        Double(documents=held).library,
        lambda: [record(each) for each in DOCUMENTS],
        stems=stems_of,
        also=also,
        busy=busy,
    )


def test_all_passages_are_read_those_of_the_newest_edition_first() -> None:
    order: list[str] = []
    assert ahead(also=lambda each: order.append(each.id)).run() == PASSAGES
    assert order == ["new", "old", "unknown"]
    before = [kept.cache_info().misses for kept in (split_units, stems_of, traits_of)]
    for each in DOCUMENTS:
        for chunk in each.chunks:
            for unit in split_units(chunk.text, offset=chunk.span.start):
                stems_of(unit.text, each.edition.language)
                traits_of(unit.text)
    after = [kept.cache_info().misses for kept in (split_units, stems_of, traits_of)]
    assert after == before, "a question finds it worked out"


def test_while_a_question_is_worked_on_nothing_is_read() -> None:
    answers = chain([True, True], repeat(False))
    read: list[str] = []
    asked: list[int] = []

    def busy() -> bool:
        asked.append(len(read))
        return next(answers)

    assert ahead(also=lambda each: read.append(each.id), busy=busy).run() == PASSAGES
    assert asked[:3] == [0, 0, 0]


def test_once_told_to_stop_it_reads_no_more() -> None:
    inside, go_on, stopped = threading.Event(), threading.Event(), threading.Event()
    read: list[str] = []

    def also(each: Document) -> None:
        read.append(each.id)
        inside.set()
        go_on.wait(10)

    reading = ahead(also=also)

    def stop() -> None:
        reading.stop()
        stopped.set()

    threads = [threading.Thread(target=work) for work in (reading.run, stop)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    assert not stopped.wait(0.05), "what is being read is read to its end"
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert stopped.is_set()
    assert read == ["new"]


def test_a_document_that_goes_away_meanwhile_harms_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reading = ahead(held=(NEW,))
    with pytest.raises(QuestionError):
        reading.run()
    done = threading.Event()

    def then() -> None:
        try:
            ahead(held=(NEW,)).run()
        finally:
            done.set()

    readiness = Readiness(Double(documents=(NEW,)), then=then)
    readiness.begin()
    assert done.wait(10)
    assert readiness.check() == 1
