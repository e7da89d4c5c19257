"""Looks through the library's passages before they are asked for, while nobody asks.

What the ranking needs of a passage whatever is asked (its units, their words, facts and traits)
is worked out when a question first meets it and kept. That is half of the time of a question in a
library that nobody has asked yet; here it is done in the background, a little at a time.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from assistant.cues import load_cues
from assistant.differing import Documents
from assistant.facts import find_facts
from assistant.retrieval import fold_path
from assistant.traits import traits_of
from assistant.units import units_of
from assistant.worth import Stems
from corpus.model import Chunk, Document
from corpus.records import DocumentRecord

MOST_PASSAGES = 20_000
"""What is kept has room for the units of about so many."""

AT_A_TIME_S = 0.003
"""So long at most a question that comes in meanwhile waits for it."""

LOOK_AGAIN_S = 0.1


class ReadingAhead:
    """Reads ahead in one thread until it is done or told to stop."""

    def __init__(
        self,
        library: Documents,
        records: Callable[[], Sequence[DocumentRecord]],
        *,
        stems: Stems,
        also: Callable[[Document], object],
        busy: Callable[[], bool],
    ) -> None:
        """Takes what is read.

        Args:
            library: holds the documents.
            records: those that can answer.
            stems: how words are reduced for comparison.
            also: done for each document before its passages are read.
            busy: whether a question is being worked on; then it waits.
        """
        self._library = library
        self._records = records
        self._stems = stems
        self._also = also
        self._busy = busy
        self._stopped = threading.Event()
        self._at_work = threading.Lock()

    def run(self) -> int:
        """Reads until all is read or `stop` is called; how many passages were read.

        Raises:
            GuideError: if the library cannot be read, or a document is removed meanwhile.
        """
        read = 0
        pause = AT_A_TIME_S
        passages = self._passages()
        while not self._stopped.wait(pause):
            if self._busy():
                pause = LOOK_AGAIN_S
                continue
            pause = AT_A_TIME_S
            until = time.monotonic() + AT_A_TIME_S
            with self._at_work:
                while time.monotonic() < until and not self._stopped.is_set():
                    passage = next(passages, None)
                    if passage is None or read >= MOST_PASSAGES:
                        # It stays: looked through for garbage it would hold up a question.
                        gc.freeze()
                        return read
                    self._read(*passage)
                    read += 1
        return read

    def stop(self) -> None:
        """Has it end; once this returns the library is not read any more."""
        self._stopped.set()
        with self._at_work:
            pass

    def _passages(self) -> Iterator[tuple[Document, Chunk]]:
        """The newest editions first."""
        for record in sorted(self._records(), key=lambda r: -(r.edition.year or 0)):
            document = self._library.document(record.id)
            self._also(document)
            for chunk in document.chunks:
                yield document, chunk

    def _read(self, document: Document, chunk: Chunk) -> None:
        fold_path(document, chunk)
        find_facts(chunk.text)
        load_cues().is_instruction(chunk.text)
        for unit in units_of(chunk):
            self._stems(unit.text, document.edition.language)
            traits_of(unit.text)
