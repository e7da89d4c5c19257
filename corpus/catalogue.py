"""The catalogue: which official documents there are, where they are published, and their bytes.

`catalogue.toml` says what each key means. An entry without an address names its landing page;
one without a hash is known by its cover.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.accents import unaccented
from corpus.errors import CatalogueError
from corpus.model import Edition


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", value):
        raise ValueError("not a web address")
    return value


_Address = Annotated[str, AfterValidator(_web_address)]


Group = tuple[str, int | None, str]
"""Series, call year, language."""


class Entry(BaseModel):
    """One official document.

    Attributes:
        id: as `guide documents` would call it, where it is a numbered edition.
        series: documents of one series, call year and language are versions of each other.
        cover: words that all stand in the title on the cover.
        landing: the page for people. url: the file itself; "" where it is not known.
        sha256: of the official file, in hexadecimal; "" where no copy was at hand.
        size: in bytes; 0 where it is not known.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.+-]*$", max_length=80)
    series: str = Field(min_length=1)
    title: str = Field(min_length=1)
    language: str = Field(pattern=r"^[a-z]{2}$")
    cover: tuple[str, ...] = Field(min_length=1)
    landing: _Address
    programme: str | None = None
    year: int | None = Field(default=None, ge=2000, le=2099)
    version: str | None = Field(default=None, pattern=r"^\d+(\.\d+)*$")
    date: datetime.date | None = None
    url: _Address | None = None
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    size: int = Field(default=0, ge=0)
    licence: str = ""
    note: str = ""

    @property
    def file(self) -> str:
        """Name of the file in the folder of official documents."""
        return f"{self.id}.pdf"

    @property
    def group(self) -> Group:
        """What versions of one document share."""
        return self.series, self.year, self.language

    @property
    def edition(self) -> Edition:
        """The edition, as far as the catalogue knows it."""
        return Edition(
            title=self.title,
            language=self.language,
            programme=self.programme,
            year=self.year,
            version=self.version,
            date=self.date,
        )

    def fits(self, edition: Edition) -> bool:
        """Whether a cover that says this is the cover of this document.

        Where the entry names no version, any will do.
        """
        return (self.version is None or self.version == edition.version) and self.akin(edition)

    def akin(self, edition: Edition) -> bool:
        """Whether a cover is of this series, call year and language, in whatever version."""
        return (
            self.language == edition.language
            and self.programme in (None, edition.programme)
            and (self.year is None or self.year in (edition.year, _year(edition)))
            and all(fold(words) in fold(edition.title) for words in self.cover)
        )


class Catalogue(BaseModel):
    """All entries, in the order of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    licence: str = ""
    document: tuple[Entry, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for name, values in (
            ("id", [entry.id for entry in self.document]),
            ("sha256", [entry.sha256 for entry in self.document if entry.sha256]),
        ):
            double = next((value for value in values if values.count(value) > 1), None)
            if double:
                raise ValueError(f"two documents have the {name} {double}")
        return self

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries; each has a licence note."""
        return tuple(
            entry if entry.licence else entry.model_copy(update={"licence": self.licence})
            for entry in self.document
        )

    def get(self, entry_id: str) -> Entry:
        """The entry with this id.

        Raises:
            CatalogueError: if there is none.
        """
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        raise CatalogueError(
            f"The catalogue has no document {entry_id}. `guide corpus list` shows them all."
        )

    def by_hash(self, sha256: str) -> Entry | None:
        """The entry of these bytes."""
        return next((entry for entry in self.entries if entry.sha256 == sha256), None)

    def by_cover(self, edition: Edition) -> Entry | None:
        """The entry whose cover this is; of several the one that says most about it."""
        fitting = [entry for entry in self.entries if entry.fits(edition)]
        return max(
            fitting, key=lambda entry: (entry.version is not None, len(entry.cover)), default=None
        )

    def find(self, edition: Edition) -> Entry | None:
        """The entry of an edition, or one that differs in the version alone."""
        akin = next((entry for entry in self.entries if entry.akin(edition)), None)
        return self.by_cover(edition) or akin

    def newest(self, group: Group) -> Entry | None:
        """The latest version of a document that has an entry."""
        of_group = [entry for entry in self.entries if entry.group == group]
        return max(of_group, key=lambda entry: version_key(entry.version), default=None)


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Reads a catalogue, the one that comes with the package where no path is given.

    Raises:
        CatalogueError: if it cannot be read or holds what it may not hold, naming it.
    """
    try:
        text = (path or files("corpus").joinpath("catalogue.toml")).read_text("utf-8")
        return Catalogue.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"The catalogue {path} cannot be read: {error}") from error
    except ValidationError as error:
        where = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        )
        raise CatalogueError(f"The catalogue {path} holds something wrong: {where}") from error


def version_key(version: str | None) -> tuple[int, ...]:
    """What versions are ordered by: "1.10" is later than "1.9"; none comes first."""
    return tuple(map(int, version.split("."))) if version else ()


def is_later(version: str | None, than: str | None) -> bool:
    """Whether a version is later than another; where either is not known, nothing is said."""
    return bool(version and than) and version_key(version) > version_key(than)


def fold(text: str) -> str:
    """Words in small letters without accents and marks, one space between them."""
    return " ".join(re.findall(r"\w+", unaccented(text.casefold(), "NFKD")))


def _year(edition: Edition) -> int | None:
    """The year in the title of a document that is of no call ("ECTS Users' Guide 2015")."""
    found = re.search(r"\b20\d\d\b", edition.title)
    return int(found.group()) if found else None
