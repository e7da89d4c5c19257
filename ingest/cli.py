"""`guide ingest` and `guide documents`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.cli import FAILED, command, console, group, print_json, read_settings
from corpus.records import DocumentRecord, edition_fields

if TYPE_CHECKING:
    from rich.console import Console

    from ingest.report import FileReport, IngestReport


def _filled(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    text = None if value is None else " ".join(value.split())
    if text == "":
        raise click.BadParameter("It is empty.")
    return text


def _paths(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[Path, ...]:
    if "" in values:  # a path that is empty would be the folder we are in
        raise click.BadParameter("One is empty. If it was a shell variable, it is not set.")
    return tuple(map(Path, values))


def _language(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    code = None if value is None else value.strip().lower()
    if code is not None and not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code):
        raise click.BadParameter(f"“{value}” is not a code of a language, like en or el.")
    return code


@command("ingest", short_help="PDF files or folders into the library.")
@click.argument("paths", nargs=-1, metavar="PATH...", callback=_paths)
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    help="Files read at the same time. [default: one less than there are cores]",
)
@click.option("--password", help="Tried for files that ask for one.")
@click.option(
    "--ocr",
    type=click.Choice(("auto", "never", "force")),
    help="Pages without readable text are read by Tesseract: where it is installed, never, or all "
    "pages of the files named.  [default: auto]",
)
@click.option(
    "--rebuild",
    is_flag=True,
    help="Read and embed everything anew, also what the library holds and PATH does not name.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def ingest_command(
    context: click.Context,
    paths: tuple[Path, ...],
    jobs: int | None,
    password: str | None,
    ocr: str | None,
    rebuild: bool,
    as_json: bool,
) -> None:
    """Takes PDF files, and the PDF files of folders, into the library.

    What is there already is skipped. A file that cannot be read is named with the reason and
    does not stop the others. With --password and no PATH, documents are taken up that a rebuild
    could not read without it.
    """
    if not paths and not rebuild and password is None:
        raise click.UsageError("Name a PDF file or a folder.")
    from ingest.pipeline import ingest
    from ingest.progress import progress_bar

    settings = read_settings()
    screen = console()
    with progress_bar(screen) as show:
        report = ingest(
            paths,
            settings=settings,
            jobs=jobs or 0,
            rebuild=rebuild,
            password=password,
            ocr=ocr,
            on_progress=show,
        )
    show_report(context, report, as_json=as_json, screen=screen)


@group("documents", short_help="What the library holds.", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_context
def documents_command(context: click.Context, as_json: bool) -> None:
    """Lists what the library holds."""
    if context.invoked_subcommand is not None:
        return
    from corpus.index import Index

    index = Index.open(read_settings(), check=False)
    try:
        records, failures = index.records(), index.failures()
    finally:
        index.close()
    if as_json:
        print_json({"documents": [document_as_json(record) for record in records]})
        return
    if not records:
        click.echo("The library is empty. Fill it with `guide ingest PATH`.", err=True)
    for record in records:
        click.echo(_listed(record))
    for failure in failures:
        click.echo(f"Not in the library: {failure.file}: {failure.status}. {failure.reason}")


@documents_command.command("remove")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def remove_command(ids: tuple[str, ...]) -> None:
    """Takes documents out of the library."""
    from corpus.writer import IndexWriter
    from ingest.progress import afterwards, progress_bar

    index = IndexWriter.open(read_settings(), check=False)
    try:
        for document_id in ids:
            index.remove(document_id)
            click.echo(f"Removed {document_id}.", err=True)
        with progress_bar(console()) as show:
            index.refresh(afterwards(show, files=len(ids), pages=0))
    finally:
        index.close()


@documents_command.command("set")
@click.argument("document_id", metavar="ID")
@click.option("--title", callback=_filled, help="As people call it.")
@click.option("--programme", callback=_filled, help="Erasmus+, Horizon Europe, ...")
@click.option("--year", type=click.IntRange(1990, 2100), help="The call year.")
@click.option("--version", callback=_filled, help="As printed: 1, 5.1, ...")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day of the version.")
@click.option("--language", callback=_language, help="Of the text: en, el, ...")
@click.option(
    "--none",
    "cleared",
    multiple=True,
    type=click.Choice(("programme", "year", "version", "date")),
    help="The document has none. May be given several times.",
)
@click.option("--as-read", is_flag=True, help="Take all corrections back.")
@click.option("--json", "as_json", is_flag=True, help="Print the document as JSON.")
def set_command(
    document_id: str, cleared: tuple[str, ...], as_read: bool, as_json: bool, **fields: Any
) -> None:
    """Corrects what was read from a document's cover.

    It holds for this file from now on, also when it is read again. The ID stays.
    """
    from corpus.writer import IndexWriter
    from ingest.progress import afterwards, progress_bar

    correction = {name: value for name, value in fields.items() if value is not None}
    if correction.get("date"):
        correction["date"] = correction["date"].date()
    both = sorted(set(cleared) & set(correction))
    if both:
        raise click.UsageError(f"--{both[0]} and --none {both[0]} contradict each other.")
    correction.update(dict.fromkeys(cleared))
    if bool(correction) == as_read:
        raise click.UsageError("Name what to correct, for example --year 2026, or --as-read alone.")
    index = IndexWriter.open(read_settings(), check=False)
    try:
        record = index.correct_edition(document_id, correction)
        with progress_bar(console()) as show:
            index.refresh(afterwards(show, files=1, pages=record.pages))
    finally:
        index.close()
    if as_json:
        print_json(document_as_json(record))
    else:
        click.echo(_listed(record))


@documents_command.command("copy")
@click.option(
    "--from",
    "source",
    metavar="ADDRESS",
    default="",
    help="The Chroma server that holds the vectors now. Default: the data folder.",
)
def copy_command(source: str) -> None:
    """Copies all vectors into the store that `store.url` names.

    For a library that shall be served from a Chroma server, or from the data folder again. Nothing
    is read or embedded anew, and the copies that are left behind stay.
    """
    from corpus.writer import IndexWriter
    from ingest.progress import Progress, afterwards, progress_bar

    index = IndexWriter.open(read_settings(), check=False)
    try:
        pages = [record.pages for record in index.records()]
        copied: list[int] = []

        def taken(record: DocumentRecord) -> None:
            click.echo(f"Copied {record.id}.", err=True)
            copied.append(record.pages)
            show(
                Progress(
                    files=len(pages),
                    files_done=len(copied),
                    pages=sum(pages),
                    pages_done=sum(copied),
                    file="",
                )
            )

        with progress_bar(console()) as show:
            tell = afterwards(show, files=len(pages), pages=sum(pages))
            index.take_vectors(source, taken, tell)
    finally:
        index.close()


commands: tuple[click.Command, ...] = (ingest_command, documents_command)
"""What `guide` gets from here."""


def show_report(
    context: click.Context, report: IngestReport, *, as_json: bool, screen: Console
) -> None:
    """Says what became of each file; ends the command where one failed."""
    if as_json:
        print_json(report_as_json(report))
    screen.print(_closing_table(report))
    for file in report.failed:
        click.echo(f"guide: {file.file}: {file.status}. {' '.join(file.warnings)}", err=True)
    if report.failed:
        context.exit(FAILED)


def report_as_json(report: IngestReport) -> dict[str, Any]:
    """The object that `guide ingest --json` prints."""
    return {
        "files": [
            {
                "file": file.file,
                "status": file.status,
                "document_id": file.document_id,
                "pages": file.pages,
                "sections": file.sections,
                "tables": file.tables,
                "chunks": file.chunks,
                "warnings": list(file.warnings),
                "seconds": round(file.seconds, 2),
            }
            for file in report.files
        ],
        "seconds": round(report.seconds, 2),
    }


def document_as_json(record: DocumentRecord) -> dict[str, Any]:
    """One entry of what `guide documents --json` prints."""
    return {
        "document_id": record.id,
        "file": record.file,
        **edition_fields(record.edition),
        "official": record.edition.official,
        "corrected": list(record.corrected),
        "pages": record.pages,
        "chunks": record.chunks,
        "status": record.status,
    }


def _listed(record: DocumentRecord) -> str:
    edition = record.edition
    unofficial = "" if edition.official else ", unofficial digest"
    corrected = f", corrected: {', '.join(record.corrected)}" if record.corrected else ""
    return (
        f"{record.id}\n  {edition.title} [{edition.language}], {record.pages} pages, "
        f"{record.chunks} passages, {record.status}{unofficial}{corrected}, from {record.file}"
    )


def _closing_table(report: IngestReport) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    files = "1 file" if len(report.files) == 1 else f"{len(report.files)} files"
    table = Table(caption=f"{files}, {report.seconds:.1f} s", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("status", no_wrap=True)
    for name in ("pages", "sections", "tables", "chunks", "warnings", "seconds"):
        table.add_column(name, justify="right")
    for file in report.files:
        table.add_row(Text(file.file), Text(file.status, _colour(file)), *_figures(file))
    return table


def _figures(file: FileReport) -> tuple[str, ...]:
    counts = (file.pages, file.sections, file.tables, file.chunks, len(file.warnings))
    return (*(str(count) for count in counts), f"{file.seconds:.1f}")


def _colour(file: FileReport) -> str:
    return "red" if file.failed else "yellow" if file.warnings else "green"
