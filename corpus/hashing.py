"""What files are known by."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable
from pathlib import Path

from corpus.errors import LibraryError

_BLOCK = 1_000_000
_TELL_EVERY_BYTES = 64_000_000
"""Some tenths of a second on any disk of today."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


def hash_file(path: Path, tell: Callable[[float], object] = lambda _: None) -> str:
    """SHA-256 of a file's bytes, in hexadecimal.

    Args:
        path: the file.
        tell: told how far it is (0…1), of large files.

    Raises:
        OSError: if it cannot be read.
    """
    digest = hashlib.sha256()
    piece = bytearray(_BLOCK)
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


def copy_hashed(source: Path, target: Path) -> str:
    """Copies a file; gives the SHA-256 of the bytes that the copy has.

    Raises:
        OSError: if the source cannot be read.
        LibraryError: if the copy cannot be written.
    """
    digest = hashlib.sha256()
    with source.open("rb") as reading:
        try:
            with target.open("wb") as writing:
                while block := reading.read(_BLOCK):
                    digest.update(block)
                    writing.write(block)
        except OSError as error:
            if error.errno not in _NO_ROOM and error.filename is None:
                raise
            raise LibraryError(
                f"{source} cannot be copied to {target.parent}: {error.strerror}. Check that the "
                "data folder has room and may be written to, and run the command again."
            ) from error
    return digest.hexdigest()
