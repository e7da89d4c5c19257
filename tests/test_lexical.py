"""Lexical search, held against BM25 written down plainly."""

from __future__ import annotations

import logging
import math
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.lexical import (
    HEADINGS_WEIGHT,
    K1,
    LEXICAL_FOLDER,
    TEXT_WEIGHT,
    B,
    Lexical,
    Shard,
    headings_text,
)
from corpus.model import Document
from corpus.records import DocumentRecord, State
from corpus.store import Hit
from corpus.tokens import tokenizer
from tests.builders import make_document

WORDS = [
    "grant", "mobility", "partner", "school", "deadline", "amount", "euro", "travel", "youth",
    "sport", "adult", "teacher", "learner", "budget", "lump", "sum", "award", "criteria", "quality",
]  # fmt: skip


def random_document(name: str, *, chunks: int, seed: int) -> Document:
    chooser = random.Random(seed)
    pages = [
        [" ".join(chooser.choices(WORDS, k=chooser.randint(3, 40))) for _ in range(5)]
        for _ in range(chunks // 5)
    ]
    headings = [" › ".join(chooser.choices(WORDS, k=2)) for _ in pages]
    return make_document(name, pages=pages, headings=headings, title=f"Guide {name}")


def plain_bm25(words: Sequence[str], texts: Sequence[Sequence[str]]) -> list[float]:
    """BM25 as Lucene computes it: Robertson and Zaragoza 2009 with a positive idf."""
    average = sum(map(len, texts)) / len(texts)
    scores = []
    for text in texts:
        counts = Counter(text)
        score = 0.0
        for word in set(words):
            containing = sum(word in other for other in texts)
            idf = math.log(1 + (len(texts) - containing + 0.5) / (containing + 0.5))
            weight = counts[word] + K1 * (1 - B + B * len(text) / average)
            score += idf * counts[word] / weight
        scores.append(score)
    return scores


def plain_search(question: str, documents: Sequence[Document]) -> list[Hit]:
    tokens = tokenizer("en")
    chunks = [(document, chunk) for document in documents for chunk in document.chunks]
    bodies = plain_bm25(tokens(question), [tokens(chunk.text) for _, chunk in chunks])
    heads = plain_bm25(tokens(question), [tokens(headings_text(*pair)) for pair in chunks])
    hits = [
        Hit(chunk.id, TEXT_WEIGHT * body + HEADINGS_WEIGHT * head)
        for (_, chunk), body, head in zip(chunks, bodies, heads, strict=True)
    ]
    found = [hit for hit in hits if hit.score > 0]
    return sorted(found, key=lambda hit: (-hit.score, hit.chunk_id))


def record(document: Document, row: int) -> DocumentRecord:
    return DocumentRecord(
        row=row,
        id=document.id,
        sha256=document.sha256,
        file=document.file,
        state=State.COMPLETE,
        status=document.status,
        built_by="",
        edition=document.edition,
        pages=1,
        sections=1,
        tables=0,
        chunks=len(document.chunks),
        warnings=(),
        saved_at="",
    )


class Shelf:
    """Documents by row, and how often each was loaded."""

    def __init__(self, *documents: Document) -> None:
        self.by_row = dict(enumerate(documents, start=1))
        self.loaded: Counter[int] = Counter()

    @property
    def records(self) -> list[DocumentRecord]:
        return [record(document, row) for row, document in self.by_row.items()]

    def load(self, wanted: DocumentRecord) -> Document:
        self.loaded[wanted.row] += 1
        return self.by_row[wanted.row]


@pytest.mark.parametrize(
    "question",
    ["travel budget", "award criteria of the youth mobility", "lump lump sum", "quality"],
)
def test_scores_and_order_are_those_of_plain_bm25(question: str) -> None:
    documents = [random_document("a", chunks=60, seed=1), random_document("b", chunks=40, seed=2)]
    shard = Shard.build("en", enumerate(documents))
    expected = plain_search(question, documents)
    hits = shard.search(question, top_k=len(expected) + 5)
    assert len(hits) == len(expected)
    assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in expected], rel=1e-4)
    scores = {hit.chunk_id: hit.score for hit in expected}
    assert [scores[hit.chunk_id] for hit in hits] == pytest.approx(
        [hit.score for hit in expected], rel=1e-4
    )


