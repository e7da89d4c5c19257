"""Reads PDF files: pages as `ingest.drawn` types, labels, bookmarks. The only home of pypdfium2.

`pdf_words` and `pdf_shapes` do the work on one page; they are handed PDFium's functions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

from corpus.errors import DocumentError
from corpus.model import DocumentStatus
from ingest.drawn import Bookmark, Placing, RawPage, Word, insert_value
from ingest.forms import FieldValue, form_values
from ingest.naming import name_of
from ingest.pdf_shapes import read_shapes
from ingest.pdf_words import Fonts, read_words

_MAX_SIDE_PX = 6000
"""Longest side of the picture of a page: an A2 poster at 300 dots an inch is larger."""


@dataclass(slots=True)
class PdfFile:
    """An open PDF. Not thread-safe; close it (or use it in a `with` statement).

    Raises:
        DocumentError: from `open_pdf`, where the file is no PDF, damaged, or needs a password.
    """

    _document: Any
    page_count: int
    _values: dict[int, list[FieldValue]] = field(default_factory=dict)
    _fonts: Fonts = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Releases the file."""
        self._document.close()

    @property
    def title(self) -> str:
        """The Title of the metadata, which often lies: only for comparison."""
        return _text(lambda: self._document.get_metadata_value("Title"))

    @property
    def author(self) -> str:
        """The Author of the metadata; the starter guides of this project are known by it."""
        return _text(lambda: self._document.get_metadata_value("Author"))

    @property
    def attachments(self) -> tuple[str, ...]:
        """Names of embedded files."""
        count = self._document.count_attachments()
        return tuple(
            _text(self._document.get_attachment(index).get_name) or f"attachment {index + 1}"
            for index in range(count)
        )

    def labels(self) -> tuple[str, ...]:
        """Page labels by /PageLabels, one for each page; empty where the file has none."""
        get = self._document.get_page_label
        labels = tuple(_text(partial(get, index)) for index in range(self.page_count))
        return labels if any(labels) else ()

    def outline(self) -> tuple[Bookmark, ...]:
        """The bookmarks, in order."""
        found = []
        for entry in self._document.get_toc():
            target = entry.get_dest()
            index = target.get_index() if target else None
            title = " ".join(_text(entry.get_title).split())
            if title:
                found.append(
                    Bookmark(
                        title=title, level=entry.level, page=None if index is None else index + 1
                    )
                )
        return tuple(found)

    def pages(self) -> Iterator[RawPage]:
        """All pages in order; one that cannot be loaded comes as an unreadable empty page."""
        return (self.page(number) for number in range(1, self.page_count + 1))

    def page(self, number: int) -> RawPage:
        """One page by its 1-based number."""
        from pypdfium2 import PdfiumError

        try:
            page = self._document[number - 1]
        except PdfiumError:
            return RawPage(number=number, width=0.0, height=0.0, readable=False)
        try:
            return self._read(page, number)
        except PdfiumError:
            width, height = page.get_size()
            return RawPage(number=number, width=width, height=height, readable=False)
        finally:
            page.close()

    def picture(self, number: int, *, dpi: int) -> tuple[bytes, float]:
        """A page as displayed, in grey (PGM), and its resolution: less than `dpi` if it is huge."""
        page = self._document[number - 1]
        try:
            scale = min(dpi / 72, _MAX_SIDE_PX / max(1.0, *page.get_size()))
            bitmap = page.render(scale=scale, grayscale=True)
            rows = bitmap.to_numpy().reshape(bitmap.height, bitmap.width)
            head = f"P5 {bitmap.width} {bitmap.height} 255\n".encode()
            picture = head + rows.tobytes()
            bitmap.close()
        finally:
            page.close()
        return picture, scale * 72

    def _read(self, page: Any, number: int) -> RawPage:
        import pypdfium2.raw as c

        shown = page.get_rotation() // 90
        words, directions = self._words(page, shown)
        upright = directions.most_common(1)[0][0] if directions else shown
        if upright != shown:
            # PDFium orders text by the page as displayed: turn it, then read again.
            page.set_rotation(upright * 90)
            words, _ = self._words(page, upright)
        place = Placing(page.get_bbox(), upright)
        shapes = read_shapes(c, page.raw, place)
        for value in self._values.get(number, ()):
            words = insert_value(words, value.text, place.box(*value.corners))
        return RawPage(
            number=number,
            width=place.width,
            height=place.height,
            words=tuple(words),
            rulings=tuple(shapes.rulings),
            shades=tuple(shapes.shades),
            quarter_turns=(shown - upright) % 4,
            images=tuple(shapes.images),
        )

    def _words(self, page: Any, turns: int) -> tuple[list[Word], Counter[int]]:
        import pypdfium2.raw as c

        text_page = page.get_textpage()
        try:
            place = Placing(page.get_bbox(), turns)
            return read_words(c, text_page.raw, place, turns, self._fonts)
        finally:
            text_page.close()


def open_pdf(path: Path, *, password: str = "", forms: bool = True) -> PdfFile:
    """Opens a PDF, with the empty password first, then with the one given.

    Args:
        path: the file.
        password: tried after the empty one.
        forms: whether the values of form fields are read, too.

    Raises:
        DocumentError: with status "not a PDF", "damaged" or "needs password".
    """
    import pypdfium2

    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" not in head:
        what = "is empty (0 bytes)" if not head else "is not a PDF"
        raise DocumentError(
            f"{name_of(path)} {what}. Give a PDF file.", status=DocumentStatus.NOT_A_PDF
        )
    for attempt in dict.fromkeys(("", password)):
        try:
            document = pypdfium2.PdfDocument(path, password=attempt or None)
            filled: dict[int, list[FieldValue]] = defaultdict(list)
            if forms and document.get_formtype() != pypdfium2.raw.FORMTYPE_NONE:
                for value in form_values(path, password=attempt):
                    filled[value.page].append(value)
            return PdfFile(_document=document, page_count=len(document), _values=dict(filled))
        except pypdfium2.PdfiumError as error:
            problem = error
    if problem.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
        said = "The password given does not open" if password else "A password is needed for"
        raise DocumentError(
            f"{said} {name_of(path)}. Give it with --password.",
            status=DocumentStatus.NEEDS_PASSWORD,
        )
    raise DocumentError(
        f"{name_of(path)} is damaged and cannot be opened ({problem}). Download it again.",
        status=DocumentStatus.DAMAGED,
    )


def _text(read: Callable[[], Any]) -> str:
    """A string of the file's structure, "" where it is not valid text."""
    try:
        return str(read()).strip()
    except UnicodeDecodeError:
        return ""
