"""`guide questions`: sets checked against the library, converted, and made from given answers."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corpus.cli import FAILED, group, print_json, read_settings

if TYPE_CHECKING:
    from eval.questions import Question

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)


@group("questions", short_help="Check, convert and make question sets.")
def questions_group() -> None:
    """Check question sets against the library, convert them, and make them from answers."""


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
@click.argument("target", type=_NEW_FILE)
def convert_command(source: Path, target: Path) -> None:
    """Write the set SOURCE as TARGET; the suffixes name the formats."""
    from eval.question_files import read_questions, write_questions

    read = read_questions(source)
    write_questions(target, read)
    click.echo(f"{len(read)} questions written to {target}", err=True)


@questions_group.command("new")
@click.argument("answers", nargs=-1, metavar="[ANSWER_ID]...")
@click.option(
    "--feedback",
    type=click.Choice(["up", "down", "all"]),
    help="Also the answers that readers found good (up), wrong (down), or either.",
)
@click.option("--to", "target", type=_NEW_FILE, help="Add to this set (JSONL or CSV).")
def new_command(answers: tuple[str, ...], feedback: str | None, target: Path | None) -> None:
    """Make questions from kept answers, with their citations as gold.

    ANSWER_ID is the id of a kept answer, as the window's link, the API and `guide feedback` give
    it. The questions are printed as JSONL. What was cited need not be right: a person checks the
    gold pages, adds key facts and takes "[to check]" out of the note.
    """
    from assistant.kept import KeptAnswers
    from eval.question_files import read_questions, write_questions
    from eval.questions import to_record
    from eval.stored import question_of

    settings = read_settings()
    with contextlib.closing(KeptAnswers.open(settings.home, settings=settings.keep)) as kept:
        rows = {row.answer_id: row for row in kept.rows()}
        wanted = [i for i, row in rows.items() if feedback and feedback in (_word(row.up), "all")]
        ids = dict.fromkeys((*answers, *wanted))
        if not answers and feedback is None:
            raise click.UsageError("Name an answer by its id, or take some with --feedback.")
        made = [question_of(kept.get(answer_id), rows.get(answer_id)) for answer_id in ids]
    if target is None:
        for question in made:
            click.echo(json.dumps(to_record(question), ensure_ascii=False))
        return
    held = read_questions(target) if target.exists() else ()
    added = _not_in(made, held)
    write_questions(target, (*held, *added))
    again = len(made) - len(added)
    known = f", {again} of these answers were in it already" if again else ""
    click.echo(f"{len(added)} questions added to {target}{known}", err=True)


def _not_in(made: list[Question], held: tuple[Question, ...]) -> list[Question]:
    known = {question.id for question in held}
    return [question for question in made if question.id not in known]


def _word(up: bool) -> str:
    return "up" if up else "down"