def test_only_the_documents_asked_for_whatever_the_others_score() -> None:
    documents = [random_document("a", chunks=60, seed=1), random_document("b", chunks=40, seed=2)]
    shard = Shard.build("en", enumerate(documents, start=1))
    everything = shard.search("travel budget", top_k=1000)
    some = shard.search("travel budget", top_k=1000, rows=[2])
    assert some == [hit for hit in everything if hit.chunk_id.startswith("b:")]
    assert shard.search("travel budget", top_k=3, rows=[2]) == some[:3]
    assert shard.search("travel budget", top_k=3, rows=[]) == []
    assert shard.search("travel budget", top_k=3, rows=[9]) == []


def test_ties_at_the_last_place_go_by_chunk_id() -> None:
    document = make_document(pages=[["same words"] * 9 + ["other text"]])
    shard = Shard.build("en", [(1, document)])
    every = shard.search("words", top_k=9)
    assert [hit.chunk_id for hit in every] == sorted(hit.chunk_id for hit in every)
    assert shard.search("words", top_k=4) == every[:4]


@pytest.mark.parametrize("question", ["", "the of and", "zebra", "?!"])
def test_a_question_without_a_known_word_finds_nothing(question: str) -> None:
    shard = Shard.build("en", [(1, random_document("a", chunks=10, seed=1))])
    assert shard.search(question, top_k=5) == []


def test_documents_without_words_or_chunks() -> None:
    empty = replace(make_document("empty", title="?", pages=["…"]), chunks=())
    for documents in ([], [(1, empty)], [(1, make_document("dots", title="?", pages=["…"]))]):
        assert Shard.build("en", documents).search("word", top_k=5) == []


def test_headings_title_and_context_are_searched() -> None:
    document = make_document(
        pages=["417 EUR", "other"],
        headings=["Travel support › Green travel", "Visa"],
        title="Erasmus+ Programme Guide",
        context="Row: 500-1999 km",
    )
    shard = Shard.build("en", [(1, document)])
    assert [hit.chunk_id for hit in shard.search("green", top_k=9)] == [document.chunks[0].id]
    for question in ("erasmus", "1999"):
        assert len(shard.search(question, top_k=9)) == 2


def test_a_saved_shard_answers_the_same(tmp_path: Path) -> None:
    shard = Shard.build("en", [(3, random_document("a", chunks=50, seed=4))])
    shard.save(tmp_path / "shard")
    loaded = Shard.load(tmp_path / "shard")
    for rows in (None, [3], [4]):
        for question in ("travel budget", "zebra"):
            hits = loaded.search(question, top_k=9, rows=rows)
            assert hits == shard.search(question, top_k=9, rows=rows)


# --- all languages of a library ---


def shelf() -> Shelf:
    return Shelf(
        make_document("en-1", pages=["deadline of the call"]),
        make_document("en-2", pages=["deadline and budget"]),
        make_document("el-1", pages=["προθεσμία deadline"], language="el"),
    )


def opened(home: Path, books: Shelf, *, build: bool = True) -> Lexical:
    lexical = Lexical(home)
    lexical.refresh(books.records, books.load, build=build)
    return lexical


def found(lexical: Lexical, text: str, language: str | None = None) -> set[str]:
    return {
        hit.chunk_id.partition(":")[0] for hit in lexical.search(text, language=language, top_k=9)
    }


def test_each_language_has_its_own_tokenizer(tmp_path: Path) -> None:
    lexical = opened(tmp_path, shelf())
    assert found(lexical, "ΠΡΟΘΕΣΜΙΕΣ ΠΡΟΘΕΣΜΙΑ", "el") == {"el-1"}
    assert found(lexical, "deadlines", "en") == {"en-1", "en-2"}
    assert found(lexical, "deadline") == {"en-1", "en-2", "el-1"}
    assert found(lexical, "deadline", "de") == set()


def test_a_second_opening_reads_no_document(tmp_path: Path) -> None:
    opened(tmp_path, shelf())
    books = shelf()
    assert found(opened(tmp_path, books, build=False), "deadline", "en") == {"en-1", "en-2"}
    assert not books.loaded


