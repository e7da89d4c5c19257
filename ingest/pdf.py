"""Reads PDF files: pages as `ingest.drawn` types, labels, bookmarks. The only home of pypdfium2.

PDFium is called once per word, not once per character (three to five times faster): the box of
a word spans its first and last character, its font is that of its first character.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import hypot
from pathlib import Path
from typing import Any, Self

from corpus.errors import DocumentError
from corpus.model import Box, DocumentStatus
from ingest.drawn import (
    ASCENT,
    DESCENT,
    Bookmark,
    Matrix,
    Placing,
    RawPage,
    Shapes,
    Word,
    around,
    insert_value,
    multiply,
    transform,
)
from ingest.forms import FieldValue, form_values

_BROKEN = "\ufffe"
"""How PDFium marks a hyphen at a line end; it leaves the line break out, then."""

_WORD = re.compile(rf"[^\s\x00{_BROKEN}]+{_BROKEN}?|{_BROKEN}")
_DIGIT = re.compile(r"\d")
_BOLD = re.compile(r"bold|black|heavy|demi|[-,]bd?\b", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|kursiv", re.IGNORECASE)
_HYPHENS = str.maketrans({"\x02": _BROKEN, "\uffff": _BROKEN})

_BOLD_WEIGHT = 600
_FORCE_BOLD, _ITALIC_FLAG = 1 << 18, 1 << 6  # font flags, ISO 32000-2 table 121
_FILL_AND_STROKE = 2
_WHITE = 250
"""Colours this light in each of red, green and blue are not seen on paper."""

_MAX_DEPTH = 8
"""Of forms within forms."""

_OTHER_SIZE_PT = 0.5
"""Sizes that differ by more make two words of one (a footnote reference at its foot)."""

_SAME_PLACE_PT = 1.2
"""A word drawn again this near is drawn twice to look bold."""


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    bold: bool
    italic: bool
    direction: int
    """Quarter turns counter-clockwise of the text's direction in user space."""
    base: float
    """y of the base line; `top` and `bottom` are the reach of the font around it."""
    top: float
    bottom: float


@dataclass(slots=True)
class PdfFile:
    """An open PDF. Not thread-safe; close it (or use it in a `with` statement).

    Raises:
        DocumentError: from `open_pdf`, where the file is no PDF, damaged, or needs a password.
    """

    _document: Any
    page_count: int
    _values: dict[int, list[FieldValue]] = field(default_factory=dict)
    _fonts: dict[int, tuple[bool, bool]] = field(default_factory=dict)

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
        return str(self._document.get_metadata_value("Title")).strip()

    @property
    def attachments(self) -> tuple[str, ...]:
        """Names of embedded files."""
        count = self._document.count_attachments()
        return tuple(self._document.get_attachment(i).get_name() for i in range(count))

    def labels(self) -> tuple[str, ...]:
        """Page labels by /PageLabels, one for each page; empty where the file has none."""
        labels = tuple(self._document.get_page_label(i) for i in range(self.page_count))
        return labels if any(labels) else ()

    def outline(self) -> tuple[Bookmark, ...]:
        """The bookmarks, in order."""
        found = []
        for entry in self._document.get_toc():
            target = entry.get_dest()
            index = target.get_index() if target else None
            title = " ".join(entry.get_title().split())
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

    def _read(self, page: Any, number: int) -> RawPage:
        shown = page.get_rotation() // 90
        words, directions = self._words(page, shown)
        upright = directions.most_common(1)[0][0] if directions else shown
        if upright != shown:
            # PDFium orders text by the page as displayed: turn it, then read again.
            page.set_rotation(upright * 90)
            words, _ = self._words(page, upright)
        place = Placing(page.get_bbox(), upright)
        shapes = _shapes(page, place)
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
        text_page = page.get_textpage()
        try:
            place = Placing(page.get_bbox(), turns)
            reader = _TextReader(text_page.raw, place, self._font)
            words: list[Word] = []
            directions: Counter[int] = Counter()
            drawn: defaultdict[tuple[str, int], list[float]] = defaultdict(list)
            position = line = 0
            text = reader.text
            for match in _WORD.finditer(text):
                if match.start() > position + 1:
                    line += text.count("\n", position, match.start())
                elif position and text[position - 1] == _BROKEN:
                    line += 1
                position = match.end()
                glued = False
                for start, end, style in reader.runs(match):
                    box = place.box(*reader.box(start, end - 1))
                    base = box.bottom
                    if style.direction == turns and style.size:
                        base = style.base
                        box = Box(box.x0, style.top, box.x1, style.bottom)
                    word = text[start:end]
                    if word[-1] == _BROKEN:
                        word = f"{word[:-1]}-"
                    directions[style.direction] += end - start
                    if not (box.x1 > 0 and box.x0 < place.width and 0 < base < place.height + 1):
                        continue  # off the page: not seen
                    before = drawn[word, round(base)]
                    if before and any(abs(x - box.x0) < _SAME_PLACE_PT for x in before):
                        continue
                    before.append(box.x0)
                    words.append(
                        Word(word, box, base, style.size, style.bold, style.italic, line, glued)
                    )
                    glued = True
            return words, directions
        finally:
            text_page.close()

    def _font(self, font: Any) -> tuple[bool, bool]:
        import pypdfium2.raw as c

        if not font:
            return False, False
        key = ctypes.addressof(font.contents)
        known = self._fonts.get(key)
        if known is None:
            buffer = ctypes.create_string_buffer(256)
            c.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("utf-8", "replace").partition("+")[2] or str(buffer.value)
            flags = c.FPDFFont_GetFlags(font)
            bold = bool(_BOLD.search(name)) or c.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
            italic = bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG)
            known = self._fonts[key] = (bold or bool(flags & _FORCE_BOLD), italic)
        return known


