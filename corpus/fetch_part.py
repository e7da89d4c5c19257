"""The file a download arrives in: what is there of it, of which version, and is it right."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpus.errors import DownloadError

_HEAD_BYTES = 1024
"""A PDF says so in its first bytes; some begin with a few others."""

_TAIL_BYTES = 4096
_KEPT_FREE_BYTES = 100_000_000
"""Disk space that a download leaves free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A complete file. `path` is the `.part` file; `address` is where it came from in the end."""

    path: Path
    sha256: str
    size: int
    address: str


class PartFile:
    """A `.part` file with a note of the version of the file that it belongs to."""

    def __init__(self, path: Path, address: str, *, max_bytes: int) -> None:
        """Takes over what an earlier download from the same address left there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._note = path.with_suffix(".json")
        self._address = address
        self._max_bytes = max_bytes
        self._head = b""

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self._path.stat().st_size if self._path.exists() else 0

    @property
    def validator(self) -> str:
        """What the server called the version that is there: an ETag or a date; "" for nothing."""
        try:
            noted = json.loads(self._note.read_text("utf-8"))
        except (OSError, ValueError):
            return ""
        if not isinstance(noted, dict) or noted.get("address") != self._address:
            return ""
        return str(noted.get("validator", ""))

    def start(self, validator: str) -> BinaryIO:
        """Opens the file empty, for a version of the server's file."""
        # Emptied before it is noted: old bytes must never pass for those of the new version.
        file = self._path.open("wb")
        self._head = b""
        if validator:
            note = {"address": self._address, "validator": validator}
            self._note.write_text(json.dumps(note), encoding="utf-8")
        else:
            self._note.unlink(missing_ok=True)
        return file

    def go_on(self) -> BinaryIO:
        """Opens the file for what is missing."""
        with self._path.open("rb") as file:
            self._head = file.read(_HEAD_BYTES)
        return self._path.open("ab")

    def looks_wrong(self, piece: bytes, *, last: bool = False) -> bool:
        """Whether the first bytes, with this next piece, are those of no PDF.

        Args:
            piece: bytes as they arrive, in order.
            last: nothing follows.
        """
        self._head += piece[: _HEAD_BYTES - len(self._head)]
        return b"%PDF-" not in self._head and (last or len(self._head) == _HEAD_BYTES)

    def check_room(self, size: int, *, missing: int = 0) -> None:
        """Sees to it that a file of this size may be kept.

        Args:
            size: of the whole file, or what is there of it.
            missing: bytes yet to come.

        Raises:
            DownloadError: if it is too large, or too little of the disk would stay free.
        """
        if size > self._max_bytes:
            self.forget()
            raise DownloadError(
                f"{self._address} has more than {self._max_bytes / 1e6:.0f} MB, which is the limit "
                "(limits.max_file_mb)."
            )
        free = shutil.disk_usage(self._path.parent).free
        if free - missing < _KEPT_FREE_BYTES:
            raise DownloadError(
                f"There is no room for {self._address} in {self._path.parent}: "
                f"{free / 1e6:.0f} MB are free, and {_KEPT_FREE_BYTES / 1e6:.0f} MB are to stay "
                "free."
            )

    def finish(self, address: str, *, sha256: str, size: int) -> Downloaded:
        """The finished file.

        Args:
            address: where it came from.
            sha256: of the file that is wanted, "" for any PDF.
            size: in bytes, 0 where it is not known.

        Raises:
            DownloadError: if it is cut off or another one than was wanted; it is deleted then.
        """
        there = self.size
        with self._path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(max(0, there - _TAIL_BYTES))
            ended = b"%%EOF" in file.read()
        if sha256 and found != sha256:
            self.forget()
            raise DownloadError(
                f"{address} is not the file of the catalogue (SHA-256 {found[:12]}…, not "
                f"{sha256[:12]}…): it was changed, or a new version took its place."
            )
        if not ended:
            self.forget()
            raise DownloadError(f"{address} gave a PDF without its end ({there:,} bytes).")
        if size and there != size:  # another download of it was at work at the same time
            self.forget()
            raise DownloadError(
                f"{address} has {size:,} bytes, but {there:,} are here: try again, once at a time."
            )
        self._note.unlink(missing_ok=True)
        return Downloaded(path=self._path, sha256=found, size=there, address=address)

    def forget(self) -> None:
        """Deletes what is there."""
        self._path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
