"""`guide corpus` as people use it, against a server that does what servers do."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from corpus.fetch import Manners
from corpus.settings import load_settings
from corpus.shelf import Shelf
from ingest import corpus_cli
from ingest.cover import read_cover
from tests.fault_server import (
    Server,
    cut_off,
    gives,
    official_pdf,
    redirects,
    says,
    serving,
)

V1 = official_pdf()
V2 = official_pdf(line="Version 2 (2031): 01-02-2031")
GREEK = official_pdf(title=("Horizon Europe", "Programme Guide"), line="Version 5.2")


@dataclass
class Place:
    """A data folder, a server, and a catalogue that lists what the server has."""

    home: Path
    server: Server
    catalogue: Path

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.home)

    def files(self) -> list[str]:
        folder = self.shelf.folder
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def list(self, *entries: str) -> None:
        self.catalogue.write_text("\n".join(entries), encoding="utf-8")

    def entry(self, version: str, *, pinned: bytes | None = None, path: str = "") -> str:
        url = f'url = "{self.server.address}{path}"' if path else ""
        sha256 = f'sha256 = "{hashlib.sha256(pinned).hexdigest()}"' if pinned else ""
        return f"""
[[document]]
id = "erasmus-plus-2031-v{version}-en"
series = "guide"
programme = "Erasmus+"
title = "Erasmus+ Programme Guide 2031"
year = 2031
version = "{version}"
language = "en"
cover = ["Programme Guide"]
landing = "https://example.org/landing"
{url}
{sha256}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("GUIDE_HOME", str(tmp_path / "home"))
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    with serving() as server:
        place = Place(load_settings().home, server, tmp_path / "catalogue.toml")
        place.list(place.entry("1", pinned=V1, path="/v1.pdf"))
        yield place
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


def corpus(place: Place | None, *arguments: str | Path) -> Result:
    program = click.Group("guide", commands={c.name or "": c for c in corpus_cli.commands})
    own = ["--catalogue", str(place.catalogue)] if place else []
    hurried = Manners(wait=lambda _: None)
    return CliRunner().invoke(program, ["corpus", *map(str, arguments), *own], obj=hurried)


def printed(result: Result) -> Any:
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def test_the_list_says_what_is_here_and_where_the_rest_is(place: Place) -> None:
    place.list(place.entry("1", path="/v1.pdf"), place.entry("2"))
    place.server.behaviours["/v1.pdf"] = gives(V1)
    result = corpus(place, "list")
    assert result.exit_code == 0
    assert "fetch    erasmus-plus-2031-v1-en" in result.stdout
    assert "by hand  erasmus-plus-2031-v2-en" in result.stdout
    assert "https://example.org/landing" in result.stdout
    corpus(place, "fetch", "erasmus-plus-2031-v1-en")
    documents = printed(corpus(place, "list", "--json"))["documents"]
    assert [document["state"] for document in documents] == ["here", "by hand"]
    assert documents[0]["year"] == 2031
    assert documents[1]["url"] is None


def test_the_catalogue_of_the_product_is_listed(place: Place) -> None:
    result = corpus(None, "list")
    assert result.exit_code == 0
    assert "erasmus-plus-2026-v1-en" in result.stdout


def test_a_pinned_file_is_fetched_once_and_gets_its_edition(place: Place) -> None:
    place.server.behaviours["/v1.pdf"] = redirects("/moved.pdf")
    place.server.behaviours["/moved.pdf"] = gives(V1)
    result = corpus(place, "fetch", "--json")
    assert result.exit_code == 0
    (file,) = printed(result)["files"]
    assert (file["status"], file["year"], file["version"]) == ("fetched", 2031, "1")
    assert f'guide ingest "{place.shelf.folder}"' in result.stderr
    assert place.files() == ["erasmus-plus-2031-v1-en.pdf"]
    assert (place.shelf.folder / place.files()[0]).read_bytes() == V1
    assert place.shelf.kept()[0].source == f"{place.server.address}/moved.pdf"
    asked = len(place.server.requests)
    again = corpus(place, "fetch", "erasmus-plus-2031-v1-en", "--json")
    assert printed(again)["files"][0]["status"] == "unchanged"
    assert len(place.server.requests) == asked


