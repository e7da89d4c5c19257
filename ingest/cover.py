"""The edition of a PDF by its first pages alone: a fraction of a second, whatever its length."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import DocumentError
from corpus.model import DocumentStatus, Edition
from ingest.edition import FrontMatter, read_edition
from ingest.laying_out import lay_out
from ingest.layout import Line, lines_of
from ingest.naming import name_of, stem_of
from ingest.pdf import open_pdf

_PAGES = 8
"""Enough for running heads to repeat and for the language to show."""

_FRONT_PAGES = 3
_SAMPLE_CHARS = 8000


def read_cover(path: Path) -> Edition:
    """The edition that the first pages name.

    Raises:
        DocumentError: if it is no PDF, cannot be opened, or has no text in front.
    """
    with open_pdf(path) as pdf:
        pages = [pdf.page(number) for number in range(1, min(_PAGES, pdf.page_count) + 1)]
        author = pdf.author
    cover: list[Line] = []
    for page in pages[:_FRONT_PAGES]:
        cover = cover or lines_of(page.words, page.number)
    if not cover:
        raise DocumentError(
            f"{name_of(path)} has no text on its first pages, so its edition cannot be read.",
            status=DocumentStatus.NEEDS_OCR,
        )
    layout = lay_out(pages, [()] * len(pages))
    words = " ".join(word.text for page in pages for word in page.words)
    return read_edition(
        FrontMatter(
            cover=cover,
            running=layout.running,
            body_size=layout.body_size,
            sample=words[:_SAMPLE_CHARS],
            file_stem=stem_of(path),
            author=author,
        )
    )
