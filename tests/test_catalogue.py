"""The catalogue of official documents: what it must hold, and what is recognised by it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from corpus.catalogue import Catalogue, is_later, load_catalogue
from corpus.errors import CatalogueError
from corpus.hashing import hash_file
from corpus.model import Edition
from ingest.edition import document_id
from ingest.official import recognise

CATALOGUE = load_catalogue()
ONE = """
[[document]]
id = "a"
series = "s"
title = "A"
language = "en"
cover = ["A"]
landing = "https://example.org/"
"""


def test_it_has_what_the_first_page_points_to_and_the_guides_of_every_call() -> None:
    guides = [e for e in CATALOGUE.entries if e.series == "erasmus-plus-programme-guide"]
    assert {entry.year for entry in guides} == set(range(2014, 2028))
    titles = [entry.title for entry in CATALOGUE.entries]
    assert sum(title.startswith("Education and Training Monitor 2015: ") for title in titles) == 28
    for title in ("ECTS Users' Guide 2015", "Education and Training Monitor 2015"):
        assert title in titles
    assert any("start-up guide" in title for title in titles)
    assert {"Horizon Europe", "European Solidarity Corps"} <= {
        entry.programme for entry in CATALOGUE.entries
    }


def test_each_entry_says_where_to_look_and_what_may_be_done_with_it() -> None:
    for entry in CATALOGUE.entries:
        assert entry.landing.startswith("https://")
        assert "Reuse is allowed" in entry.licence
        assert (entry.size > 0) == bool(entry.sha256)


def test_numbered_editions_are_called_as_the_library_calls_them() -> None:
    for entry in CATALOGUE.entries:
        if entry.programme and entry.year and entry.version:
            assert document_id(entry.edition, "0" * 64) == entry.id


@pytest.mark.shared
def test_the_official_files_are_pinned_and_known_by_hash_and_by_cover(
    guides: Path, tmp_path: Path
) -> None:
    with (guides / "INDEX.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 7
    for row in rows:
        path = guides / row["file"]
        entry = CATALOGUE.by_hash(hash_file(path))
        assert entry is not None, path.name
        assert entry.size == path.stat().st_size
        assert entry.language == row["language"]
        other_bytes = tmp_path / path.name
        other_bytes.write_bytes(path.read_bytes() + b"\n")
        found = recognise(other_bytes, CATALOGUE)
        assert (found.by, found.entry) == ("cover", entry)


def edition(title: str, language: str = "en", **more: object) -> Edition:
    return Edition(title=title, language=language, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            edition("Erasmus+ Programme Guide 2022", programme="Erasmus+", year=2022, version="2"),
            "erasmus-plus-2022-v2-en",
        ),
        (
            edition("Erasmus+ Programme Guide 2016", programme="Erasmus+", year=2016, version="9"),
            "erasmus-plus-2016-en",
        ),
        (edition("Education and Training Monitor 2015: Austria"), "monitor-2015-at-en"),
        (edition("Education and Training Monitor 2015", year=2015), "monitor-2015-en"),
        (edition("ECTS Users’ Guide 2015"), "ects-users-guide-2015-en"),
        (
            edition("Erasmus+ Programme Guide 2026", programme="Erasmus+", year=2026, version="3"),
            None,
        ),
        (
            edition("KA131 Handbook 2026", programme="Erasmus+", year=2026, version="1"),
            None,
        ),
        (
            edition(
                "Erasmus+ Programme Guide 2022", "fr", programme="Erasmus+", year=2022, version="2"
            ),
            None,
        ),
        (edition("Education and Training Monitor 2019: Austria", year=2019), None),
    ],
)
def test_a_document_is_known_by_its_cover(said: Edition, expected: str | None) -> None:
    found = CATALOGUE.by_cover(said)
    assert (found.id if found else None) == expected


def test_the_newest_version_of_a_document_is_known() -> None:
    newest = CATALOGUE.newest(CATALOGUE.get("erasmus-plus-2022-v1-en").group)
    assert newest is not None
    assert newest.id == "erasmus-plus-2022-v2-en"
    assert is_later("1.10", "1.9")
    assert not is_later("2", None)
    assert not is_later(None, "1")
    assert CATALOGUE.newest(("no such series", None, "en")) is None


def test_an_id_that_is_not_there_is_named() -> None:
    with pytest.raises(CatalogueError, match="no document nonsense"):
        CATALOGUE.get("nonsense")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[document]", "cannot be read"),
        ("document = 1", "document"),
        (ONE + "colour = 1", "colour"),
        (ONE + "sha256 = 'xyz'", "sha256"),
        (ONE + "url = 'ftp://example.org/a.pdf'", "url"),
        (ONE + "url = 'http://['", "url"),
        (ONE + ONE, "two documents have the id a"),
        (ONE.replace('"a"', '"../a"'), "id"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_the_reason(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=said) as raised:
        load_catalogue(path)
    assert str(path) in str(raised.value)
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_catalogue(tmp_path / "nowhere.toml")


def test_an_entry_may_have_a_licence_of_its_own() -> None:
    entry = CATALOGUE.document[0].model_copy(update={"licence": "CC0"})
    assert Catalogue(licence="other", document=(entry,)).entries[0].licence == "CC0"
