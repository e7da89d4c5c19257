"""Where an answer comes from, as HTML: sources, other editions, places nearby, the search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from urllib.parse import quote as percent_encoded

from assistant.model import Answer, Citation, Note, NoteKind, Section, page_url
from assistant.ui_escape import escaped, heading
from assistant.ui_headings import calm, in_capitals
from assistant.ui_names import notes_with_names, proper
from assistant.wordings import squeezed
from corpus.model import CELL_SEPARATOR, ELLIPSIS

_CUT = re.compile(rf"(?<=[.:;!?⁰¹²³⁴⁵⁶⁷⁸⁹]){re.escape(ELLIPSIS)}")

_NO_WORDS = re.compile(r"\[\d{1,3}\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]")

_NO_HEAD = re.compile(r"(?<!\S)\W?\d|[.;!](?:\s|$)")
"""In a cell: a figure (but not as in "A1.2"), or the end of a sentence."""

SHORT_CHARS = 75
"""A quote of so many characters takes one line, and is never folded."""
MOST_HEADINGS = 3
"""Headings shown of a path, the innermost ones; the rest is in the path's title."""
MOST_NEAREST = 3
"""Places shown where the guides do not answer."""


def sources_html(answer: Answer, messages: Mapping[str, str], key: str) -> str:
    """The numbered sources; `key` tells their anchors from those of other answers."""
    said = bare(" ".join((answer.text, *(condition.text for condition in answer.conditions))))
    sources = "".join(
        _source(c, messages, key, folded=_repeats(c.quote, said)) for c in answer.citations
    )
    return f'<div class="sources">{heading(messages["sources"])}<ol>{sources}</ol></div>'


def bare(text: str) -> str:
    """The letters and figures of a text alone, without markers and the numbers of footnotes."""
    return squeezed(_NO_WORDS.sub("", text))


def _repeats(quote: str, said: str) -> bool:
    """Whether a long quote has only what the answer says already."""
    lines = [part for line in quote.split("\n") for part in line.split(ELLIPSIS.strip())]
    long = len(quote) > SHORT_CHARS or "\n" in quote
    return long and all(bare(line) in said for line in lines)


def differences_html(answer: Answer, messages: Mapping[str, str], key: str) -> str:
    """What other editions say in the same place. Not sources of the answer: letters, no numbers."""
    if not answer.differences:
        return ""
    sources = "".join(
        _source(c, messages, key, letter(index)) for index, c in enumerate(answer.differences)
    )
    return (
        f'<div class="differs">{heading(messages["notes.edition_differs"])}'
        f"<p>{escaped(messages['differs'])}</p><ol>{sources}</ol></div>"
    )


def other_notes(answer: Answer) -> tuple[Note, ...]:
    """The notes without those that say in one sentence what `differences_html` shows.

    In an answer that was kept until all its deadlines had passed, without that they may move.
    """
    shown = [c.quote for c in answer.differences]
    over = bool(answer.deadlines) and all(d.days < 0 for d in answer.deadlines)
    notes = (
        note
        for note in answer.notes
        if (note.kind is not NoteKind.EDITION_DIFFERS or not any(quote in note for quote in shown))
        and not (over and note.kind is NoteKind.DEADLINE_MAY_MOVE)
    )
    return notes_with_names(notes, answer.searched)


def letter(index: int) -> str:
    """How the words of other editions are told from the sources of the answer: A, B, ..."""
    return chr(ord("A") + index % 26)


def nearest_html(answer: Answer, messages: Mapping[str, str]) -> str:
    """Places that may be near to the question, where the guides do not answer it."""
    places = dict.fromkeys(_section(section, messages) for section in answer.sections)
    if not places:
        return ""
    shown = "".join(list(places)[:MOST_NEAREST])
    return f'<div class="nearest">{heading(messages["nearest"])}<ol>{shown}</ol></div>'


def searched_sentence(
    question: str, searched: str, titles: Sequence[str], messages: Mapping[str, str]
) -> str:
    """What was searched for, where that differs from the question, and in which editions."""
    search = proper(searched)
    if not titles:
        return messages["searched"].format(search=search)
    same = searched.casefold() == question.strip().casefold()
    sentence = messages["searched_same" if same else "searched_in"]
    return sentence.format(search=search, title=" · ".join(titles))


def searched_html(sentences: Sequence[str]) -> str:
    """Sentences on what was searched and found, below the answer."""
    lines = "<br>".join(map(escaped, sentences))
    return f'<p class="searched" dir="auto">{lines}</p>' if lines else ""


def page_name(page: int, label: str, messages: Mapping[str, str]) -> str:
    """The page for people: "p. 242", with the PDF's own count where the print differs."""
    if label and label != str(page):
        return messages["page_labelled"].format(label=label, page=page)
    return messages["page"].format(page=page)


def _source(
    citation: Citation,
    messages: Mapping[str, str],
    key: str,
    sign: str | None = None,
    *,
    folded: bool = False,
) -> str:
    sign = sign or str(citation.number)
    place = _place(
        citation.title,
        page_name(citation.page, citation.label, messages),
        citation.headings,
        sign=sign,
    )
    links = _links(citation.document_id, citation.page, messages, citation.quote)
    quote = f'<blockquote dir="auto">{_quote(citation.quote)}</blockquote>'
    if folded:
        quote = _folded(quote, citation.quote, messages)
    return f'<li id="source-{key}-{sign}" class="source" tabindex="-1">{place}{quote}{links}</li>'