def test_a_file_without_a_hash_is_known_by_its_cover(place: Place) -> None:
    place.list(place.entry("2", path="/v2.pdf"))
    place.server.behaviours["/v2.pdf"] = gives(V2)
    result = corpus(place, "fetch", "--json")
    assert result.exit_code == 0
    assert printed(result)["files"][0]["title"].startswith("Erasmus+ Programme Guide 2031")
    assert place.shelf.kept()[0].entry_id == "erasmus-plus-2031-v2-en"


@pytest.mark.parametrize(
    ("pinned", "answer", "said"),
    [
        (True, says(404), "is gone"),
        (True, gives(V2), "not the file of the catalogue"),
        (False, gives(V2), "another document"),
        (False, gives(GREEK), "another document"),
        (False, says(200, b"<html>moved</html>", {"Content-Type": "text/html"}), "gave text/html"),
        (False, says(200, b"%PDF-1.7 not really\n%%EOF"), "cannot be read"),
        (False, lambda handler: handler.answer(200, V1, length=900), "without its end"),
        (True, redirects("file:///etc/passwd"), "no web address"),
    ],
)
def test_what_is_not_the_document_never_gets_into_the_folder(
    place: Place, pinned: bool, answer: Any, said: str
) -> None:
    place.list(place.entry("1", pinned=V1 if pinned else None, path="/v1.pdf"))
    place.server.behaviours["/v1.pdf"] = answer
    result = corpus(place, "fetch", "--json")
    assert result.exit_code == 1
    (file,) = printed(result)["files"]
    assert file["status"] == "failed"
    assert said in result.stderr
    assert "https://example.org/landing" in file["said"]
    assert "guide corpus add FILE" in file["said"]
    assert place.files() == []
    assert place.shelf.kept() == ()
    assert not list(place.home.rglob("*.part"))


def test_a_download_that_breaks_off_leaves_nothing_where_guides_are_ingested_from(
    place: Place,
) -> None:
    place.server.behaviours["/v1.pdf"] = cut_off(V1, 1500)
    assert corpus(place, "fetch").exit_code == 1
    assert place.files() == []
    place.server.behaviours["/v1.pdf"] = gives(V1)
    assert corpus(place, "fetch").exit_code == 0
    assert place.server.requests[-1].headers["Range"] == "bytes=1500-"
    assert place.files() == ["erasmus-plus-2031-v1-en.pdf"]


def test_one_that_fails_does_not_stop_the_others_but_no_network_does(place: Place) -> None:
    place.list(place.entry("1", path="/gone.pdf"), place.entry("2", path="/v2.pdf"))
    place.server.behaviours["/v2.pdf"] = gives(V2)
    result = corpus(place, "fetch", "--json")
    assert result.exit_code == 1
    assert [file["status"] for file in printed(result)["files"]] == ["failed", "fetched"]
    place.list(
        place.entry("3", path="/x").replace(place.server.address, "http://nowhere.invalid"),
        place.entry("4", path="/v2.pdf"),
    )
    result = corpus(place, "fetch", "--json")
    assert [file["status"] for file in printed(result)["files"]] == ["failed"]
    assert "There is no network" in result.stderr


def test_an_entry_without_an_address_and_an_unknown_one_are_explained(place: Place) -> None:
    place.list(place.entry("1"))
    result = corpus(place, "fetch", "erasmus-plus-2031-v1-en")
    assert result.exit_code == 1
    assert "is not known" in result.stderr
    assert "https://example.org/landing" in result.stderr
    result = corpus(place, "fetch", "nonsense")
    assert result.exit_code == 1
    assert "no document nonsense" in result.stderr


