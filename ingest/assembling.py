"""From blocks and headings to the text of a document, with offsets of everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.model import CELL_SEPARATOR, Cell, Page, Section, Span, Table, TextBox
from ingest.blocks import Block, Layout, Role
from ingest.cleaning import LineJoiner
from ingest.drawn import RawPage
from ingest.layout import Line
from ingest.outline import Outline, heading_paths, note_sources
from ingest.table_records import TableRecords
from ingest.tables import RawCell


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block in the text: what chunks are made of.

    Attributes:
        section: index into the document's sections.
        row: for rows of tables, the cells.
        table: number of the table that it stands in.
        layout: whether that table is a criteria table, whose rows read as text.
        heading: whether it is a heading line.
        note: for a footnote, the span of the block that refers to it.
    """

    span: Span
    role: Role
    section: int
    marker: str = ""
    indent: float = 0.0
    row: tuple[Cell, ...] = ()
    table: int | None = None
    layout: bool = False
    heading: bool = False
    note: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """A document's text and what stands where in it."""

    text: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    pieces: tuple[Piece, ...]
    boxes: tuple[TextBox, ...]


def assemble(
    layout: Layout, outline: Outline, pages: Sequence[RawPage], labels: Sequence[str]
) -> Assembled:
    """Writes the blocks of a document one after the other.

    Args:
        layout: as found, for the tables.
        outline: the blocks and headings.
        pages: as drawn, for sizes and orientation.
        labels: what each page is called, "" where it has no label.
    """
    return _Assembler(layout, outline, pages, labels).run()


