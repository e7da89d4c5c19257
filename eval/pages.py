"""The text of PDF pages read by pypdf, the only home of pypdf.

The library's text comes from another reader. A quote that both find on a page stands there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
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
        from pypdf.errors import PyPdfError

        try:
            if file not in self._readers:
                self._readers[file] = self._open(file)
            reader = self._readers[file]
            if reader is None:
                return None
            if not 1 <= page <= len(reader.pages):
                return ""
            text = reader.pages[page - 1].extract_text()
        except (
            # A broken page or file fails in any of these ways; it must not end a run.
            *(PyPdfError, OSError, ValueError, TypeError, AttributeError, LookupError),
            *(ArithmeticError, RecursionError, NotImplementedError),
        ):
            return None
        return text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates occur

    def _open(self, file: str) -> PdfReader | None:
        from pypdf import PdfReader

        path = self._paths.get(file)
        if path is None:
            return None
        self._readers[file] = None  # what raises here is not opened again
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            return None
        return reader
