"""What an answer holds as data, as HTML: notes, conditions, sums, deadlines, contact, ways on.

As in `assistant.ui_answer`, every text goes through `escaped`; the window's script adds the hour
at the asker's place to the deadlines and sends the question of a pressed button.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.model import Calculation, Condition, Deadline, Met, Note, NoteKind
from assistant.ui_escape import before_mark, escaped, heading, unbroken, with_signs
from assistant.ui_headings import calm, in_capitals
from assistant.ui_text import form_for, number_name

Mark = Callable[[int], str]
"""Gives the marker of a citation's number as HTML; nothing for an unknown one."""

_ADDRESS = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")
_BETWEEN = re.compile(r"^[\s.;,]+")
_BRUSSELS = "Europe/Brussels"
_MANY_DAYS, _MONTH_DAYS, _YEAR_DAYS = 60, 30.44, 365.25
_WEIGHT = (Met.NOT_MET, Met.UNKNOWN, Met.MET)
_WARNINGS = {
    NoteKind.LEFT_OUT,
    NoteKind.OLDER_EDITION,
    NoteKind.EDITION_DIFFERS,
    NoteKind.DEADLINE_MAY_MOVE,
    NoteKind.DEADLINE_PASSED,
    NoteKind.UNOFFICIAL,
    NoteKind.INCOMPLETE,
}


def notes_html(notes: Sequence[Note], messages: Mapping[str, str]) -> str:
    """Notes, each in the way of its kind: what changes a decision first, what was assumed last."""
    ordered = sorted(notes, key=lambda note: note.kind not in _WARNINGS)
    return "".join(_note(note, messages) for note in ordered)


def _note(note: Note, messages: Mapping[str, str]) -> str:
    tone = "warning" if note.kind in _WARNINGS else "aside"
    name = messages.get(f"notes.{note.kind.value}")
    title = f"<strong>{escaped(name)}</strong> " if name else ""
    said = f"{title}{escaped(with_signs(note))}"
    return f'<p class="note {tone} {note.kind.value}" dir="auto">{said}</p>'


def in_weight(conditions: Sequence[Condition]) -> list[Condition]:
    """Conditions as they decide: first what is not met, then what is not known, then what is met.

    Each kind keeps the order of the guide.
    """
    return sorted(conditions, key=lambda condition: _WEIGHT.index(condition.met))


