"""Prints the starter guides: `python -m corpus.starter.build [NAME...]`.

Every `*.md` of this folder (or those named) becomes the PDF of the same name: cover, contents with
page numbers, bookmarks, page labels (roman before the first part, arabic from it), headings told
apart by size and weight, ruled tables that repeat their header row, embedded fonts, and on every
page the line that says where the official text is. The same text gives the same bytes.

Its metadata say what it is, for whoever holds only the file: the subject begins with "Unofficial
digest", and the keywords are "unofficial digest", the language, and `source_digest` of its text.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    PageBreak,
    PageTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Paragraph as Text
from reportlab.platypus.tableofcontents import TableOfContents

from corpus.starter.source import Block, Grid, Guide, Head, Heading, Items, Paragraph, read_guide

FOLDER = Path(__file__).resolve().parent
_FONTS = {
    "Digest": "DejaVuSansCondensed.ttf",
    "Digest-Bold": "DejaVuSansCondensed-Bold.ttf",
    "Digest-Italic": "DejaVuSansCondensed-Oblique.ttf",
}
_INK = HexColor("#1b2a49")
_RULE = HexColor("#8a94a6")
_SHADE = HexColor("#e3e8f1")
_MARGIN = 22 * mm
_WIDTH = A4[0] - 2 * _MARGIN
# Room a heading needs below itself, so that it never stands alone at the foot of a page.
_ROOM = {2: 50 * mm, 3: 38 * mm, 4: 30 * mm}
_SMALL_TABLE_ROWS = 14
# Every cell draws its own text, yet a table names a font for it: keep Helvetica out of the file.
_CELL_FONT = ("FONTNAME", (0, 0), (-1, -1), "Digest")


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    more = {
        "fontName": "Digest",
        "bulletFontName": "Digest",
        "leading": size * 1.38,
        "alignment": TA_LEFT,
        **more,
    }
    return ParagraphStyle(name, fontSize=size, **more)


_BODY = _style("body", 10, spaceAfter=5)
_NOTE = _style("note", 7.8, spaceBefore=1, spaceAfter=3)
_CELL = _style("cell", 8.8, leading=11.6)
_HEADER_CELL = _style("header cell", 8.8, leading=11.6, fontName="Digest-Bold")
_HEADINGS = {
    1: _style("part", 19, fontName="Digest-Bold", textColor=_INK, spaceAfter=12),
    2: _style("chapter", 13, fontName="Digest-Bold", textColor=_INK, spaceBefore=12, spaceAfter=6),
    3: _style("section", 11, fontName="Digest-Bold", spaceBefore=9, spaceAfter=4),
    4: _style("point", 10, fontName="Digest-Bold", spaceBefore=6, spaceAfter=3),
}
_CONTENTS = [
    _style("contents 1", 9.6, fontName="Digest-Bold", spaceBefore=5),
    _style("contents 2", 8.8, leading=11.6, leftIndent=10, firstLineIndent=0),
]
_COVER = {
    "subject": _style("cover subject", 12, textColor=_INK, spaceAfter=10),
    "title": _style("cover title", 27, fontName="Digest-Bold", textColor=_INK, spaceAfter=16),
    "line": _style("cover line", 11, spaceAfter=5),
    "notice": _style("cover notice", 9.4, spaceBefore=40, borderPadding=8, borderWidth=0.7),
}


class _Printer(BaseDocTemplate):  # type: ignore[misc]
    """Lays a guide out; knows where the numbered pages begin."""

    def __init__(self, path: Path, head: Head, digest: str) -> None:
        super().__init__(
            str(path),
            pagesize=A4,
            title=head.title,
            author="Programme Guide Assistant",
            subject=f"Unofficial digest. {head.covers}",
            keywords=["unofficial digest", head.language, digest],
            lang=head.language,
            invariant=1,
            initialFontName="Digest",
            displayDocTitle=True,
        )
        frame = Frame(_MARGIN, 18 * mm, _WIDTH, A4[1] - 37 * mm, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate(frames=[frame], onPage=self._margins))
        self._head = head
        self._footer = head.footer.format(official=head.official)
        self._before = 0
        self._entries = 0

    def beforeDocument(self) -> None:  # noqa: N802 - reportlab's name
        """Start a pass: reportlab lays the document out until the contents no longer move."""
        self._before = 0
        self._entries = 0

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Note a heading in the bookmarks and in the printed contents."""
        level = getattr(flowable, "heading_level", None)
        if level is None:
            return
        if not self._before:
            self._before = self.page - 1
            self.canv.addPageLabel(0, style="ROMAN_LOWER", start=1)
            self.canv.addPageLabel(self._before, style="ARABIC", start=1)
            self._number()
        self._entries += 1
        key = f"h{self._entries}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.heading_text, key, level - 1, closed=level > 1)
        if level <= len(_CONTENTS):
            text = flowable.getPlainText()
            self.notify("TOCEntry", (level - 1, text, self.page - self._before, key))

    def _margins(self, canvas: Any, _document: Any) -> None:
        canvas.saveState()
        canvas.setFillColor(_INK)
        canvas.setStrokeColor(_RULE)
        canvas.setLineWidth(0.4)
        canvas.line(_MARGIN, 16 * mm, A4[0] - _MARGIN, 16 * mm)
        canvas.setFont("Digest", 7.2)
        canvas.drawString(_MARGIN, 12 * mm, self._footer)
        if self.page > 1:
            canvas.drawRightString(A4[0] - _MARGIN, A4[1] - 14 * mm, self._head.title)
        canvas.restoreState()
        self._number()

    def _number(self) -> None:
        """Print the page's label; on the first part's page it is known only at the heading."""
        if not self._before:
            return
        self.canv.saveState()
        self.canv.setFont("Digest", 8.2)
        self.canv.drawRightString(A4[0] - _MARGIN, 12 * mm, str(self.page - self._before))
        self.canv.restoreState()


