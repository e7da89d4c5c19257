"""`guide corpus`: the official documents and the starter guides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.cli import FAILED, console, group, print_json, read_settings
from corpus.errors import DownloadError, GuideError, OfflineError
from ingest.naming import name_of

if TYPE_CHECKING:
    from rich.console import Console

    from corpus.catalogue import Catalogue, Entry
    from corpus.fetch import Progress
    from corpus.settings import Settings
    from corpus.shelf import Kept, Shelf

_as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_catalogue = click.option(
    "--catalogue",
    "catalogue_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A catalogue of your own in place of the one that comes with the product.",
)


@group("corpus", short_help="The official guides: list, fetch, add, verify.")
def corpus_command() -> None:
    """Gets the official documents within reach.

    They are kept in the folder `guides` of the data folder, which `guide ingest` takes like any
    other. Nothing here is needed for the starter guides.
    """


@corpus_command.command("list")
@_catalogue
@_as_json
def list_command(catalogue_path: Path | None, as_json: bool) -> None:
    """Shows the official documents: what is here, what can be fetched, where to find the rest."""
    _, catalogue, shelf = _open(catalogue_path)
    here = {kept.entry_id for kept in shelf.kept()}
    if as_json:
        print_json(
            {
                "folder": str(shelf.folder),
                "documents": [_entry_as_json(entry, here) for entry in catalogue.entries],
            }
        )
        return
    for entry in catalogue.entries:
        click.echo(f"{_state(entry, here):8} {entry.id}\n         {_shown(entry)}")
        if entry.url is None:
            click.echo(f"         {entry.landing}")
    click.echo(
        "here: in the folder; fetch: `guide corpus fetch ID`; by hand: download it from the page "
        "shown, then `guide corpus add FILE`.",
        err=True,
    )


@corpus_command.command("fetch")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@_catalogue
@_as_json
@click.pass_context
def fetch_command(
    context: click.Context, ids: tuple[str, ...], catalogue_path: Path | None, as_json: bool
) -> None:
    """Downloads official documents, all that can be downloaded where no ID is given.

    What was cut off is gone on with. Only complete files that are what they should be get into
    the folder.
    """
    from corpus.fetch import Manners
    from ingest.official import fetch_entry

    settings, catalogue, shelf = _open(catalogue_path)
    entries = [catalogue.get(entry_id) for entry_id in dict.fromkeys(ids)] or [
        entry for entry in catalogue.entries if entry.url
    ]
    manners = context.find_object(Manners) or Manners(
        max_bytes=settings.limits.max_file_mb * 1_000_000
    )
    results: list[dict[str, Any]] = []
    failed = False
    for number, entry in enumerate(entries):
        kept = _whole(entry, shelf)
        if kept is not None:
            results.append(_result(entry.id, "unchanged", kept=kept))
            click.echo(f"{entry.id}: here already.", err=True)
            continue
        if number:
            manners.wait(manners.between_files_s)
        try:
            with _progress(console(), entry.id) as show:
                kept = fetch_entry(
                    entry, catalogue=catalogue, shelf=shelf, manners=manners, on_progress=show
                )
        except DownloadError as error:
            failed = True
            results.append(_result(entry.id, "failed", said=str(error)))
            click.echo(f"guide: {entry.id}: {error}", err=True)
            if isinstance(error, OfflineError):
                break
            continue
        results.append(_result(entry.id, "fetched", kept=kept))
        click.echo(f"{entry.id}: {kept.edition.title}", err=True)
    if any(result["status"] == "fetched" for result in results):
        _say_ingest(shelf)
    _end(context, {"folder": str(shelf.folder), "files": results}, as_json, failed=failed)


@corpus_command.command("add")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@_catalogue
@_as_json
@click.pass_context
def add_command(
    context: click.Context, paths: tuple[Path, ...], catalogue_path: Path | None, as_json: bool
) -> None:
    """Puts files that you downloaded yourself into the folder.

    A file is known by its hash, else by its cover.
    """
    from ingest.official import add_file

    _, catalogue, shelf = _open(catalogue_path)
    results: list[dict[str, Any]] = []
    for path in paths:
        try:
            kept, found = add_file(path, catalogue=catalogue, shelf=shelf)
        except GuideError as error:
            results.append({"file": name_of(path), "status": "failed", "said": str(error)})
            click.echo(f"guide: {name_of(path)}: {error}", err=True)
            continue
        what = found.entry.id if found.entry else "not in the catalogue"
        results.append({**_result(kept.entry_id or None, "added", kept=kept), "by": found.by})
        click.echo(
            f"{name_of(path)}: {kept.edition.title} [{kept.edition.language}], {what}, known by "
            f"its {found.by}, kept as {kept.file}",
            err=True,
        )
    failed = any(result["status"] == "failed" for result in results)
    if any(result["status"] == "added" for result in results):
        _say_ingest(shelf)
    _end(context, {"folder": str(shelf.folder), "files": results}, as_json, failed=failed)


@corpus_command.command("verify")
@_catalogue
@_as_json
@click.pass_context
def verify_command(context: click.Context, catalogue_path: Path | None, as_json: bool) -> None:
    """Finds files of the folder that are damaged, gone, or out of date."""
    from corpus.shelf import Condition

    _, catalogue, shelf = _open(catalogue_path)
    findings = shelf.verify(catalogue)
    for finding in findings if not as_json else ():
        click.echo(f"{finding.condition:10} {finding.file} {finding.said}".rstrip())
    if not findings:
        click.echo(f"There is nothing in {shelf.folder}.", err=True)
    report = [
        {"file": finding.file, "condition": str(finding.condition), "said": finding.said}
        for finding in findings
    ]
    bad = {Condition.DAMAGED, Condition.MISSING}
    _end(
        context,
        {"folder": str(shelf.folder), "files": report},
        as_json,
        failed=any(finding.condition in bad for finding in findings),
    )


@corpus_command.command("starter")
@_as_json
@click.pass_context
def starter_command(context: click.Context, as_json: bool) -> None:
    """Takes the starter guides into the library, in the place of earlier versions of them."""
    from corpus.shelf import Shelf
    from ingest.cli import show_report
    from ingest.progress import progress_bar
    from ingest.starter import take_in_starter_guides

    settings = read_settings()
    screen = console()
    with progress_bar(screen) as show:
        report, outdated = take_in_starter_guides(settings, on_progress=show)
    for document_id in outdated:
        click.echo(f"Removed {document_id}: an earlier version of a starter guide.", err=True)
    show_report(context, report, as_json=as_json, screen=screen)
    if not Shelf(settings.home).kept():
        click.echo(
            "The official guides are not needed, but they say more: `guide corpus list` shows "
            "them, `guide corpus fetch` downloads them.",
            err=True,
        )


commands: tuple[click.Command, ...] = (corpus_command,)
"""What `guide` gets from here."""


def _open(catalogue_path: Path | None) -> tuple[Settings, Catalogue, Shelf]:
    from corpus.catalogue import load_catalogue
    from corpus.shelf import Shelf

    settings = read_settings()
    return settings, load_catalogue(catalogue_path), Shelf(settings.home)


def _whole(entry: Entry, shelf: Shelf) -> Kept | None:
    """The file of an entry, where it is there and as it was put there."""
    kept = next((kept for kept in shelf.kept() if kept.entry_id == entry.id), None)
    return kept if kept is not None and shelf.is_whole(kept) else None


def _state(entry: Entry, here: Iterable[str]) -> str:
    return "here" if entry.id in here else "fetch" if entry.url else "by hand"


def _shown(entry: Entry) -> str:
    details = [f"version {entry.version}" if entry.version else "", entry.language]
    return f"{entry.title} [{', '.join(filter(None, details))}]"


def _entry_as_json(entry: Entry, here: Iterable[str]) -> dict[str, Any]:
    return {
        "id": entry.id,
        "state": _state(entry, here),
        "programme": entry.programme,
        "title": entry.title,
        "year": entry.year,
        "version": entry.version,
        "date": entry.date.isoformat() if entry.date else None,
        "language": entry.language,
        "landing": entry.landing,
        "url": entry.url,
        "sha256": entry.sha256 or None,
        "size": entry.size or None,
        "licence": entry.licence,
        "note": entry.note or None,
    }


def _result(
    entry_id: str | None, status: str, *, kept: Kept | None = None, said: str | None = None
) -> dict[str, Any]:
    return {
        "id": entry_id,
        "status": status,
        "file": kept.file if kept else None,
        "title": kept.edition.title if kept else None,
        "year": kept.edition.year if kept else None,
        "version": kept.edition.version if kept else None,
        "language": kept.edition.language if kept else None,
        "sha256": kept.sha256 if kept else None,
        "said": said,
    }


def _say_ingest(shelf: Shelf) -> None:
    click.echo(f'To take them into the library: guide ingest "{shelf.folder}"', err=True)


def _end(context: click.Context, report: dict[str, Any], as_json: bool, *, failed: bool) -> None:
    if as_json:
        print_json(report)
    if failed:
        context.exit(FAILED)


@contextmanager
def _progress(screen: Console, name: str) -> Iterator[Progress]:
    """A bar for one download, where there is a terminal to draw it on."""
    from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = ("{task.description}", BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Bars(
        *columns,
        TimeRemainingColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bars:
        task = bars.add_task(name, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
