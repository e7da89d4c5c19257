"""`guide eval`, `guide compare` and `guide questions`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.cli import FAILED, command, console, group, print_json, read_settings
from eval.bench_cli import bench_command

if TYPE_CHECKING:
    from rich.console import Console

    from eval.comparing import Baseline
    from eval.evaluation import Evaluation
    from eval.results import Result

SHOWN = (
    *("recall@1", "recall@5", "recall@10", "mrr@10", "right", "key_facts_all", "gold_cited"),
    *("citation_precision", "quotes_verbatim", "numbers_supported", "right_edition"),
    "difference_warned",
    *("refusal_precision", "refusal_recall", "over_refusal"),
)
"""Measures on the screen; the report has all."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@command("eval", short_help="Ask a question set and score the answers.")
@click.argument("questions", type=_FILE)
@click.option("--out", "folder", type=_FOLDER, help="Folder of the run. [default: a new one]")
@click.option("--baseline", type=_FILE, help="Compare with this; exit code 1 if worse.")
@click.option(
    "--record", type=click.Path(dir_okay=False, path_type=Path), help="Accept as the baseline."
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many questions.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Asked at once."
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_context
def eval_command(
    context: click.Context,
    questions: Path,
    folder: Path | None,
    baseline: Path | None,
    record: Path | None,
    limit: int | None,
    jobs: int,
    as_json: bool,
) -> None:
    """Ask every question of QUESTIONS (JSONL, CSV or YAML) and score the answers.

    A run that was stopped goes on when the same command is given again.
    """
    from eval.question_files import read_questions

    asked = read_questions(questions)[:limit]
    settings = read_settings()
    screen = console()
    from assistant.wiring import open_assistant
    from corpus.errors import EmptyLibraryError
    from eval.comparing import read_baseline
    from eval.evaluation import evaluate, run_folder
    from eval.examiner import Examiner
    from eval.identity import identity
    from eval.questions import set_hash
    from eval.runner import unfinished

    accepted = read_baseline(baseline, set_hash(asked)) if baseline else None

    with contextlib.closing(open_assistant(settings)) as assistant:
        records = assistant.records()
        if not records:
            raise EmptyLibraryError("The library is empty. Fill it with `guide ingest PATH`.")
        this = identity(asked, settings, records)
        place = folder or run_folder(settings, questions, this)
        if unfinished(place, this):
            screen.print(f"Going on with the run in {place}", markup=False)
        with _progress(screen, len(asked)) as show, _interruption(screen, place):
            run = evaluate(
                asked,
                Examiner(assistant),
                place,
                shelf=assistant,
                settings=settings,
                source=questions.name,
                jobs=jobs,
                asked=show,
            )
    if as_json:
        print_json(dict(run.summary))
    else:
        _show_run(run, screen)
    if record is not None:
        _record(run, record, screen)
    if accepted is not None and not _holds(run, accepted, screen):
        context.exit(FAILED)


@command("compare", short_help="What two runs over one question set differ in.")
@click.argument("before", type=_FOLDER)
@click.argument("after", type=_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def compare_command(before: Path, after: Path, as_json: bool) -> None:
    """Compare the runs in the folders BEFORE and AFTER, question by question."""
    from eval.comparing import changes, comparison_json, differences
    from eval.evaluation import read_evaluation, same_questions

    one, two = read_evaluation(before), read_evaluation(after)
    same_questions(one, two)
    moved, found = differences(one.scored, two.scored), changes(one.scored, two.scored)
    if as_json:
        print_json(comparison_json(moved, found))
        return
    _show_differences(moved)
    for direction in ("worse", "better", "mixed", "different"):
        group_of = [change for change in found if change.direction == direction]
        if group_of:
            click.echo(f"\n{direction} ({len(group_of)})")
        for change in group_of:
            click.echo(f"  {change.id}  {change.question}")
            click.echo(f"      {change.describe()}")
    if not found:
        click.echo("\nNo question came out differently.")


@group("questions", short_help="Check and convert question sets.")
def questions_group() -> None:
    """Check question sets against the library, and convert them."""


@questions_group.command("check")
@click.argument("questions", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def check_command(context: click.Context, questions: Path, as_json: bool) -> None:
    """Hold QUESTIONS against the library: documents, pages, quotes."""
    from eval.question_files import read_questions

    read = read_questions(questions)
    from corpus.index import Index
    from eval.checking import check
    from eval.pages import PdfPages

    with contextlib.closing(Index.open(read_settings(), check=False)) as index:
        paths = {record.file: index.kept_file(record.sha256) for record in index.records()}
        problems = check(read, index, quote_stands=PdfPages(paths).stands)
    if as_json:
        rows = [{"line": p.line, "message": p.message} for p in problems]
        print_json({"questions": len(read), "problems": rows})
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"{len(read)} questions, {len(problems)} problems", err=True)
    if problems:
        context.exit(FAILED)


@questions_group.command("convert")
@click.argument("source", type=_FILE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def convert_command(source: Path, target: Path) -> None:
    """Write the set SOURCE as TARGET; the suffixes name the formats."""
    from eval.question_files import read_questions, write_questions

    read = read_questions(source)
    write_questions(target, read)
    click.echo(f"{len(read)} questions written to {target}", err=True)


commands: tuple[click.Command, ...] = (
    eval_command,
    compare_command,
    questions_group,
    bench_command,
)


@contextlib.contextmanager
def _progress(screen: Console, total: int) -> Iterator[Callable[[Result], None]]:
    """A bar with count, rate, failures and time left; nothing where there is no terminal."""
    from eval.progress import bar

    done = failed = 0
    with bar(screen) as show:

        def asked(result: Result) -> None:
            nonlocal failed, done
            done += 1
            failed += result.error is not None
            show("questions" + (f", {failed} failed" if failed else ""), done, total)

        show("questions", 0, total)
        yield asked


@contextlib.contextmanager
def _interruption(screen: Console, folder: Path) -> Iterator[None]:
    """Says how to go on when the run is stopped."""
    try:
        yield
    except KeyboardInterrupt:
        screen.print(
            f"Stopped. What was asked is kept in {folder}; the same command goes on from there.",
            markup=False,
        )
        raise


def _show_run(run: Evaluation, screen: Console) -> None:
    from eval.report import figure
    from eval.summary import estimates

    found = estimates(run.scored)
    for name in SHOWN:
        if name in found:
            click.echo(f"{name:20} {figure(found[name])}")
    statuses = ", ".join(f"{name} {count}" for name, count in run.summary["statuses"].items())
    click.echo(f"{'statuses':20} {statuses}")
    total = run.summary["timings_ms"].get("total")
    if total:
        click.echo(f"{'time of one, ms':20} p50 {total['p50']:.0f}, p95 {total['p95']:.0f}")
    for failure in run.summary["failed"]:
        screen.print(f"failed: {failure['id']}: {failure['error']}", style="red", markup=False)
    screen.print(f"Report: {run.folder / 'report.md'}", markup=False)


def _record(run: Evaluation, path: Path, screen: Console) -> None:
    from eval.comparing import write_baseline
    from eval.summary import estimates

    write_baseline(path, estimates(run.scored), run.question_set, len(run.scored))
    screen.print(f"Accepted as the baseline: {path}", markup=False)


def _holds(run: Evaluation, accepted: Baseline, screen: Console) -> bool:
    """Whether no measure fell below the baseline; says which did."""
    from eval.summary import estimates

    verdicts = accepted.verdicts(estimates(run.scored))
    worse = [verdict for verdict in verdicts if verdict.worse]
    for verdict in worse:
        screen.print(f"worse: {verdict.describe()}", style="red", markup=False)
    if not worse:
        screen.print(f"None of {len(verdicts)} measures fell below the baseline.", markup=False)
    return not worse


def _show_differences(moved: dict[str, Any]) -> None:
    click.echo(f"{'measure':20} {'before':>8} {'after':>8} {'change':>8}  95 % interval       p")
    for name, d in moved.items():
        click.echo(
            f"{name:20} {d.before:8.3f} {d.after:8.3f} {d.change:+8.3f}  "
            f"[{d.low:+.3f}, {d.high:+.3f}]  {d.p:.3f} {d.test} (n = {d.n})"
        )
