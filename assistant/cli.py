"""The commands `ask`, `search`, `serve`, `mcp`, `feedback` and `doctor`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.keys_cli import keys
from corpus.cli import FAILED, command, console, print_json, read_settings
from corpus.errors import QuestionError

if TYPE_CHECKING:
    from assistant.extensions import Extensions
    from assistant.model import Answer, Filters, Passage, Query, Turn
    from assistant.pipeline import Assistant

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_PICKS: tuple[_Decorator, ...] = (
    click.option("--document", metavar="ID", help="Only this document."),
    click.option("--programme", metavar="P", help="Only this programme, e.g. Erasmus+."),
    click.option("--year", type=int, metavar="Y", help="Only this call year."),
    click.option("--language", metavar="L", help="Only guides in this language, e.g. en."),
    click.option(
        "--history",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help='Earlier turns: a JSON list of {"role": "user", "content": "..."}.',
    ),
    click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output."),
)


def _picks(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_PICKS):
        function = option(function)
    return function


@command("ask")
@click.argument("question")
@_picks
def ask(question: str, history: Path | None, as_json: bool, **picked: Any) -> None:
    """Answer QUESTION from the guides, with cited pages."""
    with _assistant() as assistant:
        answer = assistant.ask(question, filters=_filters(picked), history=_turns(history))
    if as_json:
        from assistant.output import answer_json

        print_json(answer_json(answer))
    else:
        _show_answer(answer)


@command("search")
@click.argument("question")
@click.option("-k", "top_k", type=click.IntRange(1, 100), default=10, help="How many passages.")
@click.option("--explain", is_flag=True, help="Say how it was read and why each is there.")
@_picks
def search(
    question: str, top_k: int, explain: bool, history: Path | None, as_json: bool, **picked: Any
) -> None:
    """Show the passages found for QUESTION, best first."""
    with _assistant() as assistant:
        query, passages = assistant.search(
            question, filters=_filters(picked), history=_turns(history), top_k=top_k
        )
    if as_json:
        from assistant.output import passage_json

        found = [passage_json(passage) for passage in passages]
        answer: dict[str, Any] = {"question": question, "searched": query.search_text}
        if explain:
            from assistant.output import explained_json, query_json

            answer["understood"] = query_json(query)
            found = [explained_json(passage) for passage in passages]
        print_json({**answer, "passages": found})
    else:
        if explain:
            _show_query(query)
        for passage in passages:
            _show_passage(passage)
            if explain:
                ranks = ", ".join(f"{name} {rank}" for name, rank in passage.found_by)
                read = "read by the reranker" if passage.reranked else "not read by a reranker"
                click.echo(f"   score {passage.score:.3f}, {read}; rank in {ranks}")


def _show_query(query: Query) -> None:
    from assistant.output import query_json

    for name, value in query_json(query).items():
        if value:
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            click.echo(f"{name.replace('_', ' ')}: {shown}")
    click.echo()


@command("serve")
@click.option("--host", metavar="ADDRESS", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.pass_obj
def serve(extensions: Extensions | None, host: str | None, port: int | None) -> None:
    """Serve the chat window and the API."""
    settings = read_settings()
    given = {"host": host, "port": port}
    named = {name: value for name, value in given.items() if value is not None}
    server = settings.server.model_copy(update=named)
    from assistant.serve import serve as serve_web

    settings = settings.model_copy(update={"server": server})
    serve_web(settings, extensions)


@command("mcp")
def mcp() -> None:
    """Serve the guides as tools to a language model, over standard input and output."""
    from assistant.mcp_server import serve_stdio

    serve_stdio(read_settings())


@command("feedback")
@click.option("--csv", "form", flag_value="csv", default="csv", help="As CSV (default).")
@click.option("--json", "form", flag_value="json", help="One JSON object on standard output.")
def feedback(form: str) -> None:
    """Print what readers thought of answers, with the questions."""
    from assistant.kept import KeptAnswers
    from assistant.kept_export import feedback_csv, feedback_json

    settings = read_settings()
    with contextlib.closing(KeptAnswers.open(settings.home, settings=settings.keep)) as kept:
        rows = kept.rows()
    if form == "json":
        print_json(feedback_json(rows))
    else:
        click.echo(feedback_csv(rows), nl=False)


@command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Say what is installed, where things are, and what is wrong."""
    from assistant.doctor import examine

    findings = examine(read_settings())
    if as_json:
        print_json({"findings": [finding.as_dict() for finding in findings]})
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.fine else 'BAD'}  {finding.what}: {finding.found}")
            if finding.advice:
                click.echo(f"     {finding.advice}")
    if not all(finding.fine for finding in findings):
        context.exit(FAILED)


commands: tuple[click.Command, ...] = (ask, search, serve, mcp, feedback, keys, doctor)


@contextlib.contextmanager
def _assistant() -> Iterator[Assistant]:
    settings = read_settings()
    from assistant.wiring import open_assistant

    with contextlib.closing(open_assistant(settings)) as assistant:
        yield assistant


def _filters(picked: dict[str, Any]) -> Filters:
    from assistant.model import Filters

    return Filters(
        document_id=picked["document"],
        programme=picked["programme"],
        year=picked["year"],
        language=picked["language"],
    )


def _turns(path: Path | None) -> tuple[Turn, ...]:
    """Earlier turns from a file.

    Raises:
        QuestionError: if the file is not a list of turns.
    """
    if path is None:
        return ()
    from assistant.model import Turn

    try:
        turns = json.loads(path.read_text(encoding="utf-8"))
        return tuple(Turn(role=str(t["role"]), content=str(t["content"])) for t in turns)
    except (ValueError, TypeError, KeyError) as error:
        raise QuestionError(
            f"{path.name} is no history: it needs a JSON list of "
            '{"role": "user" or "assistant", "content": "..."}.'
        ) from error


def _show_answer(answer: Answer) -> None:
    click.echo(answer.text)
    if answer.citations:
        click.echo("\nSources")
    for citation in answer.citations:
        label = f" (printed {citation.label})" if citation.label != str(citation.page) else ""
        click.echo(f"[{citation.number}] {citation.title}, page {citation.page}{label}")
        if citation.headings:
            click.echo(f"    {' › '.join(citation.headings)}")
        click.echo(f'    "{citation.quote}"')
    for note in (*answer.notes, *([answer.contact] if answer.contact else [])):
        click.echo(f"\n{note}")
    if not answer.citations:
        for passage in answer.passages[:3]:
            first, _ = passage.pages
            path = " › ".join(passage.chunk.headings)
            click.echo(f"  {passage.document.edition.title}, page {first}: {path}")
    seconds = answer.timings_ms.get("total", 0.0) / 1000
    console().print(f"{answer.status.value}, {seconds:.1f} s", style="dim", markup=False)


def _show_passage(passage: Passage) -> None:
    first, last = passage.pages
    pages = f"page {first}" if first == last else f"pages {first}-{last}"
    click.echo(f"{passage.rank}. {passage.document.edition.title}, {pages} ({passage.score:.3f})")
    if passage.chunk.headings:
        click.echo(f"   {' › '.join(passage.chunk.headings)}")
    click.echo("   " + passage.chunk.text.replace("\n", "\n   ") + "\n")