def build(source: Path, target: Path) -> None:
    """Print the guide `source` to `target`.

    Raises:
        GuideError: the source cannot be read as a guide.
    """
    for name, file in _FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(FOLDER / "fonts" / file)))
    pdfmetrics.registerFontFamily(
        "Digest", normal="Digest", bold="Digest-Bold", italic="Digest-Italic"
    )
    guide = read_guide(source)
    _Printer(target, guide.head, source_digest(source)).multiBuild(_story(guide))


def source_digest(source: Path) -> str:
    """What a printed guide was made from: its text and these scripts, as "source " and 16 digits.

    A printed guide that names another digest is out of date.
    """
    parts = (source, FOLDER / "build.py", FOLDER / "source.py")
    joined = hashlib.sha256(b"".join(hashlib.sha256(p.read_bytes()).digest() for p in parts))
    return f"source {joined.hexdigest()[:16]}"


def _story(guide: Guide) -> list[Flowable]:
    head = guide.head
    contents = TableOfContents(
        levelStyles=_CONTENTS,
        dotsMinLevel=0,
        tableStyle=TableStyle([_CELL_FONT, ("LEFTPADDING", (0, 0), (-1, -1), 0)]),
    )
    story: list[Flowable] = [
        Spacer(1, 45 * mm),
        Text(head.subject, _COVER["subject"]),
        Text(head.title, _COVER["title"]),
        Text(head.covers, _COVER["line"]),
        Text(head.edition, _COVER["line"]),
        Text(head.notice, _COVER["notice"]),
        PageBreak(),
        Text(head.contents, _HEADINGS[1]),
        contents,
    ]
    for block in guide.blocks:
        flowables = list(_flowables(block))
        if isinstance(block, Grid) and len(block.rows) <= _SMALL_TABLE_ROWS:
            flowables = [KeepTogether([*_announcement(story), *flowables])]
        story.extend(flowables)
    return story


def _announcement(story: list[Flowable]) -> list[Flowable]:
    """Take the sentence and the headings right above a small table off the story.

    They and the table are kept on one page: neither is of use without the other.
    """
    taken = [story.pop()]
    while hasattr(story[-1], "heading_level"):
        taken.insert(0, story.pop())
        if not isinstance(story[-1], CondPageBreak):
            break  # a part: its page break stays
        story.pop()
    return taken


def _flowables(block: Block) -> Iterable[Flowable]:
    match block:
        case Heading(level=level, text=text):
            yield PageBreak() if level == 1 else CondPageBreak(_ROOM[level])
            heading = Text(text.replace("&", "&amp;"), _HEADINGS[level])
            heading.heading_level, heading.heading_text = level, text
            yield heading
        case Paragraph(text=text, note=note):
            yield Text(text, _NOTE if note else _BODY)
        case Items(items=items):
            for depth, mark, text in items:
                indent = 12 + 12 * depth
                style = _style("item", 10, leftIndent=indent, bulletIndent=indent - 10)
                style.spaceAfter = 2
                yield Text(text, style, bulletText=mark or None)
            yield Spacer(1, 4)
        case Grid():
            yield Spacer(1, 2)
            yield _table(block)
            yield Spacer(1, 6)


def _table(grid: Grid) -> LongTable:
    shares = grid.shares or _shares(grid)
    widths = [_WIDTH * share / sum(shares) for share in shares]
    rows = [
        [Text(cell, _HEADER_CELL if number == 0 else _CELL) for cell in row]
        for number, row in enumerate(grid.rows)
    ]
    table = LongTable(rows, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                _CELL_FONT,
                ("GRID", (0, 0), (-1, -1), 0.5, _RULE),
                ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ]
        )
    )
    return table


def _shares(grid: Grid) -> tuple[int, ...]:
    """Widths by content: the root of the longest cell keeps short columns readable."""
    columns = zip(*grid.rows, strict=True)
    return tuple(max(5, round(max(len(cell) for cell in column) ** 0.5)) for column in columns)


def main(names: Iterable[str]) -> None:
    """Print the guides named (all, where none is)."""
    chosen = [FOLDER / f"{name.removesuffix('.md')}.md" for name in names]
    for source in chosen or sorted(FOLDER.glob("*.md")):
        build(source, source.with_suffix(".pdf"))


if __name__ == "__main__":
    main(sys.argv[1:])