def open_pdf(path: Path, *, password: str = "") -> PdfFile:
    """Opens a PDF, with the empty password first, then with the one given.

    Raises:
        DocumentError: with status "not a PDF", "damaged" or "needs password".
    """
    import pypdfium2

    with path.open("rb") as file:
        head = file.read(1024)
    if b"%PDF-" not in head:
        what = "is empty (0 bytes)" if not head else "is not a PDF"
        raise DocumentError(
            f"{path.name} {what}. Give a PDF file.", status=DocumentStatus.NOT_A_PDF
        )
    for attempt in dict.fromkeys(("", password)):
        try:
            document = pypdfium2.PdfDocument(path, password=attempt or None)
            filled: dict[int, list[FieldValue]] = defaultdict(list)
            if document.get_formtype() != pypdfium2.raw.FORMTYPE_NONE:
                for value in form_values(path, password=attempt):
                    filled[value.page].append(value)
            return PdfFile(_document=document, page_count=len(document), _values=dict(filled))
        except pypdfium2.PdfiumError as error:
            problem = error
    if problem.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
        said = "The password given does not open" if password else "A password is needed for"
        raise DocumentError(
            f"{said} {path.name}. Give it with --password.",
            status=DocumentStatus.NEEDS_PASSWORD,
        )
    raise DocumentError(
        f"{path.name} is damaged and cannot be opened ({problem}). Download it again.",
        status=DocumentStatus.DAMAGED,
    )


class _TextReader:
    """The characters of one page with their boxes and styles.

    Functions called for each word are bound anew to plain addresses: the bindings' own types
    cost more than PDFium's work.
    """

    def __init__(
        self, raw: Any, place: Placing, read_font: Callable[[Any], tuple[bool, bool]]
    ) -> None:
        import pypdfium2.raw as c

        self._c, self._raw, self._place, self._read_font = c, raw, place, read_font
        self._matrix = c.FS_MATRIX()
        self._page = ctypes.cast(raw, ctypes.c_void_p).value
        self._get_object = _bind(c.FPDFText_GetTextObject, ctypes.c_void_p, 1, 0)
        self._get_box = _bind(c.FPDFText_GetCharBox, ctypes.c_int, 1, 4)
        self._sides = (ctypes.c_double * 8)()
        start = ctypes.addressof(self._sides)
        # PDFium wants left, right, bottom, top.
        self._first = tuple(start + 8 * i for i in (0, 2, 1, 3))
        self._last = tuple(start + 32 + 8 * i for i in (0, 2, 1, 3))
        self._styles: dict[int | None, _Style] = {None: _Style(0.0, False, False, 0, 0.0, 0.0, 0.0)}
        self.text = self._characters()

    def _characters(self) -> str:
        """One Python character for each of PDFium's, so that indexes agree."""
        c = self._c
        count = c.FPDFText_CountChars(self._raw)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (2 * count + 1))()
        if c.FPDFText_GetText(self._raw, 0, count, buffer) == count + 1:
            text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
        else:  # some are left out, or take two units, which shifts the indexes
            codes = (c.FPDFText_GetUnicode(self._raw, index) for index in range(count))
            text = "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)
        return text.translate(_HYPHENS)

    def box(self, first: int, last: int) -> tuple[float, float, float, float]:
        """Left, bottom, right, top around two characters in user space."""
        self._get_box(self._page, first, *self._first)
        if first == last:
            left, bottom, right, top = self._sides[:4]
            return left, bottom, right, top
        self._get_box(self._page, last, *self._last)
        left, bottom, right, top, left2, bottom2, right2, top2 = self._sides
        return (
            left if left < left2 else left2,
            bottom if bottom < bottom2 else bottom2,
            right if right > right2 else right2,
            top if top > top2 else top2,
        )

    def runs(self, match: re.Match[str]) -> list[tuple[int, int, _Style]]:
        """A word cut where its font size changes, which is looked for only beside digits."""
        start, end = match.span()
        style = self._style(start)
        if end - start < 2 or not _DIGIT.search(self.text, start, end):
            return [(start, end, style)]
        runs: list[tuple[int, int, _Style]] = []
        for index in range(start + 1, end):
            here = self._style(index)
            if here is not style and abs(here.size - style.size) > _OTHER_SIZE_PT:
                runs.append((start, index, style))
                start, style = index, here
        return [*runs, (start, end, style)]

    def _style(self, index: int) -> _Style:
        key = self._get_object(self._page, index)
        return self._styles.get(key) or self._new_style(key, index)

    def _new_style(self, key: int, index: int) -> _Style:
        c, matrix = self._c, self._matrix
        drawn = ctypes.cast(key, c.FPDF_PAGEOBJECT)
        c.FPDFText_GetMatrix(self._raw, index, matrix)
        a, b = matrix.a, matrix.b
        direction = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3)
        bold, italic = self._read_font(c.FPDFTextObj_GetFont(drawn))
        size = round(c.FPDFText_GetFontSize(self._raw, index) * hypot(matrix.c, matrix.d), 2)
        base = self._place.point(matrix.e, matrix.f)[1]
        style = self._styles[key] = _Style(
            size,
            bold or c.FPDFTextObj_GetTextRenderMode(drawn) == _FILL_AND_STROKE,
            italic,
            direction,
            base,
            base - ASCENT * size,
            base + DESCENT * size,
        )
        return style


