"""Reads one PDF into a `Document`. Runs inside worker processes: arguments and results pickle."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.embedding import Tokenizer
from corpus.errors import DocumentError
from corpus.garbage import kept_off
from corpus.hashing import hash_file
from corpus.model import Document, DocumentStatus, TextBox
from corpus.settings import LimitSettings, OcrSettings, Settings
from ingest.assembling import Assembled, assemble
from ingest.blocks import Layout, Role
from ingest.chunking import make_chunks
from ingest.drawn import Bookmark, RawPage
from ingest.edition import FrontMatter, document_id, read_edition, title_conflict
from ingest.faults import find_faults
from ingest.knowing import refuse_large
from ingest.laying_out import lay_out
from ingest.layout import Line, lines_of
from ingest.naming import name_of, stem_of
from ingest.ocr import INSTALL, PROGRAM, find_tesseract, recognise
from ingest.pdf import PdfFile, open_pdf
from ingest.sections import find_headings
from ingest.tables import find_tables

_SAMPLE_CHARS = 8000
_FRONT_PAGES = 3
_OCR_SHARE = 0.8
"""Share of `limits.file_timeout_s` after which OCR begins no further page."""


def read_document(
    path: Path,
    *,
    settings: Settings,
    tokenizer: Tokenizer,
    password: str = "",
    progress: Callable[[int, int], None] | None = None,
    bare: bool = False,
) -> tuple[Document, tuple[TextBox, ...]]:
    """Reads one PDF.

    Args:
        path: the file.
        settings: limits and chunking.
        tokenizer: of the embedder that will embed the chunks.
        password: tried after the empty one.
        progress: called with (pages read, pages in all) after each page.
        bare: takes from the file only what its pages draw: no page labels, bookmarks, form fields
            or names of attachments, which crash PDFium in some damaged files.

    Returns:
        The document with its text, pages, sections, tables and chunks; and where each line of
        its text stands, in order (the page of a line is `document.page_at(box.span.start)`).

    Raises:
        DocumentError: where nothing can be indexed; its status says why ("not a PDF",
            "damaged", "needs password", "needs OCR", "unreadable text", "too large").
    """
    until = time.monotonic() + _OCR_SHARE * settings.limits.file_timeout_s
    sha256 = _digest(path, settings.limits)
    drawn = read_drawn(
        path, limits=settings.limits, password=password, progress=progress, bare=bare
    )
    drawn = _with_ocr(drawn, path, settings=settings.ocr, password=password, until=until)
    return compose(drawn, path, sha256=sha256, settings=settings, tokenizer=tokenizer)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFile:
    """All that is taken from a PDF before anything is understood.

    Attributes:
        labels: by /PageLabels, one for each page; empty where the file has none.
        outline: the bookmarks.
        title, author: of the metadata.
        recognised: numbers of the pages that were read by OCR.
    """

    pages: tuple[RawPage, ...]
    labels: tuple[str, ...]
    outline: tuple[Bookmark, ...]
    attachments: tuple[str, ...]
    title: str
    author: str
    recognised: tuple[int, ...] = ()


def read_drawn(
    path: Path,
    *,
    limits: LimitSettings,
    password: str = "",
    progress: Callable[[int, int], None] | None = None,
    bare: bool = False,
) -> DrawnFile:
    """Takes from a PDF what its pages draw; arguments and errors as for `read_document`."""
    with open_pdf(path, password=password, forms=not bare) as pdf:
        return DrawnFile(
            pages=tuple(_read_pages(pdf, path, limits, progress)),
            labels=() if bare else pdf.labels(),
            outline=() if bare else pdf.outline(),
            attachments=() if bare else pdf.attachments,
            title=pdf.title,
            author=pdf.author,
        )


def compose(
    drawn: DrawnFile, path: Path, *, sha256: str, settings: Settings, tokenizer: Tokenizer
) -> tuple[Document, tuple[TextBox, ...]]:
    """Makes a document of what a file draws; see `read_document`."""
    pages = list(drawn.pages)
    advice = _advice(settings.ocr)
    warnings, status = _judge(pages, path, drawn.recognised, advice)
    layout = lay_out(pages, find_tables(pages))
    found = find_headings(layout, pages, drawn.outline)
    assembled = assemble(layout, found, pages, drawn.labels or layout.labels)
    if not assembled.text:
        raise DocumentError(
            f"{name_of(path)} has no text. {advice}",
            status=DocumentStatus.NEEDS_OCR,
        )
    edition = read_edition(_front_matter(path, pages, layout, assembled, author=drawn.author))
    identity = document_id(edition, sha256)
    conflict = title_conflict(edition, drawn.title)
    if conflict:
        warnings.append(conflict)
    if drawn.attachments:
        names = ", ".join(drawn.attachments)
        warnings.append(f"Files attached to the PDF are not indexed: {names}.")
    if found.missing:
        names = "; ".join(found.missing[:5])
        what = "1 heading" if len(found.missing) == 1 else f"{len(found.missing)} headings"
        were = "was" if len(found.missing) == 1 else "were"
        warnings.append(f"{what} of the table of contents {were} not found: {names}.")
    document = Document(
        id=identity,
        file=name_of(path),
        sha256=sha256,
        edition=edition,
        text=assembled.text,
        pages=assembled.pages,
        sections=assembled.sections,
        tables=assembled.tables,
        chunks=make_chunks(
            assembled, document_id=identity, settings=settings.chunking, tokenizer=tokenizer
        ),
        status=status,
        warnings=tuple(warnings),
    )
    return document, assembled.boxes


def _with_ocr(
    drawn: DrawnFile, path: Path, *, settings: OcrSettings, password: str, until: float
) -> DrawnFile:
    """The file with the words that OCR sees on pages that need it."""
    tesseract = find_tesseract(settings)
    if tesseract is None:
        return drawn
    if settings.mode == "force":
        numbers = [page.number for page in drawn.pages if page.readable]
    else:
        numbers = list(find_faults(drawn.pages).for_ocr)
    if not numbers:
        return drawn
    with open_pdf(path, password=password, forms=False) as pdf:  # pages as pictures
        found = recognise(pdf, drawn.pages, numbers, tesseract=tesseract, until=until)
    pages = tuple(found.get(page.number, page) for page in drawn.pages)
    return replace(drawn, pages=pages, recognised=tuple(found))


def _digest(path: Path, limits: LimitSettings) -> str:
    refuse_large(path, limits)
    return hash_file(path)


def _read_pages(
    pdf: PdfFile,
    path: Path,
    limits: LimitSettings,
    progress: Callable[[int, int], None] | None,
) -> list[RawPage]:
    if pdf.page_count > limits.max_pages:
        raise DocumentError(
            f"{name_of(path)} has {pdf.page_count} pages; the limit is {limits.max_pages}. Raise "
            "the setting limits.max_pages to read it.",
            status=DocumentStatus.TOO_LARGE,
        )
    pages = []
    with kept_off():  # hundreds of thousands of words are made, all to stay
        for page in pdf.pages():
            pages.append(page)
            if progress is not None:
                progress(len(pages), pdf.page_count)
    return pages


def _judge(
    pages: list[RawPage], path: Path, recognised: Collection[int], advice: str
) -> tuple[list[str], DocumentStatus]:
    """Whether the pages can be indexed; blanks those that cannot, and says so.

    Raises:
        DocumentError: where too little can be read.
    """
    faults = find_faults(pages)
    count = faults.count
    if len(faults.broken) == count:
        raise DocumentError(
            f"{name_of(path)} is damaged: no page can be read. Download it again.",
            status=DocumentStatus.DAMAGED,
        )
    if faults.empty:
        raise DocumentError(
            f"{count} of {count} pages of {name_of(path)} have no text. {advice}",
            status=DocumentStatus.NEEDS_OCR,
        )
    if faults.untrusted:
        raise DocumentError(
            f"The text of {name_of(path)} cannot be read: its letters are not the ones that the "
            f"page shows (a wrong character map). {advice}",
            status=DocumentStatus.UNREADABLE_TEXT,
        )
    warnings = []
    if faults.bare and not faults.has_covers_only:
        warnings.append(f"{_of(faults.bare, count)} no text and {_out(faults.bare)}. {advice}")
    if faults.sparse:
        warnings.append(f"{_of(faults.sparse, count)} only a few words on a picture. {advice}")
    if faults.garbled:
        garbled, out = _of(faults.garbled, count), _out(faults.garbled)
        warnings.append(f"{garbled} unreadable text and {out}. {advice}")
    if faults.broken:
        broken = _of(faults.broken, count)
        warnings.append(f"{broken} no readable content: the file is damaged there.")
    for number in (*faults.bare, *faults.garbled):
        pages[number - 1] = replace(pages[number - 1], words=(), rulings=(), shades=())
    status = DocumentStatus.PARTLY_INDEXED if warnings else DocumentStatus.INDEXED
    if recognised:
        said = _of(sorted(recognised), count)
        warnings.append(f"{said} been read by OCR: hold their figures against the page.")
    return warnings, status


def _advice(settings: OcrSettings) -> str:
    """What to do about pages that have no readable text."""
    if settings.mode == "never":
        return "Allow OCR (`guide ingest FILE --ocr auto`), or run ocrmypdf on the file yourself."
    if shutil.which(PROGRAM) is None:
        return (
            f"Either {INSTALL} and run `guide ingest FILE --ocr auto`, or run OCR on the file "
            "elsewhere and ingest what comes out."
        )
    return (
        "OCR found no text there, or had no time left: look for a better copy of the file, or "
        "raise limits.file_timeout_s."
    )


def _of(numbers: Sequence[int], count: int) -> str:
    """Say which pages: "2 of 20 pages (3, 7) have"."""
    shown = ", ".join(map(str, numbers[:10])) + ", …" * (len(numbers) > 10)
    return f"{len(numbers)} of {count} pages ({shown}) {'has' if len(numbers) == 1 else 'have'}"


def _out(numbers: Sequence[int]) -> str:
    return f"{'is' if len(numbers) == 1 else 'are'} left out"


def _front_matter(
    path: Path, pages: Sequence[RawPage], layout: Layout, assembled: Assembled, *, author: str
) -> FrontMatter:
    cover: list[Line] = []
    for page in pages[:_FRONT_PAGES]:
        cover = lines_of(page.words, page.number)
        if cover:
            break
    prose = [
        assembled.text[piece.span.start : piece.span.end]
        for piece in assembled.pieces
        if piece.role is Role.TEXT
        and not piece.heading
        and not assembled.sections[piece.section].navigation
        and len(piece.span) > 80
    ]
    return FrontMatter(
        cover=cover,
        running=layout.running,
        body_size=layout.body_size,
        sample="\n".join(prose)[:_SAMPLE_CHARS] or assembled.text[:_SAMPLE_CHARS],
        file_stem=stem_of(path),
        author=author,
    )
