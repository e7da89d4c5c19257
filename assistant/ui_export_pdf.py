"""A conversation as PDF: the only file of the read side that knows reportlab."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from assistant.model import Answer, Citation
from assistant.ui_answer import with_lists
from assistant.ui_export import (
    BETWEEN_CELLS,
    address_of,
    asked_on,
    facts,
    lines_of,
    markdown,
    place_of,
    spoken,
)
from assistant.ui_printable import LEFT_OUT, all_printable, printable
from assistant.ui_record import answers_of
from assistant.ui_sources import are_heads, blocks_of, letter, other_notes, path_name
from assistant.ui_theme import LIGHT
from corpus.model import CELL_SEPARATOR

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

_FACES = {"Guide": "DejaVuSansCondensed", "Guide-Bold": "DejaVuSansCondensed-Bold"}
_MARGIN_PT = 56
_QUOTE_PT = 14
"""How far a quote stands in."""
_MOST_COLUMNS, _MOST_OF_CELL = 6, 300
"""Rows with more cells, or letters in one, are lines: no row is higher than a page."""


def pdf(json_text: str | bytes, messages: Mapping[str, str], *, base: str) -> bytes:
    """A conversation as a PDF file on A4, every citation with its quote; arguments as `markdown`.

    Letters that it cannot show are left out, which it says: Markdown has them.

    Raises:
        QuestionError: if it is not a conversation as the window keeps it.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    conversation = answers_of(json_text)
    styles = _styles()
    # Where a line may break says nothing on paper, nor to who searches for the author.
    product = messages["title"].replace("\u00ad", "")
    parts: list[Flowable] = [_paragraph(product, styles["small"])]
    if not all_printable(markdown(json_text, messages, base=base), _letters()):
        said = messages["export.left_out"].format(sign=LEFT_OUT)
        parts.append(_paragraph(said, styles["small"]))
    for answer, record in conversation:
        parts.append(_paragraph(answer.question, styles["question"]))
        language = spoken(answer, messages)
        if said := asked_on(record, language):
            parts.append(_paragraph(said, styles["asked"]))
        parts += _answer(answer, language, styles, base)
    parts.append(_paragraph(messages["export.made"], styles["small"]))
    file = io.BytesIO()
    SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=_MARGIN_PT,
        rightMargin=_MARGIN_PT,
        topMargin=_MARGIN_PT,
        bottomMargin=_MARGIN_PT,
        title=conversation[0][0].question,
        author=product,
        lang=messages["language"],
    ).build(parts, onFirstPage=_numbered, onLaterPages=_numbered)
    return file.getvalue()


def _answer(
    answer: Answer, messages: Mapping[str, str], styles: Mapping[str, Any], base: str
) -> Iterator[Flowable]:
    yield _paragraph(messages[f"status.{answer.status.value}"], styles["status"])
    for listed, lines in with_lists(lines_of(answer)):
        yield from (_paragraph(f"• {x}" if listed else x, styles["text"]) for x in lines)
    yield from (_paragraph(f"• {choice}", styles["text"]) for choice in answer.choices)
    for name, lines in facts(answer, messages):
        yield _paragraph(name, styles["name"])
        yield from (_paragraph(line, styles["text"]) for line in lines)
    yield from (_paragraph(note, styles["small"]) for note in other_notes(answer))
    if answer.contact:
        yield _paragraph(messages["contact"], styles["name"])
        yield _paragraph(answer.contact, styles["text"])
    if answer.citations:
        yield _paragraph(messages["sources"], styles["name"])
    for citation in answer.citations:
        yield from _source(f"[{citation.number}]", citation, messages, styles, base)
    if answer.differences:
        yield _paragraph(messages["notes.edition_differs"], styles["name"])
        yield _paragraph(messages["differs"], styles["asked"])
    for index, citation in enumerate(answer.differences):
        yield from _source(f"[{letter(index)}]", citation, messages, styles, base)


