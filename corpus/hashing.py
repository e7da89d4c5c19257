"""What files are known by."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

from corpus.errors import LibraryError

_BLOCK = 1 << 20
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        OSError: if it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