def _folded(shown: str, quote: str, messages: Mapping[str, str]) -> str:
    """A quote of what the answer says: its beginning in one line, the whole by a press."""
    first = " ".join(quote.split())
    return (
        f'<details class="quoted"><summary>{escaped(messages["quote"])} '
        f'<span class="first" dir="auto">{escaped(first)}</span></summary>{shown}</details>'
    )


def _section(section: Section, messages: Mapping[str, str]) -> str:
    page = messages["page"].format(page=section.page)
    place = _place(section.title, page, section.headings)
    links = _links(section.document_id, section.page, messages)
    return f'<li class="place">{place}{links}</li>'


def _place(title: str, page: str, headings: Sequence[str], *, sign: str = "") -> str:
    mark = f'<span class="number">{sign}</span> ' if sign else ""
    whole = " › ".join(headings)
    shown = escaped(" › ").join(map(_calm, _innermost(headings)))
    path = f'<p class="path" dir="auto" title="{escaped(whole)}">{shown}</p>' if whole else ""
    return (
        f'<p class="title">{mark}<span dir="auto">{escaped(title)}</span>, '
        f"<strong>{escaped(page)}</strong></p>{path}"
    )


def path_name(headings: Sequence[str]) -> str:
    """The innermost headings in one line, calmed, as in the window; "" for none."""
    return " › ".join(map(calm, _innermost(headings)))


def _innermost(headings: Sequence[str]) -> tuple[str, ...]:
    cut = ("…",) if len(headings) > MOST_HEADINGS else ()
    return (*cut, *headings[-MOST_HEADINGS:])


def _calm(heading: str) -> str:
    shown = calm(heading)
    text = escaped(shown)
    return f'<span class="capitals">{text}</span>' if in_capitals(shown) else text


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


def blocks_of(quote: str) -> list[list[list[str]]]:
    """A quote as blocks of rows of cells: a table, also where rows are cut, or one line alone.

    Heads that lack only the one of the labels stand above the other columns. Those that lack more,
    or have rows of several widths or other heads below, may belong to any: each row is a line.
    """
    blocks: list[list[list[str]]] = []
    for cells in _lines(quote):
        if blocks and _goes_on(blocks[-1], cells):
            blocks[-1].append(cells)
        else:
            blocks.append([cells])
    shown: list[list[list[str]]] = []
    for block in blocks:
        above = shown[-1] if shown else []
        lacking = len(block[0]) - len(above[0]) if above else 0
        if lacking > 0 and are_heads(above[:1]):
            shown.pop()
            if lacking == 1 and are_heads(above) and not any(are_heads([row]) for row in block):
                block = [*(["", *row] for row in above), *block]
            else:
                shown += [[row] for row in above]
        shown.append(block)
    return shown


def are_heads(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are read as heads of columns: several to a row, no figures, no sentences."""
    return len(rows[0]) > 1 and not any(_NO_HEAD.search(cell) for row in rows for cell in row)


def _quote(quote: str) -> str:
    """A quote: rows of a table as a table; lines as lines."""
    shown = []
    for plain, group in groupby(blocks_of(quote), key=lambda block: len(block) == 1):
        if plain:
            shown.append("<br>".join(_line(cells) for (cells,) in group))
        else:
            shown += map(_table, group)
    return "".join(shown)


def _lines(quote: str) -> Iterator[list[str]]:
    """The cells of each line; what stands in cells begins a new line after a cut."""
    for line in filter(str.strip, quote.split("\n")):
        *before, last = line.split(ELLIPSIS) if CELL_SEPARATOR in line else [line]
        yield from (f"{part}{ELLIPSIS.rstrip()}".split(CELL_SEPARATOR) for part in before)
        yield last.split(CELL_SEPARATOR)


def _goes_on(rows: Sequence[Sequence[str]], cells: Sequence[str]) -> bool:
    """Whether cells are the next row of a table; of another width they may not stand below."""
    return len(cells) == len(rows[0]) > 1


def _table(rows: Sequence[Sequence[str]]) -> str:
    body = "".join(map(_row, rows))
    return f'<div class="rows"><table><tbody>{body}</tbody></table></div>'


def _line(cells: Sequence[str]) -> str:
    """A line of a quote; after a cut between sentences the next one begins a line of its own."""
    gap = f'<span class="gap">{escaped(CELL_SEPARATOR)}</span>'
    cut = f"{escaped(ELLIPSIS)}<br>"
    return gap.join(cut.join(map(escaped, _CUT.split(cell))) for cell in cells)


def _row(cells: Sequence[str]) -> str:
    columns = "".join(f'<td dir="auto">{_cell(cell)}</td>' for cell in cells)
    return f"<tr>{columns}</tr>"


def _cell(text: str) -> str:
    """The text of a cell; what is cut after its row is no part of it."""
    cut = ELLIPSIS.rstrip()
    words = text.removesuffix(cut)
    return escaped(words) + (f'<span class="gap">{cut}</span>' if words != text else "")
