"""Questions during which documents are removed: looked again once, never called wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.api import create_api
from assistant.events import Progress
from assistant.fresh_look import stream_twice
from assistant.model import Answer, Filters, Status
from assistant.pipeline import Assistant
from assistant.serve import open_desks
from corpus.embedding import Vectors
from corpus.errors import BusyError, QuestionError, UnknownDocumentError
from corpus.index import Index
from corpus.settings import Settings
from corpus.writer import IndexWriter
from tests.builders import WordEmbedder, make_document
from tests.test_pipeline import GUIDES, open_with

QUESTION = "What is the lump sum of small-scale partnerships?"
NEW, OLD = (guide.id for guide in GUIDES)
HANDBOOKS = tuple(
    make_document(
        f"handbook-{n}",
        year=None,
        programme=None,
        pages=[f"Handbook {n}: the lump sum of small-scale partnerships is paid in parts."],
    )
    for n in range(3)
)


@dataclass
class Meddled(WordEmbedder):
    """Takes documents out while a question is embedded: once it has been understood."""

    home: Path
    goes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        if self.goes:
            settings = Settings(home=self.home)
            with contextlib.closing(IndexWriter.open(settings, embedder=WordEmbedder())) as writer:
                writer.remove(self.goes.pop(0))
                writer.refresh()
        return super().embed_queries(texts)


@pytest.fixture
def meddled(tmp_path: Path) -> Iterator[tuple[Assistant, Meddled]]:
    with contextlib.closing(open_with(tmp_path, *GUIDES, *HANDBOOKS)) as assistant:
        library = assistant.library
        assert isinstance(library, Index)
        embedder = Meddled(home=tmp_path)
        library._embedder = embedder
        yield assistant, embedder


def test_a_document_that_goes_meanwhile_is_left_out(meddled: tuple[Assistant, Meddled]) -> None:
    assistant, embedder = meddled
    embedder.goes = [HANDBOOKS[0].id]
    answer = assistant.ask(QUESTION)
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].document_id == NEW
    used = {c.document_id for c in answer.citations} | {p.document.id for p in answer.passages}
    assert HANDBOOKS[1].id in used
    assert HANDBOOKS[0].id not in used
    embedder.goes = [HANDBOOKS[1].id]
    query, passages = assistant.search(QUESTION)
    assert HANDBOOKS[1].id not in query.document_ids
    assert passages


def test_stages_may_come_again_and_the_text_comes_once(
    meddled: tuple[Assistant, Meddled],
) -> None:
    assistant, embedder = meddled
    embedder.goes = [HANDBOOKS[0].id]
    *events, answer = assistant.stream(QUESTION)
    assert isinstance(answer, Answer)
    stages = [event.stage for event in events if isinstance(event, Progress)]
    assert stages == ["understand", "retrieve", "retrieve", "rerank", "answer"]
    assert "".join(event for event in events if isinstance(event, str)) == answer.text


def test_a_document_that_was_named_is_missed(meddled: tuple[Assistant, Meddled]) -> None:
    assistant, embedder = meddled
    for ask in (assistant.ask, assistant.search):
        gone = HANDBOOKS[0 if ask == assistant.ask else 1].id
        embedder.goes = [gone]
        with pytest.raises(QuestionError, match=f"holds no document '{gone}'") as raised:
            ask(QUESTION, filters=Filters(document_id=gone))
        assert not isinstance(raised.value, UnknownDocumentError)


def test_a_library_that_does_not_hold_still_is_busy(meddled: tuple[Assistant, Meddled]) -> None:
    assistant, embedder = meddled
    settings = Settings(home=embedder.home)
    with open_desks(assistant, settings) as desks:
        app = create_api(assistant, desks.kept, version="1", settings=settings)
        with TestClient(app) as client:
            embedder.goes = [HANDBOOKS[0].id, HANDBOOKS[1].id]
            busy = client.post("/api/v1/answers", json={"question": QUESTION})
            assert (busy.status_code, busy.headers["retry-after"]) == (503, "2")
            assert "being changed" in busy.json()["detail"]
            named = {"question": QUESTION, "document_id": HANDBOOKS[0].id}
            assert client.post("/api/v1/answers", json=named).status_code == 422
            embedder.goes = [HANDBOOKS[2].id, OLD]
            assert client.post("/api/v1/passages", json={"question": QUESTION}).status_code == 200
    assert not embedder.goes


def test_what_was_shown_is_not_taken_back() -> None:
    def look() -> Iterator[str]:
        looks.append("look")
        yield "shown"
        raise UnknownDocumentError("gone")

    looks: list[str] = []
    with pytest.raises(BusyError, match="being changed"):
        list(stream_twice(look))
    assert looks == ["look"]
