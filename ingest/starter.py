"""Takes the starter guides into the library, in the place of earlier versions of them."""

from __future__ import annotations

from collections.abc import Collection
from importlib.resources import as_file, files

from corpus.embedding import Embedder
from corpus.errors import DocumentError, LibraryError
from corpus.hashing import hash_file
from corpus.settings import Settings
from corpus.writer import IndexWriter
from ingest.official import is_digest
from ingest.pipeline import ingest
from ingest.progress import OnProgress
from ingest.report import IngestReport


def take_in_starter_guides(
    settings: Settings, *, on_progress: OnProgress = lambda _: None
) -> tuple[IngestReport, tuple[str, ...]]:
    """Takes the guides in that come with the product, and earlier versions of them out.

    Returns:
        The report on the files, and the ids of the documents that were taken out: none where one
        of the new ones could not be read.

    Raises:
        LibraryError: see `ingest.pipeline.ingest`.
        ModelError: if the embedder cannot be loaded.
    """
    with as_file(files("corpus") / "starter") as folder:
        report = ingest([folder], settings=settings, on_progress=on_progress)
        shipped = {hash_file(path) for path in folder.glob("*.pdf")}
    return report, () if report.failed else remove_outdated(settings, shipped)


def remove_outdated(
    settings: Settings, shipped: Collection[str], *, embedder: Embedder | None = None
) -> tuple[str, ...]:
    """Takes starter guides out of the library that are not those that come with the product.

    Every starter guide, of whatever version, says in its metadata that it is one; nothing else is
    ever taken out.

    Args:
        settings: of the library.
        shipped: SHA-256 of the starter guides that stay.
        embedder: used in place of the one that the settings name.

    Returns:
        The ids of the documents that were taken out.

    Raises:
        LibraryError: if the library cannot be written to.
    """
    index = IndexWriter.open(settings, embedder=embedder)
    try:
        outdated = [
            record.id
            for record in index.records()
            if record.sha256 not in shipped and _was_starter(index, record.id)
        ]
        for document_id in outdated:
            index.remove(document_id)
        if outdated:
            index.refresh()
    finally:
        index.close()
    return tuple(outdated)


def _was_starter(index: IndexWriter, document_id: str) -> bool:
    try:
        return is_digest(index.pdf_path(document_id))
    except (DocumentError, LibraryError):  # whatever it is, it does not say that it is ours
        return False
