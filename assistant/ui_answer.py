"""Answers as HTML for the chat window.

Documents and questions are data: every text that comes from outside goes through `escaped`,
which leaves nothing that a browser or a Markdown reader could take for markup. The window
sanitises the result once more, so only plain elements and attributes are used. Each message is
one HTML block on one line: a Markdown reader looks into such a block no further.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from assistant.cues import load_cues
from assistant.model import Answer, NoteKind, Status
from assistant.ui_escape import before_mark, escaped, unbroken
from assistant.ui_facts import (
    calculation_html,
    conditions_html,
    contact_html,
    deadlines_html,
    notes_html,
    questions_html,
    unchosen_html,
)
from assistant.ui_headings import calm
from assistant.ui_record import Record, record_of
from assistant.ui_sources import (
    differences_html,
    nearest_html,
    other_notes,
    page_name,
    path_name,
    searched_html,
    searched_sentence,
    sources_html,
)
from assistant.ui_text import load_every_language

_MARKER = re.compile(r"\[(\d{1,3})\]")
_BULLET = re.compile(r"\s*[-•*]\s+")
_BULLETS_WITHIN = re.compile(r"(?<=\S)\s+(?=•\s)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def question_html(question: str, *, anew: bool = False) -> str:
    """What the asker wrote, with the line breaks kept.

    The window's script is told where it took the place of another question (`anew`).
    """
    lines = unbroken(question.strip()).splitlines()
    kind = "asked anew" if anew else "asked"
    return f'<div class="{kind}" dir="auto">{"<br>".join(escaped(line) for line in lines)}</div>'


def answer_html(
    answer: Answer, messages: Mapping[str, str], *, key: str, record: Record | None = None
) -> str:
    """A whole answer: status, text with markers, what it holds as data, sources, ways on.

    Args:
        answer: as the assistant gave it.
        messages: the interface's sentences, for what is pressed; the answer and all that is said
            with it have one language, its own, where the interface speaks it.
        key: tells this answer's anchors from those of other answers on the same page.
        record: the answer as `assistant.ui_record` keeps it; the window's script copies, keeps
            and judges the answer by it. By default without an id.
    """
    said = load_every_language().get(answer.language, messages)
    mark = _marks(answer, said, key)
    older = [note for note in answer.notes if note.kind is NoteKind.OLDER_EDITION]
    left_out = [note for note in answer.notes if note.kind is NoteKind.LEFT_OUT]
    parts = [
        _status(answer.status, said),
        _said(without_rows(answer), said, mark),
        notes_html(older, said),
        notes_html(left_out, said),
        unchosen_html(answer.question, left_out, said),
        questions_html("choices", answer.choices, said),
        conditions_html(answer.conditions, said, mark),
        deadlines_html(answer.deadlines, said, mark, answer.text),
        notes_html([n for n in other_notes(answer) if n not in (*older, *left_out)], said),
        contact_html(answer.contact, said),
        sources_html(answer, said, key) if answer.citations else nearest_html(answer, said),
        differences_html(answer, said, key),
    ]
    chat = answer.status is Status.OUT_OF_SCOPE and load_cues().is_chat(answer.question)
    if answer.searched and not chat:
        parts.append(searched_html([_searched(answer, said)]))
    parts.append(_tools(messages, record or record_of(answer), unseen=chat))
    parts.append(questions_html("suggestions", answer.suggestions, said))
    return f'<div class="answer done">{"".join(parts)}</div>'


def _tools(messages: Mapping[str, str], record: Record, *, unseen: bool) -> str:
    """What can be done with an answer. Feedback and the link need an answer that was kept.

    With what was said to small talk nothing is done: its record alone is there, for the script.
    """
    value = record_value(_as_shown(record))
    names = ("copy", "link", "up", "down") if record.get("id") and not unseen else ("copy",)
    buttons = "".join(
        f'<button type="button" class="{name}" title="{escaped(messages[f"tools.{name}"])}"'
        f"{f' value={chr(34)}{value}{chr(34)}' if name == 'copy' else ''}>"
        f"{escaped(messages[f'tools.{name}'])}</button>"
        for name in names
    )
    kind = "judged unseen" if unseen else "judged"
    return f'<div class="{kind}"><p class="tools">{buttons}</p></div>'


def _as_shown(record: Record) -> Record:
    """With headings, also those that deadlines are called by, as they are shown, for copies."""
    places = {
        name: [{**place, "path": path_name(place["headings"])} for place in record[name]]
        for name in ("citations", "differences", "sections")
    }
    deadlines = [{**each, "shown": calm(each["what"])} for each in record["deadlines"]]
    return record | places | {"deadlines": deadlines}


def record_value(record: Record) -> str:
    """A record as the value of a button."""
    return escaped(json.dumps(record, ensure_ascii=True, separators=(",", ":")))


def _status(status: Status, messages: Mapping[str, str]) -> str:
    label = escaped(messages[f"status.{status.value}"])
    kind = "cites" if status is Status.ANSWERED else "partly" if status.cites else "abstains"
    return f'<p class="status {kind}">{label}</p>'


def _marks(answer: Answer, messages: Mapping[str, str], key: str) -> Callable[[int], str]:
    """What makes the marker of a citation: a link to its source on this page."""
    places = {
        c.number: f"{c.title}, {page_name(c.page, c.label, messages)}" for c in answer.citations
    }

    def mark(number: int) -> str:
        if number not in places:
            return ""
        target = f"#source-{key}-{number}"
        name = escaped(messages["marker"].format(number=number, place=places[number]))
        return (
            f'<a class="mark" href="{target}" title="{name}" aria-label="{name}">'
            f"&#91;{number}&#93;</a>"
        )

    return mark


def without_rows(answer: Answer) -> Answer:
    """The answer without the lines of its text that are rows of its table of conditions."""
    rows = tuple(f": {condition.text}" for condition in answer.conditions)
    if not rows:
        return answer
    lines = answer.text.splitlines()
    kept = [line for line in lines if not _MARKER.sub("", line).strip().endswith(rows)]
    return replace(answer, text="\n".join(kept))


def _said(answer: Answer, messages: Mapping[str, str], mark: Callable[[int], str]) -> str:
    """The text; a sum that stands in it as a line of its own is shown there with its factors."""
    if answer.calculation is None:
        return _text(answer, mark)
    lines = answer.text.splitlines()
    working = answer.calculation.working
    at = next((i for i, line in enumerate(lines) if _MARKER.sub("", line).strip() == working), None)
    shown = calculation_html(answer.calculation, messages, mark)
    if at is None:
        return _text(answer, mark) + shown
    parts = ("\n".join(lines[:at]), "\n".join(lines[at + 1 :]))
    before, after = (
        body_html(part, mark, _language(answer)) if part.strip() else "" for part in parts
    )
    return before + shown + after


def _text(answer: Answer, mark: Callable[[int], str]) -> str:
    """The text; the editions of a comparison stand side by side."""
    columns = _columns(answer)
    if not columns:
        return body_html(answer.text, mark, _language(answer))
    sides = "".join(
        f'<div class="side"><h3 dir="auto">{escaped(title)}</h3>{_blocks(text, mark)}</div>'
        for title, text in columns
    )
    lang = escaped(_language(answer))
    return f'<div class="text compared" dir="auto" lang="{lang}">{sides}</div>'


def _language(answer: Answer) -> str:
    """The language of the text, for who hears it: an answer speaks in the words of its guide."""
    if answer.status.cites and answer.edition:
        return answer.edition[1].language
    return answer.language


def _columns(answer: Answer) -> list[tuple[str, str]]:
    """(title, lines) of each edition that is compared; none where nothing is.

    A comparison quotes two or three editions, each line quotes one of them, and the asker named
    their years or a note says that they differ.
    """
    titles = {c.number: c.title for c in answer.citations}
    editions = dict.fromkeys(titles.values())
    # The first year of a title is that of its edition; a later one dates its version.
    years = {found[0] for found in map(_YEAR.search, editions) if found}
    asked = set(_YEAR.findall(f"{answer.question} {answer.searched}"))
    differs = any(note.kind is NoteKind.EDITION_DIFFERS for note in answer.notes)
    if not (2 <= len(editions) <= 3 and len(years) == len(editions)) or not (
        differs or years <= asked
    ):
        return []
    sides: dict[str, list[str]] = {title: [] for title in editions}
    for line in filter(str.strip, answer.text.splitlines()):
        cited = {titles[int(n)] for n in _MARKER.findall(line) if int(n) in titles}
        if len(cited) != 1:
            return []
        sides[cited.pop()].append(line)
    return [(title, "\n".join(lines)) for title, lines in sides.items()]


def body_html(text: str, mark: Callable[[int], str] | None = None, language: str = "") -> str:
    """Text as paragraphs and lists; `mark` makes its markers lead to their sources."""
    lang = f' lang="{escaped(language)}"' if language else ""
    return f'<div class="text" dir="auto"{lang}>{_blocks(text, mark)}</div>'


def _blocks(text: str, mark: Callable[[int], str] | None) -> str:
    return "".join(
        _block(block.splitlines(), mark)
        for block in re.split(r"\n\s*\n", text.strip())
        if block.strip()
    )


def _block(lines: list[str], mark: Callable[[int], str] | None) -> str:
    """One paragraph, with the lists that stand in it, also those in the midst of a line."""
    parts = []
    for listed, group in with_lists(lines):
        if listed:
            items = (_marked(line, mark) for line in group)
            parts.append(f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>")
        else:
            # Each line is a statement with its own sources.
            parts += [f"<p>{_marked(line, mark)}</p>" for line in group]
    return "".join(parts)


def with_lists(lines: Iterable[str]) -> Iterator[tuple[bool, list[str]]]:
    """Lines in groups: (whether they are items of a list, each without its bullet)."""
    split = [part for line in lines for part in _BULLETS_WITHIN.split(line)]
    for listed, group in groupby(split, key=lambda line: bool(_BULLET.match(line))):
        yield listed, [_BULLET.sub("", line, count=1) if listed else line for line in group]


def _marked(text: str, mark: Callable[[int], str] | None) -> str:
    """Escaped text in which `[n]` of a known citation leads to that source."""
    parts = []
    position = 0
    shown = unbroken(text)
    for match in _MARKER.finditer(shown):
        link = mark(int(match[1])) if mark else ""
        if link:
            parts += [before_mark(shown[position : match.start()]), link]
            position = match.end()
    return "".join(parts) + escaped(shown[position:])


def _searched(answer: Answer, messages: Mapping[str, str]) -> str:
    titles = dict.fromkeys(c.title for c in answer.citations)
    if answer.edition is not None:
        titles = {answer.edition[1].title: None, **titles}
    return searched_sentence(answer.question, answer.searched, tuple(titles), messages)
