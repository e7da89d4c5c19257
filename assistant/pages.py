"""Pages of the guides as images, with the quote marked where it stands.

Where the quote cannot be placed, the page comes unmarked and says so. Drawing is done by PDFium
under a lock (it is not thread-safe), so call this from a worker thread; finished images are kept
in a bounded cache.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.marking import Marks, find_marks
from corpus.errors import DocumentError, QuestionError
from corpus.model import Document, DocumentStatus, Page, TextBox

if TYPE_CHECKING:
    from PIL.Image import Image

CACHE_BYTES = 64 << 20
"""Most bytes of finished images that are kept."""
MAX_PIXELS = 8_000_000
"""Largest image; a page that would be larger is drawn smaller."""

_QUOTE = (255, 226, 112)
_HEADER = (204, 226, 248)
_MARGIN_PT = 1.5
_COMPRESSION = 3  # of PNG: twice as fast as the usual 6, and hardly larger


class PageSource(Protocol):
    """What page images need of `corpus.index.Index`."""

    def document(self, document_id: str) -> Document:
        """A whole document; `QuestionError` where there is none."""
        ...

    def boxes(self, document_id: str, page: int) -> tuple[TextBox, ...]:
        """Where the text of a page stands."""
        ...

    def pdf_path(self, document_id: str) -> Path:
        """The PDF of a document."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """One page, drawn.

    Attributes:
        png: the image file.
        placed: the quote was found and marked; True as well where no quote was asked for.
        page, pages: which page, of how many. label: the number printed on it.
        quote: where the marked quote stands (left, top, right, bottom), as shares of the page's
            width and height; None without one.
    """

    png: bytes
    placed: bool
    page: int
    pages: int
    label: str
    quote: tuple[float, float, float, float] | None = None

    @property
    def top(self) -> float:
        """Where the marked quote begins, as a share of the page's height; 0 without one."""
        return self.quote[1] if self.quote else 0.0


class PageImages:
    """Draws pages of one library, and keeps what it drew."""

    def __init__(self, library: PageSource, *, cache_bytes: int = CACHE_BYTES) -> None:
        self._library = library
        self._cache: OrderedDict[tuple[str, int, str, float], PageImage] = OrderedDict()
        self._cache_bytes = cache_bytes
        self._held_bytes = 0
        self._cache_lock = threading.Lock()
        self._drawing = threading.Lock()

    def image(
        self, document_id: str, page: int, *, quote: str = "", scale: float = 1.5
    ) -> PageImage:
        """One page as PNG.

        Args:
            document_id: of the library.
            page: physical page, 1-based.
            quote: text to mark, as a citation gives it.
            scale: pixels per PDF point.

        Raises:
            QuestionError: if there is no such document or page.
            LibraryError: if the PDF is gone.
            DocumentError: if the page cannot be drawn.
        """
        document = self._library.document(document_id)
        if not 1 <= page <= len(document.pages):
            raise QuestionError(f"{document_id} has no page {page} (1 to {len(document.pages)}).")
        # By content, for the same id may stand for another file tomorrow.
        key = (document.sha256, page, quote, scale)
        with self._cache_lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        marks = find_marks(document, self._library.boxes(document_id, page), page, quote)
        with self._drawing:
            drawn = _draw(self._library.pdf_path(document_id), page, scale)
        image = PageImage(
            png=_png(_marked(drawn, marks, document.page(page).width_pt)),
            placed=bool(marks.quote) or not quote,
            page=page,
            pages=len(document.pages),
            label=document.page(page).label,
            quote=_shares(marks, document.page(page)),
        )
        self._keep(key, image)
        return image

    def _keep(self, key: tuple[str, int, str, float], image: PageImage) -> None:
        with self._cache_lock:
            if key not in self._cache:
                self._cache[key] = image
                self._held_bytes += len(image.png)
            while self._held_bytes > self._cache_bytes:
                _, dropped = self._cache.popitem(last=False)
                self._held_bytes -= len(dropped.png)


def _shares(marks: Marks, page: Page) -> tuple[float, float, float, float] | None:
    if not (marks.quote and page.width_pt and page.height_pt):
        return None
    left = min(box.x0 for box in marks.quote) / page.width_pt
    top = min(box.top for box in marks.quote) / page.height_pt
    right = max(box.x1 for box in marks.quote) / page.width_pt
    bottom = max(box.bottom for box in marks.quote) / page.height_pt
    within = [max(0.0, min(1.0, share)) for share in (left, top, right, bottom)]
    return within[0], within[1], within[2], within[3]


def _draw(path: Path, page: int, scale: float) -> Image:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as pdf:
            sheet = pdf[page - 1]
            width, height = sheet.get_size()
            largest = (MAX_PIXELS / max(width * height, 1)) ** 0.5
            bitmap = sheet.render(scale=min(scale, largest), may_draw_forms=False)
            drawn: Image = bitmap.to_pil().convert("RGB")
            return drawn
    except pypdfium2.PdfiumError as error:
        raise DocumentError(
            f"Page {page} cannot be drawn: {error}. Open the PDF itself.",
            status=DocumentStatus.DAMAGED,
        ) from error


def _marked(image: Image, marks: Marks, width_pt: float) -> Image:
    """The image with its marks laid over it as by a text marker: dark stays dark."""
    from PIL import Image, ImageChops

    scale = image.width / width_pt if width_pt else 0
    for boxes, colour in ((marks.headers, _HEADER), (marks.quote, _QUOTE)):
        for box in boxes:
            area = (
                max(0, round((box.x0 - _MARGIN_PT) * scale)),
                max(0, round((box.top - _MARGIN_PT) * scale)),
                min(image.width, round((box.x1 + _MARGIN_PT) * scale)),
                min(image.height, round((box.bottom + _MARGIN_PT) * scale)),
            )
            if area[0] < area[2] and area[1] < area[3]:
                part = image.crop(area)
                tint = Image.new("RGB", part.size, colour)
                image.paste(ImageChops.darker(part, tint), area)
    return image


def _png(image: Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=_COMPRESSION)
    return file.getvalue()
