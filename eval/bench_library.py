"""A library that holds one benchmark and nothing else, made by the product's own write path."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.embedders import open_tokenizer
from corpus.embedding import Tokenizer
from corpus.model import Document, Span
from corpus.packing import pack_boxes
from corpus.passage_texts import passage_texts
from corpus.settings import ChunkingSettings, Settings
from corpus.writer import IndexWriter
from eval.progress import Show
from ingest.assembling import Assembled, Piece
from ingest.blocks import Role
from ingest.chunking import make_chunks

_BATCH = 32
"""Chunks embedded between two reports of progress: some seconds' work."""
_PARAGRAPH = re.compile(r"\S[^\n]*")


def build_library(document: Document, settings: Settings, source: Path, show: Show) -> str:
    """Makes the library of `settings` hold this document and nothing else.

    Args:
        document: without chunks.
        settings: name the data folder of that library.
        source: kept in place of a PDF.
        show: told how many chunks are embedded.

    Returns:
        The id of the document there.
    """
    document = with_chunks(document, settings.chunking, open_tokenizer(settings))
    spans = [[chunk.span.start, chunk.span.end, *chunk.headings] for chunk in document.chunks]
    key = json.dumps([document.sha256, spans]).encode()
    document = replace(document, sha256=hashlib.sha256(key).hexdigest())
    with contextlib.closing(IndexWriter.open(settings, check=False)) as writer:
        for held in writer.records():
            if held.sha256 != document.sha256 or held.built_by != writer.built_by():
                writer.remove(held.id)
        record = writer.knows(document.sha256)
        if record is None:
            texts = passage_texts(document)
            batches = []
            show("passages", 0, len(texts))
            for start in range(0, len(texts), _BATCH):
                batches.append(writer.embedder().embed_passages(texts[start : start + _BATCH]))
                show("passages", min(start + _BATCH, len(texts)), len(texts))
            boxes = pack_boxes(document, ())
            record = writer.save(document, np.concatenate(batches), boxes, source)
        writer.refresh()
        return record.id


def with_chunks(document: Document, settings: ChunkingSettings, tokenizer: Tokenizer) -> Document:
    """The document cut as a guide is; each line of its text is a paragraph."""
    pieces = tuple(
        Piece(
            span=Span(section.span.start + match.start(), section.span.start + match.end()),
            role=Role.TEXT,
            section=number,
        )
        for number, section in enumerate(document.sections)
        for match in _PARAGRAPH.finditer(document.text_at(section.span))
    )
    assembled = Assembled(
        text=document.text,
        pages=document.pages,
        sections=document.sections,
        tables=(),
        pieces=pieces,
        boxes=(),
    )
    chunks = make_chunks(assembled, document_id=document.id, settings=settings, tokenizer=tokenizer)
    return replace(document, chunks=chunks)


def share_models(home: Path, other: Path) -> None:
    """Lets the second data folder use the converted models of the first."""
    if not (other / "models").exists():
        (home / "models").mkdir(parents=True, exist_ok=True)
        other.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):  # where links are not allowed, they are made anew
            (other / "models").symlink_to(home / "models", target_is_directory=True)
