"""The folder of official documents, and the record of what was put there.

Only complete files that were recognised ever get into the folder; it is what `guide ingest` is
pointed at. The record (`guides.json` beside the folder) knows their hashes, so that damage shows.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.catalogue import Catalogue, is_later
from corpus.errors import CatalogueError
from corpus.hashing import hash_file
from corpus.model import Edition
from corpus.records import edition_fields, edition_of, timestamp

GUIDES_FOLDER = "guides"
RECORD_FILE = "guides.json"
DOWNLOADS_FOLDER = "downloads"


class Condition(StrEnum):
    """What `Shelf.verify` finds of a file."""

    FINE = "fine"
    DAMAGED = "damaged"
    MISSING = "missing"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file in the folder.

    Attributes:
        file: its name. sha256, size: of its bytes when it was put there.
        entry_id: of the catalogue, "" where the catalogue does not have it.
        edition: from the catalogue, or from its cover.
        source: the address it came from, or "by hand".
    """

    file: str
    sha256: str
    size: int
    entry_id: str
    edition: Edition
    source: str
    kept_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is to be said of one file."""

    file: str
    condition: Condition
    said: str


class Shelf:
    """The folder in a data folder. Nothing is made before something is kept."""

    def __init__(self, home: Path) -> None:
        """Names the places; nothing is opened."""
        self.folder = home / GUIDES_FOLDER
        self._record = home / RECORD_FILE
        self._downloads = home / DOWNLOADS_FOLDER

    def part(self, entry_id: str) -> Path:
        """Where a download of an entry arrives, outside the folder."""
        return self._downloads / f"{entry_id}.part"

    def kept(self) -> tuple[Kept, ...]:
        """What was put into the folder, by name.

        Raises:
            CatalogueError: if the record cannot be read.
        """
        try:
            data = json.loads(self._record.read_text("utf-8"))
            return tuple(sorted(map(_kept, data["files"]), key=lambda kept: kept.file))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CatalogueError(
                f"{self._record} cannot be read ({error}). Delete it and add the files of "
                f"{self.folder} again: guide corpus add {self.folder}/*.pdf"
            ) from error

    def put(
        self, source: Path, *, file: str, entry_id: str, edition: Edition, origin: str, move: bool
    ) -> Kept:
        """Puts a complete file into the folder and the record.

        Args:
            source: the file.
            file: its name in the folder; one of that name is replaced.
            entry_id: see `Kept`.
            edition: see `Kept`.
            origin: see `Kept.source`.
            move: whether `source` may go; else it is copied.
        """
        sha256 = hash_file(source)
        kept = Kept(
            file=file,
            sha256=sha256,
            size=source.stat().st_size,
            entry_id=entry_id,
            edition=edition,
            source=origin,
            kept_at=timestamp(),
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        if not move:
            # Copied beside the folder first: what is in the folder is complete at any moment.
            self._downloads.mkdir(parents=True, exist_ok=True)
            copy = self._downloads / f"{sha256[:16]}.copy"
            shutil.copyfile(source, copy)
            source = copy
        os.replace(source, self.folder / file)
        others = [known for known in self.kept() if known.file != file]
        self._write([*others, kept])
        return kept

    def verify(self, catalogue: Catalogue) -> tuple[Finding, ...]:
        """Looks at every file of the folder and of the record."""
        kept = self.kept()
        found = [self._look_at(one, kept, catalogue) for one in kept]
        names = {one.file for one in kept}
        inside = self.folder.iterdir() if self.folder.is_dir() else ()
        found.extend(
            Finding(
                file=path.name,
                condition=Condition.UNKNOWN,
                said=f"It was not put there by us. Have it recognised: guide corpus add {path}",
            )
            for path in inside
            if path.name not in names and not path.name.startswith(".")
        )
        return tuple(sorted(found, key=lambda finding: finding.file))

    def is_whole(self, kept: Kept) -> bool:
        """Whether a file is there with the bytes it was put there with."""
        path = self.folder / kept.file
        if not path.is_file() or path.stat().st_size != kept.size:
            return False
        return hash_file(path) == kept.sha256

    def _look_at(self, one: Kept, all_kept: Iterable[Kept], catalogue: Catalogue) -> Finding:
        again = f"guide corpus fetch {one.entry_id}" if one.entry_id else "guide corpus add FILE"
        if not (self.folder / one.file).is_file():
            return Finding(
                file=one.file,
                condition=Condition.MISSING,
                said=f"It is gone. Get it again: {again}",
            )
        if not self.is_whole(one):
            return Finding(
                file=one.file,
                condition=Condition.DAMAGED,
                said=f"Its bytes are not those that were put there. Get it again: {again}",
            )
        newer = _newer(one, all_kept, catalogue)
        if newer:
            return Finding(file=one.file, condition=Condition.SUPERSEDED, said=newer)
        return Finding(file=one.file, condition=Condition.FINE, said="")

    def _write(self, kept: Iterable[Kept]) -> None:
        data = {"files": [_as_json(one) for one in sorted(kept, key=lambda one: one.file)]}
        new = self._record.with_suffix(".new")
        new.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(new, self._record)


def _newer(one: Kept, all_kept: Iterable[Kept], catalogue: Catalogue) -> str:
    """A sentence on what takes the place of a file, "" where nothing does."""
    entry = catalogue.find(one.edition)
    if entry is None:
        return ""
    for other in all_kept:
        same = catalogue.find(other.edition)
        if (
            same is not None
            and same.group == entry.group
            and is_later(other.edition.version, one.edition.version)
        ):
            return f"{other.file} is version {other.edition.version} of it, and it is here."
    listed = catalogue.newest(entry.group)
    if listed is not None and is_later(listed.version, one.edition.version):
        return f"The catalogue has version {listed.version}: guide corpus fetch {listed.id}"
    return ""


def _as_json(kept: Kept) -> dict[str, Any]:
    return {
        "file": kept.file,
        "sha256": kept.sha256,
        "size": kept.size,
        "entry_id": kept.entry_id,
        **edition_fields(kept.edition),
        "source": kept.source,
        "kept_at": kept.kept_at,
    }


def _kept(data: dict[str, Any]) -> Kept:
    return Kept(
        file=data["file"],
        sha256=data["sha256"],
        size=data["size"],
        entry_id=data["entry_id"],
        edition=edition_of(data),
        source=data["source"],
        kept_at=data["kept_at"],
    )