def _source(
    sign: str,
    citation: Citation,
    messages: Mapping[str, str],
    styles: Mapping[str, Any],
    base: str,
) -> Iterator[Flowable]:
    place = f"{sign} {place_of(citation, messages)}"
    yield _paragraph(place, styles["source"], to=address_of(citation, base))
    if citation.headings:
        yield _paragraph(path_name(citation.headings), styles["asked"])
    for rows in blocks_of(citation.quote):
        longest = max(len(cell) for row in rows for cell in row)
        if len(rows) > 1 and len(rows[0]) <= _MOST_COLUMNS and longest <= _MOST_OF_CELL:
            yield _table(rows, styles)
        else:
            yield from (_paragraph(BETWEEN_CELLS.join(row), styles["quote"]) for row in rows)


def _table(rows: list[list[str]], styles: Mapping[str, Any]) -> Flowable:
    """Rows of a quote; the wider a column, the longer what stands in it."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import Table

    lengths = [min(60, max(12, *map(len, column))) for column in zip(*rows, strict=True)]
    room = (A4[0] - 2 * _MARGIN_PT - 2 * _QUOTE_PT) / sum(lengths)
    headed = are_heads(rows[:1])
    shown = [
        [_paragraph(cell, styles["head" if headed and not at else "cell"]) for cell in row]
        for at, row in enumerate(rows)
    ]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, HexColor(LIGHT["line"])),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    widths = [length * room for length in lengths]
    return Table(shown, widths, style=style, repeatRows=int(headed), spaceBefore=4, spaceAfter=6)


def _paragraph(text: str, style: Any, *, to: str = "") -> Flowable:
    """A paragraph; `to` is the address that it leads to."""
    from reportlab.platypus import Paragraph

    shown = escape(printable(text.replace(CELL_SEPARATOR, BETWEEN_CELLS), _letters()))
    return Paragraph(f"<a href={quoteattr(to)}>{shown}</a>" if to else shown, style)


def _numbered(canvas: Any, document: Any) -> None:
    canvas.setFont("Guide", 8)
    canvas.drawRightString(document.pagesize[0] - _MARGIN_PT, _MARGIN_PT / 2, str(document.page))


@cache
def _register_faces() -> None:
    """Letters of all languages that the window speaks; PDF's own fonts have no Greek."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = files("corpus") / "starter" / "fonts"
    for name, face in _FACES.items():
        registerFont(TTFont(name, io.BytesIO((folder / f"{face}.ttf").read_bytes())))


@cache
def _letters() -> frozenset[int]:
    """What all faces have."""
    from reportlab.pdfbase.pdfmetrics import getFont

    _register_faces()
    held: list[frozenset[int]] = [frozenset(getFont(name).face.charToGlyph) for name in _FACES]
    return frozenset.intersection(*held)


def _styles() -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    _register_faces()
    text = ParagraphStyle(
        "text", fontName="Guide", fontSize=10, leading=14.5, textColor=HexColor(LIGHT["text"])
    )
    quiet = HexColor(LIGHT["quiet"])
    made = {
        "text": text,
        "small": ParagraphStyle("small", text, fontSize=8.5, leading=12, textColor=quiet),
        "question": ParagraphStyle(
            "question", text, fontName="Guide-Bold", fontSize=14, leading=18, spaceBefore=18
        ),
        "status": ParagraphStyle(
            "status", text, fontSize=9, textColor=HexColor(LIGHT["accent"]), spaceBefore=6
        ),
        "name": ParagraphStyle("name", text, fontName="Guide-Bold", spaceBefore=9, spaceAfter=2),
        "cell": ParagraphStyle("cell", text, fontSize=9, leading=12, textColor=quiet),
        "quote": ParagraphStyle("quote", text, leftIndent=_QUOTE_PT, textColor=quiet),
        "source": ParagraphStyle("source", text, textColor=HexColor(LIGHT["accent"])),
    }
    made["head"] = ParagraphStyle("head", made["cell"], fontName="Guide-Bold")
    made["asked"] = ParagraphStyle("asked", made["small"])
    for name in ("question", "asked", "status", "name", "source"):
        made[name].keepWithNext = 1  # none of them says anything at the end of a page
    for style in made.values():
        style.spaceAfter = style.spaceAfter or 3
        style.splitLongWords = 1
    return made
