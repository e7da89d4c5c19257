"""Gets official documents into their folder: downloaded or given by hand, and recognised first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.catalogue import Catalogue, Entry
from corpus.errors import CatalogueError, DocumentError, DownloadError, OfflineError
from corpus.fetch import Manners, download
from corpus.hashing import hash_file
from corpus.model import Edition
from corpus.shelf import Kept, Shelf
from ingest.cover import read_cover
from ingest.edition import DIGEST_AUTHOR, document_id
from ingest.naming import name_of
from ingest.pdf import open_pdf

BY_HAND = "by hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a file is: an entry of the catalogue where it has one, and its edition.

    Attributes:
        by: "hash" or "cover".
    """

    entry: Entry | None
    edition: Edition
    by: str


def fetch_entry(
    entry: Entry,
    *,
    catalogue: Catalogue,
    shelf: Shelf,
    manners: Manners,
    on_progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> Kept:
    """Downloads a document of the catalogue into the folder.

    Raises:
        OfflineError: if there is no network.
        DownloadError: if it cannot be had; the message names the landing page and how to add
            the file by hand.
    """
    if entry.url is None:
        raise DownloadError(f"The address of {entry.id} is not known. {_by_hand(entry)}")
    part = shelf.part(entry.id)
    try:
        got = download(
            entry.url, part, manners=manners, sha256=entry.sha256, on_progress=on_progress
        )
        found = recognise(got.path, catalogue)
    except OfflineError:
        raise
    except DownloadError as error:
        raise DownloadError(f"{error} {_by_hand(entry)}") from error
    except DocumentError as error:
        part.unlink(missing_ok=True)
        raise DownloadError(
            f"What {entry.url} gave cannot be read: {error} {_by_hand(entry)}"
        ) from error
    if found.entry is None or found.entry.group != entry.group or not entry.fits(found.edition):
        part.unlink(missing_ok=True)
        raise DownloadError(
            f"{entry.url} gave another document than {entry.id}: its cover says "
            f"“{found.edition.title}” [{found.edition.language}]. {_by_hand(entry)}"
        )
    return shelf.put(
        got.path,
        file=entry.file,
        entry_id=entry.id,
        edition=found.edition,
        origin=got.address,
        move=True,
    )


def add_file(path: Path, *, catalogue: Catalogue, shelf: Shelf) -> tuple[Kept, Recognised]:
    """Copies a file that somebody downloaded into the folder.

    Raises:
        DocumentError: if it is no PDF or cannot be read.
        CatalogueError: if it is one of our own digests.
    """
    if is_digest(path):
        raise CatalogueError(f"{name_of(path)} is a starter guide, not an official document.")
    found = recognise(path, catalogue)
    name = found.entry.file if found.entry else f"{document_id(found.edition, hash_file(path))}.pdf"
    kept = shelf.put(
        path,
        file=name,
        entry_id=found.entry.id if found.entry else "",
        edition=found.edition,
        origin=BY_HAND,
        move=path.resolve().parent == shelf.folder.resolve(),
    )
    return kept, found


def recognise(path: Path, catalogue: Catalogue) -> Recognised:
    """What a file is, by its hash, else by its cover.

    Raises:
        DocumentError: if it is no PDF or cannot be read.
    """
    entry = catalogue.by_hash(hash_file(path))
    if entry is not None:
        return Recognised(entry=entry, edition=entry.edition, by="hash")
    edition = read_cover(path)
    entry = catalogue.by_cover(edition)
    if entry is not None and edition.year is None and entry.year is not None:
        edition = replace(edition, year=entry.year)
    return Recognised(entry=entry, edition=edition, by="cover")


def is_digest(path: Path) -> bool:
    """Whether a PDF is a starter guide of this project, of whatever version.

    Raises:
        DocumentError: if it is no PDF or cannot be opened.
    """
    with open_pdf(path) as pdf:
        return pdf.author == DIGEST_AUTHOR


def _by_hand(entry: Entry) -> str:
    return f"Look for it at {entry.landing} ; when you have the file: guide corpus add FILE"