class _Assembler:
    def __init__(
        self, layout: Layout, outline: Outline, pages: Sequence[RawPage], labels: Sequence[str]
    ) -> None:
        self._outline, self._pages, self._labels = outline, pages, labels
        self._joiner = _joiner(outline)
        self._text: list[str] = []
        self._length = 0
        self._pieces: list[Piece] = []
        self._boxes: list[TextBox] = []
        self._sections: list[tuple[int, tuple[str, ...], bool]] = []
        self._tables = TableRecords(layout, pages)
        self._early = False
        """Whether the heading of the block being written stands on the page before."""

    def run(self) -> Assembled:
        paths = heading_paths(self._outline)
        heading_places = {(h.page, h.index) for h in self._outline.headings if not h.pictured}
        after_last = {
            (h.page + 1, 0)
            for h in self._outline.headings
            if h.index == len(self._outline.pages[h.page - 1])
        }
        starts: list[int | None] = []
        references: list[tuple[int, tuple[int, int]]] = []  # piece, block that refers to it
        written: dict[tuple[int, int], int] = {}  # block, its piece
        for number, blocks in enumerate(self._outline.pages, 1):
            starts.append(None)
            sources = note_sources(blocks)
            for index, block in enumerate(blocks):
                place = (number, index)
                source = (number, sources[index]) if index in sources else None
                before = self._length
                self._early = place in after_last
                self._write(
                    block,
                    paths[source or place],
                    place in self._outline.navigation,
                    place in heading_places,
                )
                if self._length == before:
                    continue
                written[place] = len(self._pieces) - 1
                if source is not None:
                    references.append((len(self._pieces) - 1, source))
                if starts[-1] is None:
                    starts[-1] = self._page_start(block)
        text = "".join(self._text)
        for piece, source in references:
            if source in written:
                span = self._pieces[written[source]].span
                self._pieces[piece] = replace(self._pieces[piece], note=span)
        return Assembled(
            text=text,
            pages=self._page_records(starts, len(text)),
            sections=self._section_records(len(text)),
            tables=self._tables.records(),
            pieces=tuple(self._pieces),
            boxes=tuple(self._boxes),
        )

    def _page_start(self, block: Block) -> int:
        """Where the block just written begins on its own page."""
        if block.runs_on:
            first = next(b for b in self._boxes[-len(block.lines) :])
            return first.span.start
        return self._pieces[-1].span.start

    def _write(self, block: Block, path: tuple[str, ...], navigation: bool, heading: bool) -> None:
        goes_on = block.runs_on and bool(self._pieces) and self._pieces[-1].role is Role.TEXT
        if goes_on and self._sections[-1][1:] == (path, navigation):
            self._go_on(block)
            return
        if block.role is Role.ROW:
            self._write_row(block, path, navigation)
            return
        text, spans = self._join(block.lines)
        if not text:
            return
        start = self._append(text)
        self._enter(start, path, navigation, fresh=heading)
        self._record_boxes(block.lines, spans, start)
        span = Span(start, start + len(text))
        self._pieces.append(
            Piece(
                span=span,
                role=block.role,
                section=len(self._sections) - 1,
                marker=block.marker,
                indent=block.indent,
                table=block.table,
                layout=block.table is not None,
                heading=heading,
            )
        )
        self._tables.add_prose(block, span)

    def _go_on(self, block: Block) -> None:
        """Writes a paragraph that began on the page before."""
        last = self._pieces[-1]
        before = self._text.pop()
        self._length -= len(before)
        joined, spans = self._join(block.lines, before=before)
        start = self._length
        self._text.append(joined)
        self._length += len(joined)
        if spans[0].start < len(before) and self._boxes:  # a hyphen at the page end went
            box = self._boxes[-1]
            self._boxes[-1] = replace(box, span=Span(box.span.start, start + spans[0].start))
        self._record_boxes(block.lines, spans, start)
        self._pieces[-1] = replace(last, span=Span(last.span.start, self._length))
        self._tables.add_prose(block, Span(start + spans[0].start, self._length))

    def _write_row(self, block: Block, path: tuple[str, ...], navigation: bool) -> None:
        texts: list[str] = []
        found: list[tuple[RawCell, Span]] = []
        lines: list[tuple[Line, Span]] = []
        position = 0
        for cell in block.cells:
            text, spans = self._join(cell.lines)
            if not text:
                continue
            found.append((cell.raw, Span(position, position + len(text))))
            lines += [
                (line, Span(position + span.start, position + span.end))
                for line, span in zip(cell.lines, spans, strict=True)
            ]
            texts.append(text)
            position += len(text) + len(CELL_SEPARATOR)
        row = CELL_SEPARATOR.join(texts)
        if not row or self._tables.repeats_head(block, row):
            return
        start = self._append(row)
        self._enter(start, path, navigation)
        self._record_boxes([line for line, _ in lines], [span for _, span in lines], start)
        places = [(raw, Span(start + span.start, start + span.end)) for raw, span in found]
        self._pieces.append(
            Piece(
                span=Span(start, self._length),
                role=Role.ROW,
                section=len(self._sections) - 1,
                row=self._tables.add_row(block, row, places),
                table=block.table,
                layout=self._tables.is_layout(block),
            )
        )

    def _join(self, lines: Sequence[Line], before: str = "") -> tuple[str, list[Span]]:
        """The lines as one string, and where each stands in it."""
        text = before
        spans: list[Span] = []
        for line in lines:
            text = self._joiner.join(text, line.text)
            start = len(text) - len(line.text)
            if spans and start < spans[-1].end:  # a hyphen went
                spans[-1] = Span(spans[-1].start, start)
            spans.append(Span(start, len(text)))
        return text, spans

    def _append(self, text: str) -> int:
        """Adds a line to the text; returns its start."""
        if self._text:
            self._text.append("\n")
            self._length += 1
        start = self._length
        self._text.append(text)
        self._length += len(text)
        return start

    def _enter(
        self, start: int, path: tuple[str, ...], navigation: bool, *, fresh: bool = False
    ) -> None:
        """Begins a section at an offset where the path changes or a heading stands."""
        if fresh or not self._sections or self._sections[-1][1:] != (path, navigation):
            early = self._early and bool(self._sections)
            # The line end before it belongs to the page that shows the heading.
            self._sections.append((start - early, path, navigation))

    def _record_boxes(self, lines: Sequence[Line], spans: Sequence[Span], start: int) -> None:
        for line, span in zip(lines, spans, strict=True):
            page = self._pages[line.page - 1]
            self._boxes.append(
                TextBox(
                    span=Span(start + span.start, start + span.end), box=page.displayed(line.box)
                )
            )

    def _page_records(self, found: Sequence[int | None], length: int) -> tuple[Page, ...]:
        bounds = [length]  # a page without text is empty, at the start of the next one
        for start in reversed(found):
            bounds.append(bounds[-1] if start is None else start)
        bounds = [0, *bounds[-2::-1]]
        records = []
        for raw, label, (start, end) in zip(
            self._pages, self._labels, pairwise(bounds), strict=True
        ):
            width, height = raw.displayed_size
            records.append(
                Page(
                    number=raw.number,
                    span=Span(start, end),
                    label=label,
                    width_pt=round(width, 2),
                    height_pt=round(height, 2),
                )
            )
        return tuple(records)

    def _section_records(self, length: int) -> tuple[Section, ...]:
        if not self._sections:
            return ()
        starts = [0, *(start for start, *_ in self._sections[1:])]
        ends = [*starts[1:], length]
        return tuple(
            Section(headings=path, span=Span(start, end), navigation=navigation)
            for (_, path, navigation), start, end in zip(self._sections, starts, ends, strict=True)
        )


def _joiner(outline: Outline) -> LineJoiner:
    words: set[str] = set()
    broken: list[tuple[str, str]] = []
    for blocks in outline.pages:
        for block in blocks:
            previous = ""
            for line in block.lines or [line for cell in block.cells for line in cell.lines]:
                tokens = line.text.split()
                words.update(tokens[1:-1])
                if tokens and previous.endswith("-"):
                    broken.append((previous, tokens[0]))
                else:
                    words.update(tokens[:1])
                if tokens and not tokens[-1].endswith("-"):
                    words.add(tokens[-1])
                previous = tokens[-1] if tokens else ""
    return LineJoiner(words, broken)