def test_a_file_got_by_hand_is_recognised_and_kept_whole(place: Place, tmp_path: Path) -> None:
    by_hash, by_cover, other = (tmp_path / name for name in ("a.pdf", "b.pdf", "c.pdf"))
    by_hash.write_bytes(V1)
    by_cover.write_bytes(V2)
    other.write_bytes(GREEK)
    (tmp_path / "page.pdf").write_bytes(b"<html>")
    place.list(place.entry("1", pinned=V1), place.entry("2"))
    result = corpus(place, "add", by_hash, by_cover, other, tmp_path / "page.pdf", "--json")
    assert result.exit_code == 1
    files = printed(result)["files"]
    assert [file["status"] for file in files] == ["added", "added", "added", "failed"]
    assert [file.get("by") for file in files] == ["hash", "cover", "cover", None]
    assert [file.get("id") for file in files[:3]] == [
        "erasmus-plus-2031-v1-en",
        "erasmus-plus-2031-v2-en",
        None,
    ]
    assert "not in the catalogue" in result.stderr
    assert "page.pdf" in result.stderr
    assert by_hash.read_bytes() == V1
    assert len(place.files()) == 3
    assert [kept.source for kept in place.shelf.kept()] == ["by hand"] * 3


def test_a_starter_guide_is_no_official_document(place: Place, starter: Path) -> None:
    result = corpus(place, "add", starter / "ects_en.pdf")
    assert result.exit_code == 1
    assert "is a starter guide" in result.stderr
    assert place.files() == []


def test_verify_finds_what_is_wrong(place: Place, tmp_path: Path) -> None:
    assert "There is nothing in" in corpus(place, "verify").stderr
    names = ["one.pdf", "two.pdf", "three.pdf"]
    place.list(place.entry("1"), place.entry("2"))
    for name, data in zip(names, (V1, V2, GREEK), strict=True):
        (tmp_path / name).write_bytes(data)
        assert corpus(place, "add", tmp_path / name).exit_code == 0
    v1, v2, horizon = (
        next(name for name in place.files() if part in name) for part in ("v1", "v2", "horizon")
    )
    result = corpus(place, "verify", "--json")
    assert result.exit_code == 0
    found = {file["file"]: file["condition"] for file in printed(result)["files"]}
    assert found == {v1: "superseded", v2: "fine", horizon: "fine"}
    (place.shelf.folder / v2).write_bytes(V2[:-1] + b"\0")
    (place.shelf.folder / horizon).unlink()
    (place.shelf.folder / "own.pdf").write_bytes(GREEK)
    result = corpus(place, "verify")
    assert result.exit_code == 1
    assert f"damaged    {v2}" in result.stdout
    assert f"missing    {horizon}" in result.stdout
    assert "unknown    own.pdf" in result.stdout
    assert corpus(place, "add", place.shelf.folder / "own.pdf").exit_code == 0
    assert horizon in place.files()
    assert "own.pdf" not in place.files()


def test_verify_knows_a_newer_version_of_the_catalogue(place: Place, tmp_path: Path) -> None:
    (tmp_path / "one.pdf").write_bytes(V1)
    assert corpus(place, "add", tmp_path / "one.pdf").exit_code == 0
    place.list(place.entry("1"), place.entry("3"))
    result = corpus(place, "verify")
    assert result.exit_code == 0
    assert (
        "The catalogue has version 3: guide corpus fetch erasmus-plus-2031-v3-en" in result.stdout
    )


def test_a_record_that_cannot_be_read_is_named_with_what_to_do(place: Place) -> None:
    place.home.mkdir(parents=True)
    (place.home / "guides.json").write_text("{")
    result = corpus(place, "verify")
    assert result.exit_code == 1
    assert "guides.json cannot be read" in result.stderr
    assert "guide corpus add" in result.stderr


def test_the_cover_of_a_file_is_read_from_its_first_pages(tmp_path: Path) -> None:
    path = tmp_path / "guide.pdf"
    path.write_bytes(V2)
    edition = read_cover(path)
    assert (edition.programme, edition.year, edition.version) == ("Erasmus+", 2031, "2")
    assert edition.language == "en"
