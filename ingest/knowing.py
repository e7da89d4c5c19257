"""Looks at files before they are read: whether they are too large, and by which bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from corpus.errors import DocumentError
from corpus.model import DocumentStatus
from corpus.settings import LimitSettings
from ingest.naming import name_of

_TELL_EVERY_BYTES = 64_000_000
"""Some tenths of a second on any disk of today."""

_PIECE_BYTES = 1_000_000


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


def hash_telling(path: Path, tell: Callable[[float], None]) -> str:
    """SHA-256 of a file like `corpus.hashing.hash_file`, told how far it is (0…1).

    Raises:
        OSError: if the file cannot be read.
    """
    digest = hashlib.sha256()
    piece = bytearray(_PIECE_BYTES)
    done = told = 0
    with path.open("rb", buffering=0) as file:
        size = max(1, path.stat().st_size)
        while count := file.readinto(piece):
            digest.update(memoryview(piece)[:count])
            done += count
            if done - told >= _TELL_EVERY_BYTES:
                told = done
                tell(min(1.0, done / size))
    return digest.hexdigest()
