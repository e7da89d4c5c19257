"""`guide bench`."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from corpus.cli import command, console, print_json, read_settings

SYSTEMS = "ours,bm25,dense"
FOLDERS = (Path("benchmarks"), Path("../shared/benchmarks"))
"""Where a benchmark is looked for that comes without a folder."""


@command("bench", short_help="Rank the passages of a public question set.")
@click.argument("name")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the benchmark, or the one above it.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only so many questions of each group.")
@click.option(
    "--others",
    type=click.IntRange(min=0),
    help="For a quick trial: only so many passages besides the gold ones.",
)
@click.option(
    "--systems",
    default=SYSTEMS,
    show_default=True,
    help="Out of ours, bm25, dense, tutorial, separated by commas.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the library here, to be used again. [default: a temporary one]",
)
@click.option(
    "--refusals",
    is_flag=True,
    help="Ask the questions, those too that no passage answers, and tell what is refused.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def bench_command(
    name: str,
    folder: Path | None,
    limit: int | None,
    others: int | None,
    systems: str,
    keep: Path | None,
    refusals: bool,
    as_json: bool,
) -> None:
    """Index the passages of benchmark NAME in a library of their own and rank them.

    NAME is a folder with documents.jsonl and questions.jsonl: doc2dial-en, xquad, mtrag-un or
    clapnq-dev.
    """
    if refusals:
        _tell_refusals(name, _find(name, folder), limit, keep, as_json=as_json)
        return
    from eval.bench import SYSTEMS as KNOWN

    chosen = tuple(dict.fromkeys(part.strip() for part in systems.split(",") if part.strip()))
    unknown = [part for part in chosen if part not in KNOWN]
    if unknown or not chosen:
        raise click.UsageError(
            f"--systems takes names out of {', '.join(KNOWN)}, not {', '.join(unknown) or 'none'}."
        )
    from eval.bench import as_json as results_as_json
    from eval.bench import rows, run_benchmark
    from eval.benchmarks import read_benchmark
    from eval.progress import bar

    settings = read_settings()
    place = _find(name, folder)
    groups = read_benchmark(name, place, limit=limit, others=others)
    screen = console()
    if others is not None:
        passages = len(groups[0].document.pages)
        screen.print(f"A trial over {passages} passages: its figures are not the benchmark's.")
    with bar(screen) as show, _home(keep) as home:
        results = run_benchmark(
            groups, chosen, settings, source=place / "documents.jsonl", home=home, show=show
        )
    if as_json:
        made_with = {
            "embedding": settings.embedding.model_dump(mode="json"),
            "chunking": settings.chunking.model_dump(mode="json"),
            "retrieval": settings.retrieval.model_dump(mode="json"),
        }
        passages = len(groups[0].document.pages)
        body = {"benchmark": name, "passages": passages, "settings": made_with}
        print_json(body | {"systems": results_as_json(results)})
        return
    for row in rows(results):
        click.echo("  ".join(cell.ljust(8) for cell in row).rstrip())


def _tell_refusals(
    name: str, place: Path, limit: int | None, keep: Path | None, *, as_json: bool
) -> None:
    from eval.bench_refusals import as_json as result_as_json
    from eval.bench_refusals import read_labelled, rows, run_refusals
    from eval.progress import bar

    settings = read_settings()
    document, labelled = read_labelled(name, place, limit=limit)
    with bar(console()) as show, _home(keep) as home:
        source = place / "documents.jsonl"
        result = run_refusals(document, labelled, settings, source=source, home=home, show=show)
    if as_json:
        made_with = {"answer": settings.answer.model_dump(mode="json")}
        print_json({"benchmark": name, "settings": made_with} | result_as_json(result))
        return
    for row in rows(result):
        click.echo("  ".join(cell.ljust(26 if not i else 9) for i, cell in enumerate(row)).rstrip())


def _find(name: str, folder: Path | None) -> Path:
    if folder and (folder / "documents.jsonl").is_file():
        return folder
    for parent in (folder,) if folder else FOLDERS:
        if (parent / name).is_dir():
            return parent / name
    where = str(folder) if folder else " or ".join(str(parent) for parent in FOLDERS)
    raise click.UsageError(f"There is no folder {name} in {where}. Name its place with --folder.")


@contextlib.contextmanager
def _home(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep.absolute()
        return
    with tempfile.TemporaryDirectory(prefix="guide-bench-") as folder:
        yield Path(folder)
