"""Answers as HTML for the chat window.

Documents and questions are data: every text that comes from outside goes through `escaped`,
which leaves nothing that a browser or a Markdown reader could take for markup. The window
sanitises the result once more, so only plain elements with `class`, `id`, `href`, `title`,
`lang`, `dir`, `target`, `type` and `value` are used. Each message is one HTML block on one line: a
Markdown reader looks into such a block no further.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from urllib.parse import quote as percent_encoded

from assistant.model import Answer, Citation, Passage, Status, page_url
from corpus.model import CELL_SEPARATOR

_UNSAFE = re.compile(r"[^a-zA-Z0-9 \n.,;()/%?-]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MARKER = re.compile(r"\[(\d{1,3})\]")
_ADDRESS = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")
_BULLET = re.compile(r"\s*[-•*]\s+")

MOST_NEAREST = 3
"""Places shown where the guides do not answer."""


def escaped(text: str) -> str:
    """Text as it must appear, letter by letter, in HTML and in Markdown.

    Signs that neither reads as markup stay; every other one becomes a character reference.
    Control characters and halves of surrogate pairs become U+FFFD.
    """
    clean = _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _UNSAFE.sub(_reference, clean).replace("\n", " ")


def _reference(match: re.Match[str]) -> str:
    character = match[0]
    plain = ord(character) > 127 and character.isprintable()
    return character if plain else f"&#{ord(character)};"


def question_html(question: str) -> str:
    """What the asker wrote, with the line breaks kept."""
    lines = question.strip().splitlines()
    return f'<div class="asked" dir="auto">{"<br>".join(escaped(line) for line in lines)}</div>'


def stage_html(stage: str, messages: Mapping[str, str]) -> str:
    """What is being done while there is no text yet."""
    shown = messages.get(f"stages.{stage}") or messages["stage"]
    return f'<div class="answer unfinished"><p class="stage">{escaped(shown)}</p></div>'


def text_html(text: str) -> str:
    """The text so far; its markers lead nowhere yet."""
    return f'<div class="answer unfinished">{_body(text, {}, "")}</div>'


def stopped_html(text: str, messages: Mapping[str, str]) -> str:
    """What was there when the asker pressed stop."""
    note = f'<p class="note">{escaped(messages["stopped"])}</p>'
    return f'<div class="answer stopped">{_body(text, {}, "")}{note}</div>'


def answer_html(answer: Answer, messages: Mapping[str, str], *, key: str) -> str:
    """A whole answer: status, text with markers, notes, contact, sources, what was searched.

    Args:
        answer: as the assistant gave it.
        messages: the interface's sentences.
        key: tells this answer's anchors from those of other answers on the same page.
    """
    places = {
        c.number: f"{c.title}, {page_name(c.page, c.label, messages)}" for c in answer.citations
    }
    parts = [
        _status(answer.status, messages),
        _body(answer.text, places, key, answer.language),
        *(f'<p class="note" dir="auto">{escaped(note)}</p>' for note in answer.notes),
    ]
    if answer.contact:
        label = escaped(messages["contact"])
        parts.append(
            f'<p class="contact" dir="auto"><strong>{label}</strong> {_linked(answer.contact)}</p>'
        )
    if answer.citations:
        sources = "".join(_source(c, messages, key) for c in answer.citations)
        parts.append(_list("sources", sources, messages))
    elif answer.passages:
        nearest = dict.fromkeys(_nearest(p, messages) for p in answer.passages)
        parts.append(_list("nearest", "".join(list(nearest)[:MOST_NEAREST]), messages))
    if answer.searched:
        parts.append(f'<p class="searched" dir="auto">{escaped(_searched(answer, messages))}</p>')
    copy = escaped(messages["copy"])
    parts.append(f'<p class="tools"><button type="button" class="copy">{copy}</button></p>')
    return f'<div class="answer done">{"".join(parts)}</div>'


def page_name(page: int, label: str, messages: Mapping[str, str]) -> str:
    """The page for people: "p. 242", with the PDF's own count where the print differs."""
    if label and label != str(page):
        return messages["page_labelled"].format(label=label, page=page)
    return messages["page"].format(page=page)


def _status(status: Status, messages: Mapping[str, str]) -> str:
    label = escaped(messages[f"status.{status.value}"])
    kind = "cites" if status is Status.ANSWERED else "partly" if status.cites else "abstains"
    return f'<p class="status {kind}">{label}</p>'


def _body(text: str, places: Mapping[int, str], key: str, language: str = "") -> str:
    lang = f' lang="{escaped(language)}"' if language else ""
    blocks = "".join(
        _block(block.splitlines(), places, key)
        for block in re.split(r"\n\s*\n", text.strip())
        if block.strip()
    )
    return f'<div class="text" dir="auto"{lang}>{blocks}</div>'


