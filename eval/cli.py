"""`guide eval` and `guide compare`, and the list of all commands of evaluation."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpus.cli import FAILED, command, console, print_json, read_settings
from eval.bench_cli import bench_command
from eval.progress import asked_bar, interruption
from eval.questions_cli import questions_group
from eval.recheck_cli import recheck_command

if TYPE_CHECKING:
    from rich.console import Console

    from eval.comparing import Baseline
    from eval.evaluation import Evaluation

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
@click.option(
    "--tolerance",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="With --record: how far a measure may fall.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many questions.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Asked at once."
)
@click.option("--images", is_flag=True, help="Put the cited pages into report.html (large).")
@click.option("--judge", "judged", is_flag=True, help="Have a language model judge, too (slow).")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.pass_context
def eval_command(
    context: click.Context,
    questions: Path,
    folder: Path | None,
    baseline: Path | None,
    record: Path | None,
    tolerance: float,
    limit: int | None,
    jobs: int,
    images: bool,
    judged: bool,
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
    from eval.citation_images import page_images
    from eval.comparing import read_baseline
    from eval.evaluation import evaluate, run_folder
    from eval.examiner import Examiner
    from eval.identity import identity
    from eval.judging import open_judge
    from eval.questions import set_hash
    from eval.runner import unfinished

    accepted = read_baseline(baseline, set_hash(asked)) if baseline else None
    judge = open_judge(settings) if judged else None

    with contextlib.closing(open_assistant(settings)) as assistant:
        records = assistant.records()
        if not records:
            raise EmptyLibraryError("The library is empty. Fill it with `guide ingest PATH`.")
        this = identity(asked, settings, records)
        place = folder or run_folder(settings, questions, this)
        if unfinished(place, this):
            screen.print(f"Going on with the run in {place}", markup=False)
        with asked_bar(screen, len(asked)) as show, interruption(screen, place):
            run = evaluate(
                asked,
                Examiner(assistant),
                place,
                shelf=assistant,
                settings=settings,
                source=questions.name,
                jobs=jobs,
                asked=show,
                images=page_images(assistant.library) if images else None,
                judge=judge,
            )
    if as_json:
        print_json(dict(run.summary))
    else:
        _show_run(run, screen)
    if record is not None:
        _record(run, record, tolerance, screen)
    if accepted is not None and not _holds(run, accepted, screen):
        context.exit(FAILED)


@command("compare", short_help="What two runs over one question set differ in.")
@click.argument("before", type=_FOLDER)
@click.argument("after", type=_FOLDER)
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write it as one page, too."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def compare_command(before: Path, after: Path, html: Path | None, as_json: bool) -> None:
    """Compare the runs in the folders BEFORE and AFTER, question by question."""
    from eval.compare_html import compare_html
    from eval.comparing import changes, comparison_json, differences
    from eval.evaluation import read_evaluation, same_questions, write_file

    one, two = read_evaluation(before), read_evaluation(after)
    same_questions(one, two)
    moved, found = differences(one.scored, two.scored), changes(one.scored, two.scored)
    if html is not None:
        page = compare_html(
            one.scored,
            two.scored,
            names=(before.resolve().name, after.resolve().name),
            summaries=(one.summary, two.summary),
            moved=moved,
            found=found,
        )
        write_file(html, page)
        click.echo(f"Comparison: {html}", err=True)
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


commands: tuple[click.Command, ...] = (
    eval_command,
    compare_command,
    recheck_command,
    questions_group,
    bench_command,
)


def _show_run(run: Evaluation, screen: Console) -> None:
    from eval.judged_report import OPINION, TITLE, judged_rows
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
    if "judged" in run.summary:
        click.echo(f"\n{TITLE}. {OPINION}")
        for name, value in judged_rows(run.summary["judged"]):
            click.echo(f"{name:36} {value}")
    for failure in run.summary["failed"]:
        screen.print(f"failed: {failure['id']}: {failure['error']}", style="red", markup=False)
    screen.print(f"Report: {run.folder / 'report.md'}", markup=False)


def _record(run: Evaluation, path: Path, tolerance: float, screen: Console) -> None:
    from eval.comparing import write_baseline
    from eval.summary import estimates

    found = estimates(run.scored)
    write_baseline(path, found, run.question_set, len(run.scored), tolerance=tolerance)
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
