"""`guide recheck`: do the answers of a help desk still hold?"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.cli import FAILED, command, console, print_json, read_settings
from eval.progress import asked_bar, interruption

if TYPE_CHECKING:
    from corpus.settings import Settings
    from eval.stored import Stored

_RUN = "recheck"


@command("recheck", short_help="Ask stored questions again and list answers that changed.")
@click.argument("source", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--same-edition", is_flag=True, help="Ask the document that answered then, not the newest."
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the last so many answers.")
@click.option(
    "--out", "folder", type=click.Path(file_okay=False, path_type=Path), help="Run folder."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def recheck_command(
    context: click.Context,
    source: Path | None,
    same_edition: bool,
    limit: int | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Ask again what was answered before, and list the answers that changed.

    SOURCE is a run folder or its results.jsonl; without it, the answers that the API and the
    window kept are checked, the newest to each question. Exit code 1 if an answer changed.
    A check that was stopped goes on when the same command is given again.
    """
    if source and folder and folder.resolve() in (source.resolve(), source.resolve().parent):
        raise click.UsageError(f"{folder} holds the answers to check: name another folder.")
    settings = read_settings()
    screen = console()
    stored = _stored(source, settings)
    from assistant.wiring import open_assistant
    from corpus.errors import EmptyLibraryError
    from eval.evaluation import run_folder
    from eval.examiner import Examiner
    from eval.identity import identity
    from eval.recheck import recheck, recheck_json, recheck_lines
    from eval.runner import finish, run
    from eval.stored import of_same_edition

    if limit is not None:
        stored = stored[-limit:]
    if same_edition:
        stored = tuple(of_same_edition(one) for one in stored)
    questions = [one.question for one in stored]
    with contextlib.closing(open_assistant(settings)) as assistant:
        records = assistant.records()
        if not records:
            raise EmptyLibraryError("The library is empty. Fill it with `guide ingest PATH`.")
        this = identity(questions, settings, records)
        place = folder or run_folder(settings, Path(_RUN), this)
        with asked_bar(screen, len(questions)) as show, interruption(screen, place):
            now = run(questions, Examiner(assistant), place, identity=this, asked=show)
        found = recheck(stored, now, assistant.library)
    summary = recheck_json(found)
    finish(place, summary)
    if as_json:
        print_json(summary)
    else:
        for line in recheck_lines(found):
            click.echo(line)
    screen.print(f"{len(found)} answers checked, {summary['changed']} changed", markup=False)
    if summary["changed"]:
        context.exit(FAILED)


def _stored(source: Path | None, settings: Settings) -> tuple[Stored, ...]:
    from assistant.kept import KeptAnswers
    from corpus.errors import EvaluationError
    from eval.stored import stored_of_kept, stored_of_run

    if source is not None:
        return stored_of_run(source)
    with contextlib.closing(KeptAnswers.open(settings.home, settings=settings.keep)) as kept:
        stored = stored_of_kept(kept.all())
    if not stored:
        raise EvaluationError(
            f"No answers are kept in {settings.home}. Name a run instead: guide recheck FOLDER"
        )
    return stored
