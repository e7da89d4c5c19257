"""Packs of documents: when they are made, that they find the same, and that nothing else shows."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from corpus.embedding import Vectors
from corpus.index import Index
from corpus.model import DocumentStatus
from corpus.packs import outdated, packed_id, to_pack, unpacked_id
from corpus.records import DocumentRecord, Pack, State
from corpus.settings import Settings
from corpus.writer import IndexWriter
from ingest.progress import Progress, afterwards
from tests.builders import make_document
from tests.packed_library import (
    CHUNKS,
    EMBEDDER,
    add,
    exact,
    fill,
    guide,
    ids_of,
    open_writer,
    packs_held,
    same_as_exact,
    searched,
    settings_of,
    unit_vectors,
)


@pytest.fixture
def writer(settings: Settings) -> Iterator[IndexWriter]:
    with closing(open_writer(settings)) as opened:
        yield opened


@pytest.fixture
def reader(settings: Settings) -> Iterator[Index]:
    with closing(Index.open(settings, embedder=EMBEDDER)) as opened:
        yield opened


def record(row: int, chunks: int) -> DocumentRecord:
    return DocumentRecord(
        row=row,
        id=f"d{row}",
        sha256=str(row),
        file="d.pdf",
        state=State.COMPLETE,
        status=DocumentStatus.INDEXED,
        built_by="",
        edition=make_document().edition,
        pages=1,
        sections=1,
        tables=0,
        chunks=chunks,
        warnings=(),
        saved_at="",
    )


# --- which documents are packed ---


@given(
    sizes=st.lists(st.integers(1, 60), max_size=40),
    fewest=st.integers(0, 10),
    largest=st.integers(20, 300),
)
def test_every_document_is_packed_once_or_none_is(
    sizes: list[int], fewest: int, largest: int
) -> None:
    records = [record(row, size) for row, size in enumerate(sizes)]
    groups = to_pack(records, [], fewest=fewest, largest=largest)
    if len(records) < max(fewest, 1):
        assert groups == []
        return
    assert sorted(r.row for group in groups for r in group) == [r.row for r in records]
    assert all(sum(r.chunks for r in group) < largest + 60 for group in groups)
    assert len(groups) <= sum(sizes) // largest + 1


@example_settings(max_examples=40)
@given(
    steps=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3)), max_size=60),
    chance=st.randoms(use_true_random=False),
)
def test_however_documents_come_and_go_there_are_few_packs(
    steps: list[tuple[int, int]], chance: object
) -> None:
    records: list[DocumentRecord] = []
    packs: list[Pack] = []
    number = row = 0
    for come, go in steps:
        records += [record(row + n, 10) for n in range(come)]
        row += come
        for _ in range(min(go, len(records))):
            records.pop(chance.randrange(len(records)))  # type: ignore[attr-defined]
        useless = outdated(packs, records)
        packs = [pack for pack in packs if pack not in useless]
        for group in to_pack(records, packs, fewest=4, largest=200):
            number += 1
            members = frozenset(r.row for r in group)
            packs.insert(0, Pack(number=number, rows=members, vectors=10 * len(members)))
        useless = outdated(packs, records)
        packs = [pack for pack in packs if pack not in useless]
        rows = frozenset(r.row for r in records)
        assert len(rows.difference(*(pack.rows for pack in packs))) < 4
        # Large ones are at least a quarter full; of the others each is larger than the one before.
        assert len(packs) <= len(records) // 5 + 4


def test_a_pack_is_outdated_when_more_than_half_of_it_is_gone() -> None:
    pack = Pack(number=1, rows=frozenset({1, 2, 3}), vectors=100)
    assert outdated([pack], [record(1, 30), record(2, 20), record(9, 90)]) == []
    assert outdated([pack], [record(1, 29), record(2, 20)]) == [pack]
    newer = Pack(number=2, rows=frozenset({1, 2, 3}), vectors=100)
    assert outdated([newer, pack], [record(row, 30) for row in (1, 2, 3)]) == [pack]


def test_what_a_pack_calls_a_chunk_says_which() -> None:
    for chunk_id in ("guide:1f", "a/b:1", "", "/"):
        assert unpacked_id(packed_id(17, chunk_id)) == (17, chunk_id)


# --- searching ---


def test_few_documents_are_not_packed(writer: IndexWriter) -> None:
    fill(writer, range(3))
    assert writer._ledger.packs() == ()
    assert packs_held(writer) == []
    assert searched(writer) == ["1", "2", "3"]


def test_a_packed_library_finds_what_an_exact_search_finds(
    writer: IndexWriter, reader: Index
) -> None:
    fill(writer, range(6))
    fill(writer, range(6, 8))
    assert searched(reader) == ["pack-1", "7", "8"]
    names = [f"guide-{n}" for n in range(8)]
    chance, everything = np.random.default_rng(3), exact(reader)
    for top_k in (1, 7, 50, 500):
        assert same_as_exact(reader, top_k=top_k, everything=everything)
        for size in range(1, 8):
            some = chance.choice(names, size, replace=False).tolist()
            assert same_as_exact(reader, top_k=top_k, document_ids=some, everything=everything)
    assert searched(reader, names[:3]) == ["1", "2", "3"], "too few for the pack"
    assert searched(reader, names[1:7]) == ["pack-1", "7"]


def test_a_large_pack_finds_nearly_all_that_an_exact_search_finds(writer: IndexWriter) -> None:
    topics = unit_vectors(40, seed=1)

    def near_topics(count: int, seed: int) -> Vectors:
        chosen = topics[np.random.default_rng(seed).integers(0, len(topics), count)]
        rows = chosen + unit_vectors(count, seed=seed)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    for number in range(5):
        add(writer, guide(number, 500), near_topics(500, number))
    writer.refresh()
    everything = exact(writer)
    queries = near_topics(50, 99)
    for names in (None, [f"guide-{n}" for n in range(4)]):
        assert searched(writer, names) == ["pack-1"]
        found = ids_of(writer.dense_search(queries, top_k=10, document_ids=names))
        best = ids_of(everything.search(queries, top_k=10, document_ids=names))
        same = sum(len({*some} & {*others}) for some, others in zip(found, best, strict=True))
        assert same >= 0.99 * 10 * len(queries)


def test_what_fills_the_best_of_a_pack_without_being_wanted_hides_nothing(
    writer: IndexWriter,
) -> None:
    query = unit_vectors(1, seed=99)
    near = query + 0.05 * unit_vectors(100, seed=7)
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    add(writer, guide(100, 100), near.astype(np.float32))
    fill(writer, range(5))
    wanted = [f"guide-{n}" for n in range(5)]
    assert searched(writer, wanted) == ["pack-1", "2", "3", "4", "5", "6"]
    assert same_as_exact(writer, document_ids=wanted)
    assert searched(writer) == ["pack-1"]
    assert same_as_exact(writer)


def test_a_replaced_document_is_searched_in_its_new_version(
    writer: IndexWriter, reader: Index
) -> None:
    fill(writer, range(5))
    assert searched(reader) == ["pack-1"]
    # The same text, so the same chunk ids; other vectors.
    add(writer, guide(2), unit_vectors(CHUNKS, seed=77))
    assert searched(reader) == ["pack-1", "6"]
    assert same_as_exact(reader, top_k=40)
    writer.refresh()
    assert packs_held(writer) == ["pack-1"]
    assert same_as_exact(reader, top_k=40)


def test_a_pack_goes_when_more_than_half_of_it_is_removed(
    writer: IndexWriter, reader: Index
) -> None:
    fill(writer, range(6))
    for number in range(3):
        writer.remove(f"guide-{number}")
    writer.refresh()
    assert packs_held(writer) == ["pack-1"]
    assert same_as_exact(reader, top_k=50)
    writer.remove("guide-3")
    writer.refresh()
    assert packs_held(writer) == []
    assert searched(reader) == ["5", "6"]
    assert same_as_exact(reader, top_k=50)
    fill(writer, range(10, 12))
    assert searched(reader) == ["pack-2"], "what is left is packed again"
    assert same_as_exact(reader, top_k=50)
    writer.remove("guide-10")
    assert writer._ledger.packs()[0].rows == {5, 6, 8}


def test_a_rebuilt_library_is_packed_anew(writer: IndexWriter, reader: Index) -> None:
    fill(writer, range(5))
    documents = [writer.document(r.id) for r in writer.records()]
    rows = [
        add(writer, document, unit_vectors(CHUNKS, seed=50 + number)).row
        for number, document in enumerate(documents)
    ]
    writer.refresh()
    assert packs_held(writer) == ["pack-2"]
    assert writer._ledger.packs()[0].rows == set(rows)
    assert same_as_exact(reader)


def test_small_packs_become_part_of_a_larger_one(writer: IndexWriter, reader: Index) -> None:
    fill(writer, range(4))
    fill(writer, range(4, 8))
    assert packs_held(writer) == ["pack-2"]
    assert searched(reader) == ["pack-2"]
    assert same_as_exact(reader)


# --- what is not as it should be ---


def test_a_store_without_the_packs_answers_and_gets_them(
    writer: IndexWriter, reader: Index
) -> None:
    fill(writer, range(5))
    writer._open_store().remove("pack-1")
    assert same_as_exact(reader)
    assert searched(reader) == ["1", "2", "3", "4", "5"]
    told: list[Progress] = []
    writer.refresh(afterwards(told.append, files=5, pages=9))
    assert searched(reader) == ["pack-2"]
    assert [(now.file, now.pages_done) for now in told] == [
        ("packing vectors for search (1 of 1)", 9)
    ]


def test_a_pack_that_no_ledger_knows_is_removed(writer: IndexWriter) -> None:
    fill(writer, range(5))
    writer._open_store().add("pack-9", ["1/x"], unit_vectors(1, seed=0))
    writer.refresh()
    assert packs_held(writer) == ["pack-1"]


def test_documents_whose_vectors_are_elsewhere_are_not_packed(
    writer: IndexWriter, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(4):
        add(writer, guide(number), unit_vectors(CHUNKS, seed=number))
    writer._open_store().remove("1")
    fill(writer, [4])
    assert writer._ledger.packs()[0].rows == {2, 3, 4, 5}
    assert caplog.messages == []


def test_documents_of_no_chunks_are_no_hindrance(writer: IndexWriter) -> None:
    empty = replace(guide(9), chunks=())
    add(writer, empty, unit_vectors(0, seed=0))
    fill(writer, range(4))
    assert same_as_exact(writer)
    assert searched(writer) == ["pack-1", "1"]


def test_packs_on_a_server(chroma_server: str, tmp_path: Path) -> None:
    here, there = settings_of(tmp_path), settings_of(tmp_path, chroma_server)
    with closing(open_writer(here)) as writer:
        fill(writer, range(5))
    with closing(open_writer(there)) as writer:
        writer.take_vectors("")
        assert packs_held(writer) == ["pack-2"]
        assert searched(writer) == ["pack-2"]
        assert same_as_exact(writer, top_k=50)
        best = writer.dense_search(unit_vectors(3, seed=99), top_k=7)
        fill(writer, range(5, 7))
        assert same_as_exact(writer, top_k=50, document_ids=[f"guide-{n}" for n in range(1, 7)])
    with closing(Index.open(here, embedder=EMBEDDER)) as reader:
        names = [f"guide-{n}" for n in range(5)]
        found = reader.dense_search(unit_vectors(3, seed=99), top_k=7, document_ids=names)
        assert ids_of(found) == ids_of(best), "where its pack is not"


@pytest.mark.parametrize("damage", ["emptied", "nonsense", "gone"])
def test_a_damaged_pack_is_made_again(settings: Settings, damage: str) -> None:
    with closing(open_writer(settings)) as writer:
        for number in range(5):
            add(writer, guide(number), unit_vectors(CHUNKS, seed=number))
        before = set((settings.home / "chroma").iterdir())
        writer.refresh()
    (folder,) = set((settings.home / "chroma").iterdir()) - before
    for file in folder.iterdir():
        file.write_bytes(b"" if damage == "emptied" else b"nonsense" * 400)
    if damage == "gone":
        shutil.rmtree(folder)
    # Another process: this one has the pack in memory.
    program = (
        "import sys; from contextlib import closing; from pathlib import Path\n"
        "from corpus.settings import Settings; from tests.packed_library import *\n"
        "with closing(open_writer(Settings(home=Path(sys.argv[1])))) as writer:\n"
        "    assert same_as_exact(writer)\n"
        "    writer.refresh()\n"
        "    assert packs_held(writer) == ['pack-2'], packs_held(writer)\n"
        "    assert searched(writer) == ['pack-2']\n"
        "    assert same_as_exact(writer)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(settings.home)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not folder.exists()
