"""What files are called in the library, in reports and in messages."""

from __future__ import annotations

import re
from pathlib import Path

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def name_of(path: Path) -> str:
    """The name of a file or folder, as text that can be written anywhere.

    A name on disk is bytes. Those that are no UTF-8 reach Python as halves of surrogate pairs,
    which no ledger, JSON or terminal takes; control characters would tell a terminal what to do.
    Each becomes U+FFFD. Only the path itself opens the file.
    """
    return _printable(path.name)


def shown(path: Path) -> str:
    """A path for messages and reports, like `name_of`."""
    return _printable(str(path))


def stem_of(path: Path) -> str:
    """The name of a file without its ending, like `name_of`."""
    return _printable(path.stem)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", text)
