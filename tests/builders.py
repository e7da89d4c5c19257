"""Small valid documents for tests, made from plain paragraphs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from assistant.model import Query
from corpus.embedding import Vectors
from corpus.model import (
    Box,
    Chunk,
    ChunkKind,
    Document,
    DocumentStatus,
    Edition,
    Page,
    Section,
    Span,
    TextBox,
    chunk_id,
)


def make_query(question: str, **other: object) -> Query:
    """A question in English to no document, as understood by its words alone."""
    values = {"search_text": question, "topic": question, "language": "en", "document_ids": ()}
    return Query(question=question, **{**values, **other})  # type: ignore[arg-type]


def make_document(
    document_id: str = "guide-2026-en",
    *,
    pages: Sequence[str | Sequence[str]] = ("Who can apply? Any public organisation.",),
    headings: Sequence[str] = (),
    year: int | None = 2026,
    programme: str | None = "Erasmus+",
    language: str = "en",
    version: str | None = "1",
    title: str | None = None,
    file: str | None = None,
    status: DocumentStatus = DocumentStatus.INDEXED,
    warnings: Sequence[str] = (),
    context: str = "",
) -> Document:
    """A document with one chunk for each paragraph; each page is one section.

    Args:
        document_id: its id.
        pages: each a text, or paragraphs that become one chunk each.
        headings: heading path of each page's section by page ("A › B"), "" or left out for none.
        year, programme, language, version: of the edition.
        title: of the edition; made from the others where None.
        file: name of the PDF; made from the id where None.
        status, warnings: as read.
        context: of every chunk.
    """
    text = ""
    page_list: list[Page] = []
    sections: list[Section] = []
    chunks: list[Chunk] = []
    for number, content in enumerate(pages, start=1):
        start = len(text)
        path = tuple(headings[number - 1].split(" › ")) if number <= len(headings) else ()
        path = tuple(heading for heading in path if heading)
        for paragraph in [content] if isinstance(content, str) else content:
            span = Span(len(text), len(text) + len(paragraph))
            chunks.append(
                Chunk(
                    id=chunk_id(document_id, span, paragraph),
                    document_id=document_id,
                    ordinal=len(chunks),
                    span=span,
                    text=paragraph,
                    headings=path,
                    context=context,
                    kind=ChunkKind.TEXT,
                )
            )
            text += paragraph + "\n"
        span = Span(start, len(text))
        page_list.append(
            Page(number=number, span=span, label=str(number), width_pt=595.0, height_pt=842.0)
        )
        sections.append(Section(headings=path, span=span))
    return Document(
        id=document_id,
        file=file or f"{document_id}.pdf",
        sha256=hashlib.sha256(f"{document_id}\0{text}".encode()).hexdigest(),
        edition=Edition(
            title=title or " ".join(str(p) for p in (programme, "Guide", year) if p),
            language=language,
            programme=programme,
            year=year,
            version=version,
            date=date(year - 1, 11, 12) if year else None,
        ),
        text=text,
        pages=tuple(page_list),
        sections=tuple(sections),
        chunks=tuple(chunks),
        status=status,
        warnings=tuple(warnings),
    )


def make_boxes(document: Document) -> Iterator[TextBox]:
    """A box for each word, laid out along a line."""
    for page in document.pages:
        offset = page.span.start
        for word in document.page_text(page.number).split(" "):
            if word:
                left = float(offset - page.span.start)
                yield TextBox(
                    span=Span(offset, offset + len(word)),
                    box=Box(left, 10.0, left + len(word), 20.0),
                )
            offset += len(word) + 1


def make_pdf(folder: Path, document: Document) -> Path:
    """A file to stand for the document's PDF (its bytes are never read)."""
    path = folder / document.file
    path.write_bytes(b"%PDF-1.7\n" + document.sha256.encode())
    return path


def unit_vectors(count: int, *, dimension: int, seed: int = 0) -> Vectors:
    """Random directions."""
    rows = np.random.default_rng(seed).standard_normal((count, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


class WordEmbedder:
    """An embedder for tests: a text's vector is the sum of fixed random vectors of its words.

    Texts that share words are near each other, as with a real model, and it needs no weights.
    """

    languages: frozenset[str] | None = None

    def __init__(self, name: str = "words", dimension: int = 64) -> None:
        self.fingerprint = f"{name}-{dimension}"
        self.dimension = dimension
        self.texts_embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.texts_embedded += len(texts)
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimension), dtype=np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> Vectors:
        total = np.full(self.dimension, 1e-3, dtype=np.float32)
        for word in text.lower().split():
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
            total += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)
