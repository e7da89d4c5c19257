"""Starter guides in the library: a new version takes the place of the old one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from corpus.hashing import hash_file
from corpus.index import Index
from corpus.settings import Settings
from corpus.writer import IndexWriter
from ingest.official import is_digest
from ingest.starter import remove_outdated
from tests.builders import WordEmbedder, make_document, make_pdf
from tests.fault_server import official_pdf


def test_every_starter_guide_says_that_it_is_one(starter: Path, tmp_path: Path) -> None:
    assert all(is_digest(path) for path in starter.glob("*.pdf"))
    (tmp_path / "guide.pdf").write_bytes(official_pdf())
    assert not is_digest(tmp_path / "guide.pdf")


def test_starter_guides_that_no_longer_come_with_the_product_are_taken_out(
    starter: Path, tmp_path: Path
) -> None:
    embedder = WordEmbedder()
    settings = Settings(home=tmp_path / "home")
    new = starter / "ects_en.pdf"
    old = tmp_path / "ects_en.pdf"
    old.write_bytes(new.read_bytes() + b"\n%old\n%%EOF\n")
    official = tmp_path / "glossary_en.pdf"
    official.write_bytes(official_pdf())
    writer = IndexWriter.open(settings, embedder=embedder)
    for number, path in enumerate((old, new, official)):
        document = make_document(f"guide-{number}", file=path.name, pages=[f"page {number}"])
        vectors = embedder.embed_passages([chunk.text for chunk in document.chunks])
        writer.save(replace(document, sha256=hash_file(path)), vectors, {}, path)
    unreadable = make_document("notes", pages=["a page of notes"])
    odd = make_pdf(tmp_path, unreadable)
    vectors = embedder.embed_passages([chunk.text for chunk in unreadable.chunks])
    writer.save(replace(unreadable, sha256=hash_file(odd)), vectors, {}, odd)
    writer.close()

    assert remove_outdated(settings, {hash_file(new)}, embedder=embedder) == ("guide-0",)
    assert remove_outdated(settings, {hash_file(new)}, embedder=embedder) == ()

    index = Index.open(settings, embedder=embedder)
    assert [record.id for record in index.records()] == ["guide-1", "guide-2", "notes"]
    index.close()