def _bind(function: Any, result: Any, numbers: int, addresses: int) -> Any:
    """The C function, taking a handle, integers and addresses as plain Python integers."""
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    arguments = [ctypes.c_void_p, *[ctypes.c_int] * numbers, *[ctypes.c_void_p] * addresses]
    return ctypes.CFUNCTYPE(result, *arguments)(address)


def _shapes(page: Any, place: Placing) -> Shapes:
    """The lines, areas and pictures of a page, through all nested form objects."""
    import pypdfium2.raw as c

    found = Shapes()
    x, y, fill, stroke = ctypes.c_float(), ctypes.c_float(), ctypes.c_int(), c.FPDF_BOOL()
    colour = [ctypes.c_uint() for _ in range(4)]
    matrix = c.FS_MATRIX()

    def visible(item: Any, get_colour: Any) -> bool:
        if not get_colour(item, *colour):
            return True  # a pattern
        red, green, blue, alpha = (value.value for value in colour)
        return alpha > 0 and min(red, green, blue) < _WHITE

    def placed(item: Any, outer: Matrix | None) -> Matrix:
        c.FPDFPageObj_GetMatrix(item, matrix)
        own = (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
        return multiply(own, outer) if outer else own

    def visit_path(path: Any, outer: Matrix | None) -> None:
        c.FPDFPath_GetDrawMode(path, fill, stroke)
        filled = bool(fill.value) and visible(path, c.FPDFPageObj_GetFillColor)
        stroked = bool(stroke.value) and visible(path, c.FPDFPageObj_GetStrokeColor)
        if not filled and not stroked:
            return
        m = placed(path, outer)
        points: list[tuple[float, float]] = []
        closed = False
        for index in range(c.FPDFPath_CountSegments(path)):
            segment = c.FPDFPath_GetPathSegment(path, index)
            if c.FPDFPathSegment_GetType(segment) == c.FPDF_SEGMENT_MOVETO:
                found.add_subpath(points, closed=closed, filled=filled, stroked=stroked)
                points, closed = [], False
            c.FPDFPathSegment_GetPoint(segment, x, y)
            points.append(place.point(*transform(m, x.value, y.value)))
            closed = closed or bool(c.FPDFPathSegment_GetClose(segment))
        found.add_subpath(points, closed=closed, filled=filled, stroked=stroked)

    def visit(holder: Any, count: Any, get: Any, outer: Matrix | None, depth: int) -> None:
        for index in range(count(holder)):
            item = get(holder, index)
            kind = c.FPDFPageObj_GetType(item)
            if kind == c.FPDF_PAGEOBJ_PATH:
                visit_path(item, outer)
            elif kind == c.FPDF_PAGEOBJ_IMAGE:
                m = placed(item, outer)  # an image fills the unit square
                corners = ((0, 0), (1, 0), (0, 1), (1, 1))
                found.images.append(around([place.point(*transform(m, *xy)) for xy in corners]))
            elif kind == c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                inner = placed(item, outer)
                visit(item, c.FPDFFormObj_CountObjects, c.FPDFFormObj_GetObject, inner, depth + 1)

    visit(page.raw, c.FPDFPage_CountObjects, c.FPDFPage_GetObject, None, 0)
    return found
