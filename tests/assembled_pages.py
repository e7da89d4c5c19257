"""Hand-made pages taken all the way to text, sections and chunks."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Chunk
from corpus.settings import ChunkingSettings
from ingest.assembling import Assembled, assemble
from ingest.chunking import make_chunks
from ingest.drawn import Bookmark, RawPage
from ingest.laying_out import lay_out
from ingest.outline import Outline
from ingest.sections import find_headings
from ingest.tables import RawTable

SMALL = ChunkingSettings(max_tokens=32, min_tokens=8)


class WordCounter:
    """A tokenizer whose tokens are words."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


def read(
    pages: Sequence[RawPage],
    tables: Sequence[Sequence[RawTable]] = (),
    bookmarks: Sequence[Bookmark] = (),
    chunking: ChunkingSettings = SMALL,
) -> tuple[Assembled, Outline, tuple[Chunk, ...]]:
    """What is assembled from pages with their tables, its outline and its chunks."""
    layout = lay_out(pages, tables or [()] * len(pages))
    outline = find_headings(layout, pages, bookmarks)
    assembled = assemble(layout, outline, pages, layout.labels)
    chunks = make_chunks(assembled, document_id="d", settings=chunking, tokenizer=WordCounter())
    return assembled, outline, chunks
