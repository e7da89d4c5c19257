"""The write side of the library: one process at a time, safe to kill at any moment.

A document is saved in an order that never shows half of it: its row in state `writing`, its
vectors, its PDF, then the step that makes the row complete and retires the one it replaces, then
the removal of what was retired. The next writer finishes what a killed one left.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import filelock

from corpus.chroma import CHROMA_FOLDER, open_store
from corpus.chroma_folders import remove_left_folders
from corpus.corrections import Correction, correct
from corpus.embedding import Embedder, Vectors
from corpus.errors import LibraryError, LibraryLockedError, SettingsError
from corpus.hashing import copy_hashed
from corpus.index import LOCK_FILE, Index
from corpus.kept_files import FILES_FOLDER, drop_drafts, drop_file, keep_file, kept_files
from corpus.ledger import Ledger
from corpus.model import Document
from corpus.packing import PackedBoxes
from corpus.packs import FEWEST, LARGEST, keep_packs, remove_useless
from corpus.records import DocumentRecord, Failure, State
from corpus.settings import Settings
from corpus.store import missing

READING = ".reading-"
"""Start of the name of a folder in the data folder with copies of the files that a run reads."""

_LOCK_TIMEOUT_S = 1.0

_log = logging.getLogger(__name__)


class IndexWriter(Index):
    """An open library that may be changed, by this one process alone."""

    writes = True

    fewest_packed = FEWEST
    largest_pack = LARGEST
    """When documents are packed, see `corpus.packs`."""

    def __init__(
        self,
        settings: Settings,
        *,
        ledger: Ledger,
        lock: filelock.BaseFileLock,
        embedder: Embedder | None = None,
    ) -> None:
        """Takes over open parts; `IndexWriter.open` makes them."""
        super().__init__(settings, ledger=ledger, embedder=embedder)
        self._write_lock = lock

    @classmethod
    def open(
        cls, settings: Settings, *, check: bool = True, embedder: Embedder | None = None
    ) -> IndexWriter:
        """Takes the writer's place and cleans up after a killed one.

        Args:
            settings: as for `Index.open`.
            check: as for `Index.open`; False for removing and rebuilding.
            embedder: as for `Index.open`.

        Raises:
            LibraryLockedError: if another process is writing.
            IndexMismatchError: if the library was built otherwise, naming what mends it.
            LibraryError: if the data folder cannot be used.
        """
        lock = _take_lock(settings.home)
        try:
            writer = cls(settings, ledger=Ledger(settings.home), lock=lock, embedder=embedder)
        except BaseException:
            lock.release()
            raise
        try:
            drop_drafts(settings.home)
            for left in settings.home.glob(f"{READING}*"):
                shutil.rmtree(left, ignore_errors=True)
            writer._clean_up()
            writer._tell_of_strange_files()
            if check:
                writer.check()
        except BaseException:
            writer.close()
            raise
        return writer

    def close(self) -> None:
        """Lets go of files and connections, then of the writer's place."""
        try:
            super().close()
        finally:
            self._write_lock.release()

    def knows(self, sha256: str) -> DocumentRecord | None:
        """The complete document that was read from these bytes, if there is one."""
        return next((r for r in self.records() if r.sha256 == sha256), None)

    def staged(self) -> tuple[DocumentRecord, ...]:
        """Documents written by `save(..., publish=False)` that wait to be published."""
        return self._ledger.records(State.STAGED)

    def save(
        self,
        document: Document,
        vectors: Vectors,
        boxes: PackedBoxes,
        source: Path,
        *,
        move: bool = False,
        publish: bool = True,
    ) -> DocumentRecord:
        """Writes a document; the older version of it answers until the new one is complete.

        Args:
            document: its id gets a suffix where another document has the same one.
            vectors: row i belongs to chunk i.
            boxes: see `corpus.packing.pack_boxes`.
            source: the PDF; a copy is kept where none is kept yet.
            move: see `corpus.kept_files.keep_file`.
            publish: False keeps it back until `publish` is called.

        Returns:
            The record as saved, with the id that the document got.

        Raises:
            LibraryError: if it cannot be written; the library is as it was then.
        """
        if len(vectors) != len(document.chunks):
            raise ValueError(f"{len(vectors)} vectors for {len(document.chunks)} chunks")
        document = self._with_own_id(document)
        row = self._ledger.begin(document, boxes, built_by=self.built_by())
        self._open_store().add(str(row), [chunk.id for chunk in document.chunks], vectors)
        try:
            keep_file(self._home, document.sha256, source, move=move)
        except LibraryError:
            self._open_store().remove(str(row))
            self._ledger.discard(row)
            raise
        if publish:
            self.publish([row])
        else:
            self._ledger.stage(row)
        saved = self._ledger.records(State.STAGED, State.COMPLETE)
        return next(record for record in saved if record.row == row)

    def holds(self, record: DocumentRecord) -> bool:
        """Whether the vectors of a row are in the store: another one may have been set since."""
        return self._open_store().count(str(record.row)) >= record.chunks

    def publish(
        self,
        rows: Iterable[int],
        *,
        withdraw: Iterable[int] = (),
        waiting: Iterable[Failure] = (),
    ) -> None:
        """Lets written rows answer, all in one step, and removes what they replace.

        Args:
            rows: staged rows.
            withdraw: complete rows that shall no longer answer.
            waiting: why documents of those cannot be read again; their PDFs stay.
        """
        self._ledger.publish(rows, withdraw=withdraw, waiting=waiting)
        self._clean_up()

    def remove(self, document_id: str) -> None:
        """Takes a document out of the library, with its vectors and its PDF.

        Args:
            document_id: of a complete document, or of one that waits to be read again.

        Raises:
            QuestionError: if there is none with this id.
        """
        waiting = [failure for failure in self.waiting() if failure.document_id == document_id]
        if waiting and all(record.id != document_id for record in self.records()):
            held = {record.sha256 for record in self._ledger.records(*State)}
            for failure in waiting:
                if failure.sha256 not in held:
                    drop_file(self._home, failure.sha256)
                self._ledger.forget_failure(failure.sha256)
            return
        record = self._record(document_id)
        self._ledger.publish((), withdraw=[record.row])
        for left in self.staged():
            if left.sha256 == record.sha256:
                self.discard(left)
        self._clean_up()

    def correct_edition(self, document_id: str, correction: Correction) -> DocumentRecord:
        """Corrects fields of a document's edition, besides those that were corrected before.

        It holds for the same bytes from now on, also when they are read again. Vectors stay as
        they are: where the title was embedded with the passages, `guide ingest --rebuild` embeds
        the new one.

        Args:
            document_id: of a complete document; the id stays, whatever the edition.
            correction: see `corpus.corrections`; an empty one takes all corrections back.

        Raises:
            QuestionError: if there is no document with this id.
        """
        record = self._record(document_id)
        before = self._ledger.correction(record.sha256) if correction else {}
        self._ledger.set_correction(record.sha256, {**before, **correction})
        return self._record(document_id)

    def corrected(self, document: Document) -> Document:
        """A document as read, with what people have corrected of its edition."""
        correction = self._ledger.correction(document.sha256)
        return replace(document, edition=correct(document.edition, correction))

    def take_vectors(
        self,
        source: str,
        taken: Callable[[DocumentRecord], object] = bool,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Copies the vectors of all documents from another store into the one of the settings.

        Nothing is embedded again. What is there of a document is replaced; the source stays.

        Args:
            source: address of a Chroma server, "" for the data folder.
            taken: told about each document that is done.
            tell: told what else is being done where it takes long.

        Raises:
            SettingsError: if the settings name the same store.
            LibraryError: if one of them cannot be used, or the source does not hold all vectors.
        """
        if source.rstrip("/") == self._settings.store.url.rstrip("/"):
            raise SettingsError(
                f"The vectors are to come from where they are to go ({source or self._home}). Set "
                "store.url to the store that shall hold them; --from names the one that does now."
            )
        store = self._open_store()
        library_id = self._ledger.library_id
        # A whole document is asked for at once: that may take as long as writing it.
        held = open_store(self._settings, library_id=library_id, writing=True, url=source)
        with closing(held):
            for record in self.records():
                # In the order in which they were saved: the same graph comes of it.
                chunk_ids = [chunk.id for chunk in self.document(record.id).chunks]
                if held.count(str(record.row)) < len(chunk_ids):
                    raise LibraryError(missing(source or str(self._home), record.id))
                vectors = held.vectors(str(record.row), chunk_ids)
                store.remove(str(record.row))
                store.add(str(record.row), chunk_ids, vectors)
                taken(record)
        self._keep_packs(tell)
        self._remove_left_folders()

    def mend_file(self, record: DocumentRecord, source: Path) -> None:
        """Keeps the PDF of a document anew where another file, or none, is kept in its place.

        Args:
            record: of a complete document.
            source: a file with its bytes. Only sizes are compared.

        Raises:
            OSError: if it cannot be read.
            LibraryError: if it cannot be kept.
        """
        kept = self.kept_file(record.sha256)
        if not kept.is_file() or kept.stat().st_size != source.stat().st_size:
            with tempfile.TemporaryDirectory(prefix=READING, dir=self._home) as folder:
                copy = Path(folder) / kept.name
                if copy_hashed(source, copy) == record.sha256:
                    keep_file(self._home, record.sha256, copy, move=True)

    def discard(self, record: DocumentRecord) -> None:
        """Deletes a row that is not complete, with its vectors.

        Its PDF goes with the last row of a document that was complete, and never otherwise: it may
        have been there before the row.
        """
        self._open_store().remove(str(record.row))
        # The row goes last: as long as it is there, what is left of it can be found.
        if record.state is State.REMOVING and not self._ledger.needs(
            record.sha256, besides=record.row
        ):
            drop_file(self._home, record.sha256)
        self._ledger.discard(record.row)

    def remember_failure(self, failure: Failure) -> None:
        """Keeps why a file could not be read."""
        self._ledger.remember_failure(failure)

    def waiting(self) -> tuple[Failure, ...]:
        """Documents that a rebuild could not read again, and that are to be read again."""
        return tuple(failure for failure in self.failures() if failure.document_id)

    def refresh(self, tell: Callable[[str], None] = lambda _: None) -> None:
        """Builds lexical index and packs anew where documents changed. The last step of a run.

        What is no longer needed goes from the disk.

        Args:
            tell: told what is being done where it takes long.
        """
        self._refresh_lexical()
        self._lexical.prune()
        self._keep_packs(tell)
        self._remove_left_folders()

    def _remove_left_folders(self) -> None:
        if self._store.opened is not None and not self._settings.store.url:
            remove_left_folders(self._home / CHROMA_FOLDER)

    def _may_build(self) -> bool:
        return True

    def _keep_packs(self, tell: Callable[[str], None] = lambda _: None) -> None:
        if not self._ledger.packs() and len(self.records()) < self.fewest_packed:
            return  # the store need not be opened
        try:
            keep_packs(
                self._ledger,
                self._open_store(),
                lambda record: [chunk.id for chunk in self.document(record.id).chunks],
                fewest=self.fewest_packed,
                largest=self.largest_pack,
                tell=tell,
            )
        except LibraryError as error:
            # Every document is complete and answers from its own collection: the run has not
            # failed. The next one tries again.
            _log.warning("The vectors of many documents were not packed: %s", error)

    def _with_own_id(self, document: Document) -> Document:
        saved = self._ledger.records(State.STAGED, State.COMPLETE)
        for record in saved:
            if record.sha256 == document.sha256 and record.id.startswith(document.id):
                return document.with_id(record.id)
        if any(record.id == document.id for record in saved):
            return document.with_id(f"{document.id}-{document.sha256[:8]}")
        return document

    def _clean_up(self) -> None:
        """Deletes half-written and retired rows, each with what belongs to it alone."""
        for record in self._ledger.records(State.WRITING, State.REMOVING):
            self.discard(record)
        if self._ledger.packs(State.WRITING, State.REMOVING):
            remove_useless(self._ledger, self._open_store())

    def _tell_of_strange_files(self) -> None:
        known = {record.sha256 for record in self._ledger.records(*State)}
        known.update(failure.sha256 for failure in self.waiting())
        strange = kept_files(self._home) - known
        if strange:
            folder = self._home / FILES_FOLDER
            _log.warning(
                "The ledger in %s does not know %d of the PDFs in %s: they were taken in with "
                "another one, or a run was broken off. They are kept. `guide ingest %s` takes them "
                "in again.",
                self._home,
                len(strange),
                folder,
                folder,
            )


def _take_lock(home: Path) -> filelock.BaseFileLock:
    # Not bound to a thread: a server may close in another one than it opened in.
    lock = filelock.FileLock(home / LOCK_FILE, thread_local=False)
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=_LOCK_TIMEOUT_S)
    except filelock.Timeout:
        raise LibraryLockedError(
            f"Another process is writing to the library in {home} (a running `guide ingest`?). "
            "Try again when it has finished; questions are answered meanwhile."
        ) from None
    except OSError as error:
        raise LibraryError(
            f"The data folder {home} cannot be written to: {error}. Check its permissions, or "
            "name another one with GUIDE_HOME."
        ) from error
    return lock