def test_only_the_language_that_changed_is_built(tmp_path: Path) -> None:
    books = shelf()
    lexical = opened(tmp_path, books)
    books.by_row[4] = make_document("el-2", pages=["νέα προθεσμία"], language="el")
    books.loaded.clear()
    lexical.refresh(books.records, books.load, build=True)
    assert set(books.loaded) == {3, 4}
    assert found(lexical, "προθεσμία") == {"el-1", "el-2"}
    books.by_row = {1: books.by_row[1]}
    lexical.refresh(books.records, books.load, build=True)
    assert found(lexical, "deadline") == {"en-1"}
    lexical.prune()
    assert len(list((tmp_path / LEXICAL_FOLDER).iterdir())) == 1


def test_a_new_title_is_searched(tmp_path: Path) -> None:
    books = shelf()
    lexical = opened(tmp_path, books)
    edition = replace(books.by_row[1].edition, title="Zebra guide")
    books.by_row[1] = replace(books.by_row[1], edition=edition)
    lexical.refresh(books.records, books.load, build=True)
    assert found(lexical, "zebra") == {"en-1"}


def test_without_building_the_last_index_serves(tmp_path: Path) -> None:
    books = shelf()
    lexical = opened(tmp_path, books)
    books.by_row[4] = make_document("en-3", pages=["a deadline"])
    lexical.refresh(books.records, books.load, build=False)
    assert found(lexical, "deadline", "en") == {"en-1", "en-2"}


def test_a_damaged_folder_is_built_anew(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    opened(tmp_path, shelf())
    for path in (tmp_path / LEXICAL_FOLDER).glob("*/shard.json"):
        path.write_text("{")
    with caplog.at_level(logging.WARNING):
        assert found(opened(tmp_path, shelf()), "deadline", "en") == {"en-1", "en-2"}
    assert "damaged" in caplog.text


DAMAGE = (b"", b"[]", b"{}", b"\x93NUMPY\x01\x00", b"nonsense " * 500)
"""What a full disk, a crash or a foolish program leaves of a file."""


@pytest.mark.parametrize("damage", DAMAGE)
def test_whatever_file_is_damaged_the_index_is_built_anew(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: bytes
) -> None:
    opened(tmp_path, shelf())
    whole = tmp_path / LEXICAL_FOLDER
    shutil.copytree(whole, tmp_path / "copy")
    files = [p.relative_to(whole) for p in whole.glob("en-*/**/*") if p.is_file()]
    assert len(files) == 12
    for file in files:
        shutil.rmtree(whole)
        shutil.copytree(tmp_path / "copy", whole)
        (whole / file).write_bytes(damage)
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            lexical = opened(tmp_path, shelf())
        assert found(lexical, "deadline", "en") == {"en-1", "en-2"}, file
        assert "is built anew" in caplog.text, file
        # It was kept in the place of the damaged one.
        assert found(opened(tmp_path, shelf(), build=False), "deadline", "en"), file


def test_a_file_of_another_index_is_no_part_of_this_one(tmp_path: Path) -> None:
    opened(tmp_path, shelf())
    (english,) = (tmp_path / LEXICAL_FOLDER).glob("en-*")
    (greek,) = (tmp_path / LEXICAL_FOLDER).glob("el-*")
    for name in ("rows.npy", "field-0/data.csc.index.npy", "field-0/params.index.json"):
        shutil.copyfile(greek / name, english / name)
        assert found(opened(tmp_path, shelf()), "budget", "en") == {"en-2"}


def test_a_folder_that_may_not_be_read_costs_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    opened(tmp_path, shelf())

    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    # Whoever runs the tests may be allowed to read everything.
    monkeypatch.setattr(Path, "is_dir", refuse)
    monkeypatch.setattr(Path, "iterdir", refuse)
    lexical = opened(tmp_path, shelf())
    assert found(lexical, "deadline", "en") == {"en-1", "en-2"}
    lexical.prune()
    assert "Permission denied" in caplog.text


def test_a_folder_that_cannot_be_written_costs_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / LEXICAL_FOLDER).write_text("in the way")
    assert found(opened(tmp_path, shelf()), "deadline", "en") == {"en-1", "en-2"}
    assert "not kept" in caplog.text


def test_a_language_code_is_no_path(tmp_path: Path) -> None:
    opened(tmp_path, Shelf(make_document(language="../../x", pages=["word"])))
    assert [entry.name.startswith("x-") for entry in (tmp_path / LEXICAL_FOLDER).iterdir()] == [
        True
    ]
