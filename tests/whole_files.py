"""Whole files read as documents, and what must hold for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from pypdf import PdfReader

from corpus.matching import comparable, pieces
from corpus.model import Document, TextBox, tiles
from corpus.settings import LimitSettings, OcrSettings, Settings
from ingest.reading import read_document
from ingest.sentences import sentences

Read = tuple[Document, tuple[TextBox, ...]]
"""A document and where its words stand."""


class WordCounter:
    """A tokenizer whose tokens are words and a third."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) * 4 // 3 for text in texts]


@lru_cache(maxsize=64)
def read(path: Path, *, password: str = "", limits: LimitSettings | None = None) -> Read:
    """A file as document and boxes, without OCR; each file is read once."""
    settings = Settings(
        home=Path("nowhere"), limits=limits or LimitSettings(), ocr=OcrSettings(mode="never")
    )
    return read_document(path, settings=settings, tokenizer=WordCounter(), password=password)


def check(document: Document, boxes: Sequence[TextBox]) -> None:
    """What holds for every document that was read."""
    assert tiles([page.span for page in document.pages], len(document.text))
    assert tiles([section.span for section in document.sections], len(document.text))
    for chunk in document.chunks:
        assert chunk.text == document.text[chunk.span.start : chunk.span.end]
        assert chunk.document_id == document.id
        assert sum(section.span.contains(chunk.span) for section in document.sections) == 1
    assert len({chunk.id for chunk in document.chunks}) == len(document.chunks)
    for table in document.tables:
        assert all(table.span.contains(cell.span) for cell in table.cells)
    for box in boxes:
        page = document.page_at(box.span.start)
        assert box.box.x0 <= box.box.x1 <= page.width_pt + 60
        assert box.box.top <= box.box.bottom <= page.height_pt + 60
    assert all(a.span.end <= b.span.start for a, b in pairwise(boxes))


def strangers(document: Document, pages: Sequence[int], path: Path) -> list[tuple[int, str]]:
    """Sentences and cells that another reader does not find on their page."""
    other = PdfReader(path)
    found = []
    for number in pages:
        theirs = comparable(other.pages[number - 1].extract_text())
        for line in document.page_text(number).split("\n"):
            for sentence in sentences(line):
                for piece in pieces(line[sentence.start : sentence.end]):
                    if comparable(piece) not in theirs:
                        found.append((number, piece))  # noqa: PERF401 - four loops read better
    return found
