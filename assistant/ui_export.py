"""A conversation to take along: as Markdown, as JSON, and as PDF (`assistant.ui_export_pdf`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from assistant.model import Answer, Calculation, Citation, Condition, Deadline
from assistant.ui_answer import with_lists, without_rows
from assistant.ui_facts import date_name, in_weight, moment_name, zone_name
from assistant.ui_headings import calm
from assistant.ui_record import Record, answers_of
from assistant.ui_sources import are_heads, blocks_of, letter, other_notes, page_name, path_name
from assistant.ui_text import load_every_language
from corpus.model import CELL_SEPARATOR

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_CITED = re.compile(r"\\\[(\d{1,3})\\\]")
BETWEEN_CELLS = " · "


def markdown(json_text: str | bytes, messages: Mapping[str, str], *, base: str) -> str:
    """A conversation as Markdown, every citation with its quote and its address.

    Args:
        json_text: the conversation, as the window keeps it.
        messages: the window's sentences; what stands around an answer is in its own language.
        base: address of this server, without a slash at its end.

    Raises:
        QuestionError: if it is not a conversation as the window keeps it.
    """
    parts = [f"# {_plain(messages['title'])}"]
    for answer, record in answers_of(json_text):
        said = spoken(answer, messages)
        parts += [f"## {_plain(answer.question)}", *_asked(record, said)]
        parts += _answer(answer, said, base)
    parts.append(f"---\n\n{_plain(messages['export.made'])}")
    return "\n\n".join(parts) + "\n"


def data(json_text: str | bytes) -> str:
    """A conversation as JSON: each answer as the API gives it, without its passages.

    Raises:
        QuestionError: if it is not a conversation as the window keeps it.
    """
    answers = [record for _, record in answers_of(json_text)]
    return json.dumps({"answers": answers}, ensure_ascii=False, indent=2) + "\n"


def spoken(answer: Answer, messages: Mapping[str, str]) -> Mapping[str, str]:
    """The sentences in the language of an answer; the window's where it does not speak it."""
    return load_every_language().get(answer.language, messages)


def _asked(record: Record, messages: Mapping[str, str]) -> list[str]:
    said = asked_on(record, messages)
    return [f"*{_plain(said)}*"] if said else []


def asked_on(record: Record, messages: Mapping[str, str]) -> str:
    """When a question was asked, as a sentence; "" where that is not known."""
    moment = moment_name(record["asked_at"], messages)
    return messages["export.asked"].format(date=moment) if moment else ""


def _answer(answer: Answer, messages: Mapping[str, str], base: str) -> Iterator[str]:
    yield f"**{_plain(messages[f'status.{answer.status.value}'])}**"
    # Each line is a statement with its own sources; a single break would join them.
    for listed, lines in with_lists(lines_of(answer)):
        yield from ["\n".join(f"- {_cited(x)}" for x in lines)] if listed else map(_cited, lines)
    yield from (f"- {_plain(choice)}" for choice in answer.choices)
    for name, lines in facts(answer, messages):
        yield f"### {_plain(name)}"
        yield "\n".join(f"- {_cited(line)}" for line in lines)
    yield from (f"> {_cells(note)}" for note in other_notes(answer))
    if answer.contact:
        yield f"**{_plain(messages['contact'])}:** {_plain(answer.contact)}"
    if answer.citations:
        yield f"### {_plain(messages['sources'])}"
    for citation in answer.citations:
        yield _source(f"{citation.number}.", citation, messages, base)
    if answer.differences:
        yield f"### {_plain(messages['notes.edition_differs'].rstrip('.'))}"
        yield _plain(messages["differs"])
    for index, citation in enumerate(answer.differences):
        yield _source(f"{letter(index)}.", citation, messages, base)


def _source(sign: str, citation: Citation, messages: Mapping[str, str], base: str) -> str:
    path = f"  \n{_plain(path_name(citation.headings))}" if citation.headings else ""
    address = f"  \n<{address_of(citation, base)}>"
    place = _plain(place_of(citation, messages))
    return f"{sign} {place}{path}{address}\n\n{_quote(citation.quote)}"


def _quote(quote: str) -> str:
    """A quote; rows of one width are a table, whose head is empty where its first row is none."""
    parts: list[str] = []
    before = True  # the one before is a line
    for block in blocks_of(quote):
        rows = [[_plain(cell) for cell in row] for row in block]
        line = len(rows) == 1
        if parts and not (line and before):
            parts.append(">")  # a table stands apart
        if line:
            parts.append(f"> {BETWEEN_CELLS.join(rows[0])}")
        else:
            if not are_heads(block[:1]):
                rows.insert(0, [""] * len(rows[0]))  # a table of Markdown has one
            head, *others = (f"> | {' | '.join(row)} |" for row in rows)
            parts += [head, f"> |{' --- |' * len(rows[0])}", *others]
        before = line
    return "\n".join(parts)


def address_of(citation: Citation, base: str) -> str:
    """Where the PDF opens at the page of a citation."""
    return f"{base}{citation.url}"


def lines_of(answer: Answer) -> list[str]:
    """The lines of an answer's text; what `facts` gives as a list is left to it."""
    return [line for line in without_rows(answer).text.splitlines() if line.strip()]


def facts(answer: Answer, messages: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """What an answer holds as data: (name, lines), markers as in its text."""
    if answer.calculation:
        yield messages["calculation.title"], _sum(answer, answer.calculation, messages)
    if answer.conditions:
        yield (
            messages["conditions.title"],
            [_condition(c, messages) for c in in_weight(answer.conditions)],
        )
    if answer.deadlines:
        yield (
            messages["deadlines.titles"],
            [_deadline(d, messages) for d in answer.deadlines],
        )


def _deadline(deadline: Deadline, messages: Mapping[str, str]) -> str:
    """Without how far away it is, which a file would go on saying; that it has passed stays so."""
    moment = deadline.moment
    hour = f", {moment:%H:%M} {zone_name(moment, messages)}" if deadline.timed else ""
    what = f": {calm(deadline.what)}" if deadline.what else ""
    over = f" ({messages['deadlines.passed']})" if deadline.days < 0 else ""
    return f"{date_name(moment, messages)}{hour}{over}{what} [{deadline.citation}]"


def _sum(answer: Answer, calculation: Calculation, messages: Mapping[str, str]) -> list[str]:
    """The working, where the text has not said it, and where each factor comes from."""
    factors = [
        f"{factor.value} {factor.label}".strip()
        + (
            f" ({messages['calculation.yours']})"
            if factor.citation is None
            else f" [{factor.citation}]"
        )
        for factor in calculation.factors
    ]
    return factors if calculation.working in answer.text else [calculation.working, *factors]


def _condition(condition: Condition, messages: Mapping[str, str]) -> str:
    verdict = messages[f"conditions.{condition.met.value}"]
    said = messages["conditions.said"].format(said=condition.said) if condition.said else ""
    return f"{verdict}: {condition.text} [{condition.citation}]" + (f" ({said})" if said else "")


def place_of(citation: Citation, messages: Mapping[str, str]) -> str:
    """Guide and page of a citation, in one line."""
    return f"{citation.title}, {page_name(citation.page, citation.label, messages)}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return _MARKUP.sub(r"\\\1", _line(text))


def _cells(text: str) -> str:
    """The same, of which a part may be the row of a table."""
    return _plain(text.replace(CELL_SEPARATOR, BETWEEN_CELLS))


def _cited(text: str) -> str:
    """The same with its markers readable."""
    return _CITED.sub(r"[\1]", _cells(text))