def _block(lines: list[str], places: Mapping[int, str], key: str) -> str:
    """One paragraph, with the lists that stand in it."""
    parts = []
    for listed, group in groupby(lines, key=lambda line: bool(_BULLET.match(line))):
        if listed:
            items = (_marked(_BULLET.sub("", line, count=1), places, key) for line in group)
            parts.append(f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>")
        else:
            parts.append(f"<p>{'<br>'.join(_marked(line, places, key) for line in group)}</p>")
    return "".join(parts)


def _marked(text: str, places: Mapping[int, str], key: str) -> str:
    """Escaped text in which `[n]` of a known citation leads to that source."""
    parts = []
    position = 0
    for match in _MARKER.finditer(text):
        number = int(match[1])
        if number not in places:
            continue
        parts.append(escaped(text[position : match.start()]))
        target, where = f"#source-{key}-{number}", escaped(places[number])
        parts.append(f'<a class="mark" href="{target}" title="{where}">&#91;{number}&#93;</a>')
        position = match.end()
    return "".join(parts) + escaped(text[position:])


def _searched(answer: Answer, messages: Mapping[str, str]) -> str:
    """What was searched for, where that differs from the question, and in which edition."""
    if answer.edition is None:
        return messages["searched"].format(search=answer.searched)
    same = answer.searched.casefold() == answer.question.strip().casefold()
    sentence = messages["searched_same" if same else "searched_in"]
    return sentence.format(search=answer.searched, title=answer.edition[1].title)


def _list(name: str, items: str, messages: Mapping[str, str]) -> str:
    return f'<div class="{name}"><h2>{escaped(messages[name])}</h2><ol>{items}</ol></div>'


def _source(citation: Citation, messages: Mapping[str, str], key: str) -> str:
    place = _place(
        citation.title,
        page_name(citation.page, citation.label, messages),
        citation.headings,
        number=citation.number,
    )
    links = _links(citation.document_id, citation.page, messages, citation.quote)
    return (
        f'<li id="source-{key}-{citation.number}" class="source" tabindex="-1">{place}'
        f'<blockquote dir="auto">{_quote(citation.quote)}</blockquote>'
        f"{links}</li>"
    )


def _nearest(passage: Passage, messages: Mapping[str, str]) -> str:
    """A place that may be near to the question, where the guides do not answer it."""
    page = passage.document.page(passage.pages[0])
    name = page_name(page.number, page.label, messages)
    place = _place(passage.document.edition.title, name, passage.chunk.headings)
    links = _links(passage.document.id, page.number, messages)
    return f'<li class="place">{place}{links}</li>'


def _place(title: str, page: str, headings: Sequence[str], *, number: int | None = None) -> str:
    mark = "" if number is None else f'<span class="number">{number}</span> '
    path = f'<p class="path" dir="auto">{escaped(" › ".join(headings))}</p>' if headings else ""
    return (
        f'<p class="title">{mark}<span dir="auto">{escaped(title)}</span>, '
        f"<strong>{escaped(page)}</strong></p>{path}"
    )


def _links(document_id: str, page: int, messages: Mapping[str, str], quote: str = "") -> str:
    """Ways to the page. Relative, to hold behind a path prefix: the window is the page's base."""
    asked = f"?quote={percent_encoded(quote, safe='', errors='replace')}" if quote else ""
    image = escaped(f"documents/{document_id}/pages/{page}.png{asked}")
    pdf = escaped(page_url(document_id, page).removeprefix("/"))
    show, open_pdf = escaped(messages["show_page"]), escaped(messages["open_pdf"])
    return (
        f'<p class="links"><button type="button" class="show" value="{image}">{show}</button>'
        f'<a class="pdf" href="{pdf}" target="_blank">{open_pdf}</a></p>'
    )


def _linked(text: str) -> str:
    """Escaped text in which web addresses can be followed."""
    parts = []
    for index, piece in enumerate(_ADDRESS.split(text)):
        shown = escaped(piece)
        link = f'<a href="{shown}" target="_blank" rel="noopener noreferrer">{shown}</a>'
        parts.append(link if index % 2 else shown)
    return "".join(parts)


def _quote(quote: str) -> str:
    """A quote: rows of a table as a table, other lines as lines."""
    parts = []
    lines = [line for line in quote.split("\n") if line.strip()]
    for width, group in groupby(lines, key=lambda line: line.count(CELL_SEPARATOR)):
        rows = [line.split(CELL_SEPARATOR) for line in group]
        if width and len(rows) > 1:
            parts.append(f"<table><tbody>{''.join(map(_row, rows))}</tbody></table>")
        else:
            gap = f'<span class="gap">{escaped(CELL_SEPARATOR)}</span>'
            parts.append("<br>".join(gap.join(map(escaped, cells)) for cells in rows))
    return "".join(parts)


def _row(cells: Sequence[str]) -> str:
    columns = "".join(f'<td dir="auto">{escaped(cell)}</td>' for cell in cells)
    return f"<tr>{columns}</tr>"
