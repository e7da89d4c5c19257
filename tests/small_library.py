"""Two small guides, how they get into a library, and what a search in it finds."""

from __future__ import annotations

from corpus.embedding import Vectors
from corpus.index import Index
from corpus.model import Document
from corpus.packing import pack_boxes
from corpus.passage_texts import passage_texts
from corpus.records import DocumentRecord
from corpus.writer import IndexWriter
from tests.builders import WordEmbedder, make_boxes, make_document, make_pdf

EMBEDDER = WordEmbedder()
GUIDE = make_document("guide", pages=[["who may apply", "the grant is 120 000 EUR"], "deadline"])
OTHER = make_document("other", pages=["who may apply here", "a deadline in March"])


def vectors_of(document: Document, embedder: WordEmbedder = EMBEDDER) -> Vectors:
    """One vector for each chunk of a document."""
    return embedder.embed_passages(passage_texts(document))


def save(writer: IndexWriter, document: Document, *, publish: bool = True) -> DocumentRecord:
    """Save a document with all that belongs to it."""
    folder = writer._home.parent
    return writer.save(
        document,
        vectors_of(document),
        pack_boxes(document, make_boxes(document)),
        make_pdf(folder, document),
        publish=publish,
    )


def dense(index: Index, text: str, ids: list[str] | None = None) -> list[str]:
    """Ids of the chunks whose vectors are near a text, the nearest first."""
    vector = EMBEDDER.embed_queries([text])
    return [hit.chunk_id for hit in index.dense_search(vector, top_k=9, document_ids=ids)[0]]


def lexical(index: Index, text: str, ids: list[str] | None = None) -> list[str]:
    """Ids of the chunks that hold words of a text, the best first."""
    hits = index.lexical_search(text, top_k=9, document_ids=ids)
    return [hit.chunk_id for hit in hits]
