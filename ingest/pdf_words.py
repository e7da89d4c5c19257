"""The lower half of `ingest.pdf` for words; PDFium's functions are handed in.

PDFium is called once per word, not once per character (three to five times faster): the box of
a word spans its first and last character, its font is that of its first character.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot, isfinite
from typing import Any

from corpus.model import Box
from ingest.drawn import ASCENT, DESCENT, Placing, Word
from ingest.pdf_calls import Address, bind

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

_OTHER_SIZE_PT = 0.5
"""Sizes that differ by more make two words of one (a footnote reference at its foot)."""

_SAME_PLACE_PT = 1.2
"""A word drawn again this near is drawn twice to look bold."""

Fonts = dict[int, tuple[bool, bool]]
"""Whether fonts are bold and italic, by PDFium's address; kept while a document is open."""


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
    is_upright: bool


def read_words(
    c: Any, text_page: Any, place: Placing, turns: int, fonts: Fonts
) -> tuple[list[Word], Counter[int]]:
    """The words of a page in stream order, and how many characters run in which direction.

    Args:
        c: PDFium's functions (`pypdfium2.raw`).
        text_page: handle of the page's text.
        place: from user space to the page as read.
        turns: clockwise quarter turns that `place` applies.
        fonts: filled as fonts are met.

    Returns:
        Words, and characters by quarter turns (counter-clockwise) of their direction.
    """
    reader = _TextReader(c, text_page, place, turns, fonts)
    width, height = place.width, place.height + 1
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
        for start, end, style in reader.runs(match.start(), position):
            box = reader.box(start, end - 1, style)
            base = style.base if style.is_upright else box.bottom
            word = text[start:end]
            if word[-1] == _BROKEN:
                word = f"{word[:-1]}-"
            directions[style.direction] += end - start
            x = box.x0
            if x > width or box.x1 < 0 or not 0 < base <= height:
                continue  # off the page: not seen
            before = drawn[word, round(base)]
            if before and any(abs(x - other) < _SAME_PLACE_PT for other in before):
                continue
            before.append(x)
            words.append(Word(word, box, base, style.size, style.bold, style.italic, line, glued))
            glued = True
    return words, directions


class _TextReader:
    """The characters of one page with their boxes and styles."""

    def __init__(self, c: Any, raw: Any, place: Placing, turns: int, fonts: Fonts) -> None:
        self._c, self._raw, self._place, self._fonts = c, raw, place, fonts
        self._turns = turns
        self._shift = place.point(0.0, 0.0)[0] if turns == 0 else None
        self._matrix = c.FS_MATRIX()
        self._matrix_at = Address(ctypes.addressof(self._matrix))
        self._page = ctypes.cast(raw, Address)
        self._get = _functions(c)
        self._sides = (ctypes.c_double * 8)()
        start = ctypes.addressof(self._sides)
        # PDFium wants left, right, bottom, top.
        self._first = tuple(Address(start + 8 * i) for i in (0, 2, 1, 3))
        self._last = tuple(Address(start + 32 + 8 * i) for i in (0, 2, 1, 3))
        self._styles: dict[int | None, _Style] = {
            None: _Style(0.0, False, False, 0, 0.0, 0.0, 0.0, False)
        }
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

    def box(self, first: int, last: int, style: _Style) -> Box:
        """The box on the page around two characters of one style."""
        sides = self._sides
        self._get.box(self._page, first, *self._first)
        self._get.box(self._page, last, *self._last)
        if style.is_upright and self._shift is not None:  # most words: only x is asked for
            x0, x1 = sides[0], sides[6]
            if x1 < x0:
                x0, x1 = sides[4], sides[2]
            return Box(x0 + self._shift, style.top, x1 + self._shift, style.bottom)
        left, bottom, right, top, left2, bottom2, right2, top2 = sides
        box = self._place.box(
            min(left, left2), min(bottom, bottom2), max(right, right2), max(top, top2)
        )
        return Box(box.x0, style.top, box.x1, style.bottom) if style.is_upright else box

    def runs(self, start: int, end: int) -> Sequence[tuple[int, int, _Style]]:
        """A word cut where its font size changes, which is looked for only beside digits."""
        style = self._style(start)
        if end - start < 2 or not _DIGIT.search(self.text, start, end):
            return ((start, end, style),)
        runs: list[tuple[int, int, _Style]] = []
        for index in range(start + 1, end):
            here = self._style(index)
            if here is not style and abs(here.size - style.size) > _OTHER_SIZE_PT:
                runs.append((start, index, style))
                start, style = index, here
        return [*runs, (start, end, style)]

    def _style(self, index: int) -> _Style:
        key = self._get.object(self._page, index)
        return self._styles.get(key) or self._new_style(key, index)

    def _new_style(self, key: int | None, index: int) -> _Style:
        self._get.matrix(self._page, index, self._matrix_at)
        m, drawn = self._matrix, Address(key)
        scale = self._get.size(self._page, index)
        # A size below nothing turns the letters round, as some programs do that draw downwards.
        a, b = (m.a, m.b) if scale >= 0 else (-m.a, -m.b)
        direction = (0 if a >= 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3)
        bold, italic = self._font(self._get.font(drawn))
        size = round(abs(scale) * hypot(m.c, m.d), 2)
        if not isfinite(size):
            size = 0.0
        base = self._place.point(m.e, m.f)[1]
        style = self._styles[key] = _Style(
            size,
            bold or self._get.mode(drawn) == _FILL_AND_STROKE,
            italic,
            direction,
            base,
            base - ASCENT * size,
            base + DESCENT * size,
            direction == self._turns and size > 0,
        )
        return style

    def _font(self, address: int | None) -> tuple[bool, bool]:
        if not address:
            return False, False
        known = self._fonts.get(address)
        if known is None:
            c = self._c
            font = ctypes.cast(address, c.FPDF_FONT)
            buffer = ctypes.create_string_buffer(256)
            c.FPDFFont_GetBaseFontName(font, buffer, 256)
            name = buffer.value.decode("utf-8", "replace").partition("+")[2] or str(buffer.value)
            flags = c.FPDFFont_GetFlags(font)
            bold = bool(_BOLD.search(name)) or c.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT
            italic = bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG)
            known = self._fonts[address] = (bold or bool(flags & _FORCE_BOLD), italic)
        return known


@dataclass(frozen=True, slots=True)
class _Functions:
    """PDFium's functions for a character of a page's text, and for a text object.

    They take handles and addresses as `c_void_p` and give them back as integers.
    """

    object: Callable[[Address, int], int | None]
    box: Callable[..., int]
    matrix: Callable[[Address, int, Address], int]
    size: Callable[[Address, int], float]
    font: Callable[[Address], int | None]
    mode: Callable[[Address], int]


@cache
def _functions(c: Any) -> _Functions:
    return _Functions(
        bind(c.FPDFText_GetTextObject, Address),
        bind(c.FPDFText_GetCharBox, ctypes.c_int),
        bind(c.FPDFText_GetMatrix, ctypes.c_int),
        bind(c.FPDFText_GetFontSize, ctypes.c_double),
        bind(c.FPDFTextObj_GetFont, Address),
        bind(c.FPDFTextObj_GetTextRenderMode, ctypes.c_int),
    )
