"""The text of PDF pages read by pypdf, the only home of pypdf.

The library's text comes from another reader. A quote that both find on a page stands there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.matching import stands_in

if TYPE_CHECKING:
    from pypdf import PdfReader


class PdfPages:
    """Texts of pages, read when first asked for and kept. Not safe for several threads."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        """Remembers where the PDFs are.

        Args:
            paths: PDF of each file name.
        """
        self._paths = paths
        self._readers: dict[str, PdfReader | None] = {}
        self._texts: dict[tuple[str, int], str | None] = {}
        logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every oddity of a file

    def count(self, file: str) -> int:
        """How many pages a file has; 0 where it cannot be read."""
        reader = self._reader(file)
        return 0 if reader is None else len(reader.pages)

    def want(self, pages: Iterable[tuple[str, int]]) -> None:
        """Takes no notice: pages are read when they are looked at; see `eval.pages_ahead`."""

    def text(self, file: str, page: int) -> str | None:
        """The text of a page; None where the file is not at hand or pypdf cannot read it."""
        key = (file, page)
        if key not in self._texts:
            self._texts[key] = self._read(file, page)
        return self._texts[key]

    def stands(self, file: str, page: int, quote: str) -> bool | None:
        """Whether a quote stands verbatim on a page; None where the page cannot be read."""
        text = self.text(file, page)
        return None if text is None else stands_in(quote, text)

    def _read(self, file: str, page: int) -> str | None:
        reader = self._reader(file)
        if reader is None:
            return None
        if not 1 <= page <= len(reader.pages):
            return ""
        try:
            text = reader.pages[page - 1].extract_text()
        except _broken():
            return None
        return text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates occur

    def _reader(self, file: str) -> PdfReader | None:
        if file not in self._readers:
            self._readers[file] = _open(self._paths.get(file))
        return self._readers[file]


def _open(path: Path | None) -> PdfReader | None:
    from pypdf import PdfReader

    if path is None:
        return None
    try:
        reader = PdfReader(path)
        usable = (not reader.is_encrypted or reader.decrypt("")) and len(reader.pages) > 0
    except _broken():
        return None
    return reader if usable else None


def _broken() -> tuple[type[BaseException], ...]:
    """The many ways in which a damaged file or page fails; none of them must end a run."""
    from pypdf.errors import PyPdfError

    return (
        *(PyPdfError, OSError, ValueError, TypeError, AttributeError, LookupError),
        *(ArithmeticError, RecursionError, NotImplementedError, AssertionError),
    )
