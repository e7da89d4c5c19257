"""The PDFs that a library keeps, each named by the hash of its bytes.

The folder may hold what is not ours: only what a document of the ledger refers to is ever
replaced or deleted, and half-made copies of our own.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import uuid
from pathlib import Path

from corpus.errors import LibraryError

FILES_FOLDER = "files"

_NAME = re.compile(r"([0-9a-f]{64})\.pdf")
_DRAFT = re.compile(r"\.[0-9a-f]{64}\.pdf\.[0-9a-f]{32}")


def kept_path(home: Path, sha256: str) -> Path:
    """Where the PDF with these bytes is kept, whether or not it is there."""
    return home / FILES_FOLDER / f"{sha256}.pdf"


def keep_file(home: Path, sha256: str, source: Path, *, move: bool = False) -> None:
    """Keeps a PDF; it is there whole or not at all, whenever the program is killed.

    Args:
        home: the data folder.
        sha256: of its bytes.
        source: a file with these bytes.
        move: whether `source` may go and has just been hashed: it then takes the place of one
            that is kept already, which may be damaged. Else that one stays.

    Raises:
        LibraryError: if it cannot be kept.
    """
    target = kept_path(home, sha256)
    if target.is_file() and not move:
        return
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if move:
            try:
                source.replace(target)
            except OSError:  # the folder may lie on another disk
                if not source.is_file():
                    raise
            else:
                return
        shutil.copyfile(source, draft)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise LibraryError(
            f"{source} cannot be kept in {target.parent}: {error.strerror or error}."
        ) from error


def drop_file(home: Path, sha256: str) -> None:
    """Deletes a kept PDF, if it is there and may be deleted."""
    with contextlib.suppress(OSError):
        kept_path(home, sha256).unlink()


def kept_files(home: Path) -> frozenset[str]:
    """Hashes of all PDFs that are kept, whether or not a document refers to them."""
    return frozenset(
        match.group(1) for name in _names(home) if (match := _NAME.fullmatch(name)) is not None
    )


def drop_drafts(home: Path) -> None:
    """Deletes what a killed run left half-made. Only for the writer."""
    for name in _names(home):
        if _DRAFT.fullmatch(name):
            with contextlib.suppress(OSError):
                (home / FILES_FOLDER / name).unlink()


def _names(home: Path) -> list[str]:
    try:
        return [entry.name for entry in (home / FILES_FOLDER).iterdir()]
    except OSError:  # none has been kept yet
        return []
