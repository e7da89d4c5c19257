"""`guide ingest` and `guide documents`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.cli import FAILED, command, console, group, print_json, read_settings

if TYPE_CHECKING:
    from rich.console import Console

    from corpus.records import DocumentRecord
    from ingest.report import FileReport, IngestReport


@command("ingest", short_help="PDF files or folders into the library.")
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    help="Files read at the same time. [default: one less than there are cores]",
)
@click.option("--password", help="Tried for files that ask for one.")
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
    rebuild: bool,
    as_json: bool,
) -> None:
    """Takes PDF files, and the PDF files of folders, into the library.

    What is there already is skipped. A file that cannot be read is named with the reason and
    does not stop the others.
    """
    if not paths and not rebuild:
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
        edition = record.edition
        click.echo(
            f"{record.id}\n  {edition.title} [{edition.language}], {record.pages} pages, "
            f"{record.chunks} passages, {record.status}, from {record.file}"
        )
    for failure in failures:
        click.echo(f"Not in the library: {failure.file}: {failure.status}. {failure.reason}")


@documents_command.command("remove")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def remove_command(ids: tuple[str, ...]) -> None:
    """Takes documents out of the library."""
    from corpus.writer import IndexWriter

    index = IndexWriter.open(read_settings(), check=False)
    try:
        for document_id in ids:
            index.remove(document_id)
            click.echo(f"Removed {document_id}.", err=True)
        index.refresh()
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
    edition = record.edition
    return {
        "document_id": record.id,
        "file": record.file,
        "title": edition.title,
        "programme": edition.programme,
        "year": edition.year,
        "version": edition.version,
        "date": edition.date.isoformat() if edition.date else None,
        "language": edition.language,
        "pages": record.pages,
        "chunks": record.chunks,
        "status": record.status,
    }


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