def conditions_html(
    conditions: Sequence[Condition], messages: Mapping[str, str], mark: Mark
) -> str:
    """Conditions as a small table: what the guide says, and whether the asker meets it."""
    if not conditions:
        return ""
    rows = "".join(
        f'<tr class="{c.met.value}"><td dir="auto">{before_mark(c.text)}{mark(c.citation)}</td>'
        f'<td><span class="verdict">{escaped(messages[f"conditions.{c.met.value}"])}</span>'
        f"{_said(c, messages)}</td></tr>"
        for c in in_weight(conditions)
    )
    columns = "".join(
        f'<th scope="col">{escaped(messages[f"conditions.{name}"])}</th>'
        for name in ("condition", "state")
    )
    return (
        f'<div class="conditions facts">{heading(messages["conditions.title"])}'
        f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _said(condition: Condition, messages: Mapping[str, str]) -> str:
    if not condition.said:
        return ""
    said = messages["conditions.said"].format(said=condition.said)
    return f'<span class="said" dir="auto">{escaped(said)}</span>'


def calculation_html(
    calculation: Calculation | None, messages: Mapping[str, str], mark: Mark
) -> str:
    """A sum: the working in one line, then where each factor comes from."""
    if calculation is None:
        return ""
    factors = "".join(
        f'<li><strong dir="auto">{escaped(f.value)}</strong> <span dir="auto">'
        f"{escaped(f.label)}</span> "
        + (
            f'<span class="yours">{escaped(messages["calculation.yours"])}</span>'
            if f.citation is None
            else mark(f.citation)
        )
        + "</li>"
        for f in calculation.factors
    )
    return (
        f'<div class="calculation facts">{heading(messages["calculation.title"])}'
        f'<p class="working" dir="auto">{escaped(_working(calculation))}</p>'
        f'<ul class="factors">{factors}</ul></div>'
    )


def _working(calculation: Calculation) -> str:
    """The sum in one line, with the sign that people write."""
    return unbroken(calculation.working.replace(" x ", " × "))


def deadlines_html(
    deadlines: Sequence[Deadline], messages: Mapping[str, str], mark: Mark, said: str = ""
) -> str:
    """Dates with the hour and its zone, how far away they are, and what is due.

    A single one does not say again what is `said` above it.
    """
    if not deadlines:
        return ""
    name = "deadlines.title" if len(deadlines) == 1 else "deadlines.titles"
    if len(deadlines) == 1 and deadlines[0].what in said:
        deadlines = [replace(deadlines[0], what="")]
    items = "".join(_deadline(deadline, messages, mark) for deadline in deadlines)
    return f'<div class="deadlines facts">{heading(messages[name])}<ul>{items}</ul></div>'


def _deadline(deadline: Deadline, messages: Mapping[str, str], mark: Mark) -> str:
    moment = deadline.moment
    machine = moment.isoformat() if deadline.timed else moment.date().isoformat()
    hour = f", {moment:%H:%M} {zone_name(moment, messages)}" if deadline.timed else ""
    local = ""
    if (
        deadline.days >= 0
        and deadline.local
        and deadline.timed
        and deadline.local.utcoffset() != moment.utcoffset()
    ):
        there = f"{date_name(deadline.local, messages)}, {deadline.local:%H:%M}"
        local = messages["deadlines.local"].format(time=there)
    passed = "passed" if deadline.days < 0 else "ahead"
    return (
        f'<li class="{passed}"><p class="when"><time datetime="{escaped(machine)}">'
        f"{escaped(date_name(moment, messages) + hour)}</time> "
        f'<span class="days">{escaped(days_name(deadline.days, messages))}</span></p>'
        f'<p class="local">{escaped(local)}</p>'
        f'<p class="what" dir="auto">{_what(deadline)}{mark(deadline.citation)}</p></li>'
    )


def _what(deadline: Deadline) -> str:
    """What is due; the title of a chapter in capitals as `calm` has it."""
    shown = calm(deadline.what)
    text = before_mark(shown)
    return f'<span class="capitals">{text}</span>' if in_capitals(shown) else text


def date_name(moment: datetime, messages: Mapping[str, str]) -> str:
    """A date in words, as in: 5 March 2026."""
    month = messages["deadlines.months"].split()[moment.month - 1]
    return messages["deadlines.date"].format(day=moment.day, month=month, year=moment.year)


def moment_name(stamp: str, messages: Mapping[str, str]) -> str:
    """A moment in ISO 8601 as date and hour in UTC; "" for what is none."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return ""
    return f"{date_name(moment, messages)}, {moment:%H:%M} UTC"


def zone_name(moment: datetime, messages: Mapping[str, str]) -> str:
    """The zone of a moment for people: Brussels time, or the distance from UTC."""
    there = moment.astimezone(ZoneInfo(_BRUSSELS))
    if moment.utcoffset() == there.utcoffset():
        return messages["deadlines.brussels"]
    return f"UTC{moment:%z}"


def days_name(days: int, messages: Mapping[str, str]) -> str:
    """How far away: "in 12 days", "today", "passed 3 days ago"; long past in months, years."""
    if days == 0:
        return messages["deadlines.today"]
    count, unit = abs(days), "day" if abs(days) == 1 else "days"
    if days <= -2 * _YEAR_DAYS:
        count, unit = int(count / _YEAR_DAYS), "years"
    elif days <= -_MANY_DAYS:
        count, unit = round(count / _MONTH_DAYS), "months"
    sentence = form_for(count, messages[f"deadlines.{'in' if days > 0 else 'passed'}_{unit}"])
    return sentence.format(count=number_name(count, messages))


def contact_html(contact: str | None, messages: Mapping[str, str]) -> str:
    """Who can say instead, with addresses that can be followed."""
    if not contact:
        return ""
    lines = "".join(f'<p dir="auto">{_linked(line)}</p>' for line in _one_each(contact))
    return f'<div class="contact">{heading(messages["contact"])}{lines}</div>'


def _one_each(contact: str) -> Iterator[str]:
    """Lines with one address each, where a line names several."""
    for line in filter(str.strip, contact.splitlines()):
        *named, rest = _ADDRESS.split(line)
        words, *addresses = (named[0::2], *named[1::2])
        for before, address in zip(words, addresses, strict=True):
            yield f"{_BETWEEN.sub('', before)}{address}"
        if _BETWEEN.sub("", rest):
            yield _BETWEEN.sub("", rest)


def _linked(text: str) -> str:
    """Escaped text in which web addresses can be followed."""
    parts = []
    for index, piece in enumerate(_ADDRESS.split(text)):
        shown = escaped(piece)
        link = f'<a href="{shown}" target="_blank" rel="noopener noreferrer">{shown}</a>'
        parts.append(link if index % 2 else shown)
    return "".join(parts)


def unchosen_html(question: str, notes: Sequence[Note], messages: Mapping[str, str]) -> str:
    """Asks once more without the choices, but for the year, where they leave out what is held."""
    if not any(note.kind is NoteKind.LEFT_OUT for note in notes):
        return ""
    label = escaped(messages["unchosen"])
    button = f'<button type="button" class="ask unchosen" value="{escaped(question)}">{label}'
    return f'<div class="choices"><ul><li>{button}</button></li></ul></div>'


def questions_html(name: str, questions: Sequence[str], messages: Mapping[str, str]) -> str:
    """Questions to ask by a press: the choices of a clarification, or what can be asked next."""
    if not questions:
        return ""
    buttons = "".join(
        f'<li><button type="button" class="ask" value="{escaped(q)}" dir="auto">'
        f"{escaped(with_signs(q))}</button></li>"
        for q in questions
    )
    if name == "choices":  # the answer's own words ask which is meant
        label = escaped(messages[name])
        return f'<div class="{name}" role="group" aria-label="{label}"><ul>{buttons}</ul></div>'
    return f'<div class="{name}">{heading(messages[name])}<ul>{buttons}</ul></div>'
