"""Looks at files before they are read: whether they are too large."""

from __future__ import annotations

from pathlib import Path

from corpus.errors import DocumentError
from corpus.model import DocumentStatus
from corpus.settings import LimitSettings
from ingest.naming import name_of


def refuse_large(path: Path, limits: LimitSettings) -> None:
    """Looks at the size of a file, which costs nothing however large it is.

    Raises:
        DocumentError: if it is larger than the limit.
        OSError: if it cannot be seen.
    """
    size = path.stat().st_size
    if size > limits.max_file_mb * 1_000_000:
        raise DocumentError(
            f"{name_of(path)} has {size / 1e6:.0f} MB; the limit is {limits.max_file_mb} MB. Raise "
            "the setting limits.max_file_mb to read it.",
            status=DocumentStatus.TOO_LARGE,
        )
