"""Reads pages that are pictures with Tesseract, where that program is installed.

Tesseract is run once for each page, on the picture of the page as displayed, and says where it
sees which words (hOCR). OCRmyPDF needs Tesseract, too: who has it has what is needed here.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from html.parser import HTMLParser

from corpus.errors import DocumentError, SettingsError
from corpus.model import Box, DocumentStatus
from corpus.onnx_session import usable_threads
from corpus.settings import OcrSettings
from ingest.drawn import ASCENT, DESCENT, RawPage, Word
from ingest.pdf import PdfFile

PROGRAM = "tesseract"
INSTALL = (
    "install Tesseract (for example `apt install tesseract-ocr`, and tesseract-ocr-ell and the "
    "like for languages other than English)"
)

DPI = 300
"""What Tesseract is made for."""

_PAGE_TIMEOUT_S = 120.0
_LIST_TIMEOUT_S = 20.0
_SURE = 30
"""Words of which Tesseract is less sure (0…100) are specks."""

_MOST_LANGUAGES = 6
"""Languages tried where the setting names none; each one takes time."""

_SAME_SIZE = 0.15
"""Lines whose height differs less from that of most have the same font size."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tesseract:
    """The program and the languages (in its own codes) that it shall look for."""

    path: str
    languages: tuple[str, ...]


def find_tesseract(settings: OcrSettings) -> Tesseract | None:
    """The program, where it is wanted and works.

    Raises:
        SettingsError: if the settings name a language that is not installed.
        DocumentError: if the settings want every page read by OCR, and it is not there.
    """
    if settings.mode == "never":
        return None
    path = shutil.which(PROGRAM)
    installed = _installed_languages(path) if path else ()
    if path is None or not installed:
        if settings.mode == "force":
            raise DocumentError(
                f"OCR was asked for, but {PROGRAM} is not there or does not work: {INSTALL}.",
                status=DocumentStatus.NEEDS_OCR,
            )
        return None
    named = tuple(filter(None, settings.languages.split("+")))
    missing = next((code for code in named if code not in installed), None)
    if missing is not None:
        raise SettingsError(
            f"Tesseract has no data for the language {missing}. Install it (for example `apt "
            f"install tesseract-ocr-{missing}`), or change the setting ocr.languages. It has: "
            f"{', '.join(installed)}."
        )
    return Tesseract(path=path, languages=named or installed[:_MOST_LANGUAGES])


@lru_cache(maxsize=4)
def _installed_languages(path: str) -> tuple[str, ...]:
    """Codes of the installed languages, English first; none where the program does not work."""
    try:
        shown = subprocess.run(  # noqa: S603 - the program that PATH names
            [path, "--list-langs"], capture_output=True, timeout=_LIST_TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.warning("%s does not work: %s", path, error)
        return ()
    lines = (shown.stdout or shown.stderr).decode(errors="replace").splitlines()[1:]
    codes = [line.strip() for line in lines if re.fullmatch(r"[a-z]{3}(_\w+)?", line.strip())]
    return tuple(sorted({*codes} - {"osd", "equ"}, key=lambda code: (code != "eng", code)))


def recognise(
    pdf: PdfFile,
    pages: Sequence[RawPage],
    numbers: Collection[int],
    *,
    tesseract: Tesseract,
    until: float,
) -> dict[int, RawPage]:
    """Reads the pictures of pages.

    Args:
        pdf: the open file.
        pages: all its pages as drawn.
        numbers: which of them to read.
        tesseract: from `find_tesseract`.
        until: `time.monotonic()` at which no further page is begun.

    Returns:
        The pages that were read, by number, upright as displayed, without rulings or pictures. A
        page that Tesseract could not read in time, or at all, is left out.
    """
    found: dict[int, RawPage] = {}
    threads = usable_threads(0)
    wanted = sorted(numbers)
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(wanted), threads):
            if time.monotonic() >= until:
                break
            # PDFium draws in one thread only; Tesseract is another process.
            drawn = [(n, *pdf.picture(n, dpi=DPI)) for n in wanted[start : start + threads]]
            jobs = [
                pool.submit(_read, pages[n - 1], picture, dpi, tesseract, until)
                for n, picture, dpi in drawn
            ]
            read = [job.result() for job in jobs]
            found |= {page.number: page for page in read if page is not None}
    return found


def _read(
    page: RawPage, picture: bytes, dpi: float, tesseract: Tesseract, until: float
) -> RawPage | None:
    command = [tesseract.path, "stdin", "stdout", "-l", "+".join(tesseract.languages)]
    try:
        ran = subprocess.run(  # noqa: S603 - as above; a page gives no part of the command
            [*command, "--dpi", str(round(dpi)), "hocr"],
            input=picture,
            capture_output=True,
            timeout=max(1.0, min(_PAGE_TIMEOUT_S, until - time.monotonic())),
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.warning("Page %s was not read by OCR: %s", page.number, error)
        return None
    width, height = page.displayed_size
    words = read_hocr(ran.stdout.decode(errors="replace"), points=72 / dpi)
    return RawPage(number=page.number, width=width, height=height, words=words)


def read_hocr(text: str, *, points: float) -> tuple[Word, ...]:
    """Words of a page in hOCR, in its order.

    Args:
        text: what Tesseract writes.
        points: size of a pixel in points.
    """
    parser = _Hocr(points)
    parser.feed(text)
    parser.close()
    words = parser.words
    if not words:
        return ()
    usual = statistics.median(word.size for word in words for _ in word.text)
    return tuple(
        _sized(word, usual) if abs(word.size - usual) < _SAME_SIZE * usual else word
        for word in words
    )


class _Hocr(HTMLParser):
    """Collects words; a line says its height and base line, a word its box and certainty."""

    def __init__(self, points: float) -> None:
        super().__init__()
        self.words: list[Word] = []
        self._points = points
        self._lines = 0
        self._line: dict[str, list[float]] = {}
        self._word: dict[str, list[float]] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        kind = values.get("class") or ""
        if tag == "span" and kind == "ocrx_word":
            self._word, self._text = _properties(values.get("title") or ""), ""
        elif kind in ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"):
            self._line = _properties(values.get("title") or "")
            self._lines += 1

    def handle_data(self, data: str) -> None:
        if self._word is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag != "span" or self._word is None:
            return
        word, self._word = self._word, None
        text = "".join(self._text.split())
        box, line = word.get("bbox", []), self._line.get("bbox", [])
        if not text or len(box) < 4 or len(line) < 4 or word.get("x_wconf", [100])[0] < _SURE:
            return
        slope, offset = (self._line.get("baseline") or [0.0, 0.0])[:2]
        height = self._line.get("x_size", [line[3] - line[1]])[0]
        base = line[3] + offset + slope * (box[0] - line[0])
        shape = Box(box[0] * self._points, 0.0, box[2] * self._points, 0.0)
        word_ = Word(text, shape, base * self._points, 1.0, line=self._lines)
        self.words.append(_sized(word_, height * self._points / (ASCENT + DESCENT)))


def _properties(title: str) -> dict[str, list[float]]:
    """The numbers of `bbox 36 92 580 122; baseline 0.01 -5; x_size 30`."""
    found = {}
    for part in title.split(";"):
        name, _, rest = part.strip().partition(" ")
        found[name] = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", rest)]
    return found


def _sized(word: Word, size: float) -> Word:
    """The word in a font size: its box reaches from ascent to descent."""
    box = Box(word.box.x0, word.base - ASCENT * size, word.box.x1, word.base + DESCENT * size)
    return replace(word, size=size, box=box)
