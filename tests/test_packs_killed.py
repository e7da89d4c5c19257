"""Packs and other processes: a writer that is killed, a reader that knows less than there is."""

from __future__ import annotations

from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from corpus.index import Index
from corpus.ledger import Ledger
from corpus.records import State
from corpus.settings import Settings
from tests.killed_writer import kill_at
from tests.packed_library import (
    CHUNKS,
    EMBEDDER,
    add,
    fill,
    guide,
    ids_of,
    open_writer,
    packs_held,
    reader_elsewhere,
    same_as_exact,
    search_on_request,
    searched,
    unit_vectors,
)


class _SteppedLedger(Ledger):
    """A ledger that tells when a step of packing is reached, and waits there to be killed."""

    pipe: Connection
    step: State

    def move_pack(self, number: int, state: State) -> None:
        if state is self.step:
            self.pipe.send(str(state))
            self.pipe.recv()
        super().move_pack(number, state)


def _pack_until(home: Path, step: State, pipe: Connection) -> None:
    writer = open_writer(Settings(home=home))
    ledger = _SteppedLedger(home)
    ledger.pipe, ledger.step = pipe, step
    writer._ledger = ledger
    fill(writer, range(4, 8))


@pytest.mark.parametrize("step", [State.COMPLETE, State.REMOVING])
def test_killed_while_packing(settings: Settings, step: State) -> None:
    with closing(open_writer(settings)) as writer:
        fill(writer, range(4))
    kill_at(step, _pack_until, settings.home)

    with closing(Index.open(settings, embedder=EMBEDDER)) as reader:
        assert len(reader.records()) == 8
        assert same_as_exact(reader, top_k=50)
        assert packs_held(reader) == ["pack-1", "pack-2"]
        unpacked = ["pack-1", "5", "6", "7", "8"]
        assert searched(reader) == (unpacked if step is State.COMPLETE else ["pack-2"])
    with closing(open_writer(settings)) as writer:
        if step is State.COMPLETE:
            assert packs_held(writer) == ["pack-1"], "the half-written one is gone at once"
        writer.refresh()
        assert len(packs_held(writer)) == len(writer._ledger.packs(*State)) == 1
        assert writer._open_store().count() == 2 * 8 * CHUNKS
        assert same_as_exact(writer, top_k=50)


def _read(home: Path, pipe: Connection) -> None:
    search_on_request(home, pipe, lambda kept, found: (len(kept.packs), found))


def test_a_reader_in_another_process_finds_the_same_while_packs_come_and_go(
    settings: Settings,
) -> None:
    with closing(open_writer(settings)) as writer:
        for number in range(5):
            add(writer, guide(number), unit_vectors(CHUNKS, seed=number))
        expected = ids_of(writer.dense_search(unit_vectors(3, seed=99), top_k=7))
        with reader_elsewhere(settings.home, _read) as found:
            assert found("new") == (0, expected)
            writer.refresh()
            assert found("old") == (0, expected)
            assert found("new") == (1, expected)
            # Packed anew behind its back: the pack that it knows is gone.
            writer._ledger.move_pack(1, State.REMOVING)
            writer.refresh()
            assert packs_held(writer) == ["pack-2"]
            assert found("old") == (1, expected)
            assert found("new") == (1, expected)
