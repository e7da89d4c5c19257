"""The pages that answers cite, as pictures for a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.pages import PageImages, PageSource
from corpus.errors import GuideError
from corpus.records import DocumentRecord
from eval.results import Cited

SCALE = 1.0
"""Pixels per point: small print can be read, and a page takes about 100 kB."""


class Library(PageSource, Protocol):
    """What drawing needs of `corpus.index.Index`."""

    def records(self) -> Sequence[DocumentRecord]:
        """What the library holds."""
        ...


def page_images(library: Library) -> Callable[[Cited], bytes | None]:
    """Draws the page of a citation as PNG with its quote marked; None where it cannot be drawn."""
    ids = {record.file: record.id for record in library.records()}
    images = PageImages(library, cache_bytes=0)

    def draw(cited: Cited) -> bytes | None:
        if cited.document not in ids:
            return None
        try:
            image = images.image(ids[cited.document], cited.page, quote=cited.quote, scale=SCALE)
        except GuideError:  # a PDF that is gone or damaged takes its picture, not the report
            return None
        return image.png

    return draw
