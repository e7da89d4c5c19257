"""Warnings of documents in the languages of the window.

The library keeps them as the English sentences that the write side made. Those that are known here
are said in the reader's language, with what to do on the page instead of in a shell; any other one
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.ui_text import number_name

_PAGES = r"(?P<some>\d+) of (?P<all>\d+) pages \((?P<pages>[\d, …]+)\) ha(?:ve|s) "
_KNOWN = {
    "bare": _PAGES + r"no text and (?:are|is) left out\..*",
    "sparse": _PAGES + r"only a few words on a picture\..*",
    "garbled": _PAGES + r"unreadable text and (?:are|is) left out\..*",
    "broken": _PAGES + r"no readable content: .*",
    "recognised": _PAGES + r"been read by OCR: .*",
    "attached": r"Files attached to the PDF are not indexed: (?P<names>.+)\.",
    "headings": r"(?P<count>\d+) headings? of the table of contents (?:were|was) not found: "
    r"(?P<names>.+)\.",
    "structure": r"The program that reads it broke off \(.*\) and read it again without .*",
    "title": r"The PDF's own title says “(?P<own>.*)”; the document says “(?P<title>.*)”, which .*",
    "withdrawn": r"\S+ does not answer any more: it was built otherwise than .*",
}
_COUNTS = {"some", "all", "count"}
"""Page numbers are names of pages, and are not grouped."""
_PATTERNS = {name: re.compile(pattern, re.DOTALL) for name, pattern in _KNOWN.items()}


def warning_name(warning: str, messages: Mapping[str, str]) -> str:
    """A warning as the messages say it; as it is where they have no words for it."""
    for name, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(warning):
            said = found.groupdict()
            for count in _COUNTS & said.keys():
                said[count] = number_name(int(said[count]), messages)
            return messages[f"warnings.{name}"].format(**said)
    return warning
