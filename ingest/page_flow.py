"""One page: its words put into table cells, its lines in order, and from them its blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.model import Box
from ingest.blocks import Block, BlockCell, Role
from ingest.columns import in_reading_order, split_at_gutters
from ingest.drawn import RawPage, Word
from ingest.layout import Line, lines_of
from ingest.margins import Margins, footnote_start
from ingest.paragraphs import paragraphs_of
from ingest.tables import RawCell, RawTable

Item = Line | int
"""A line, or the index of a table on its page."""


class PageFlow:
    """A page with each word put into the smallest table cell that holds its centre."""

    def __init__(self, page: RawPage, tables: Sequence[RawTable]) -> None:
        self._page, self._tables = page, tables
        cells = sorted(
            (
                (_area(cell.box), cell.box, (t, c))
                for t, table in enumerate(tables)
                for c, cell in enumerate(table.cells)
            ),
            key=lambda entry: entry[0],
        )
        self._owners = [_owner(word.box, cells) for word in page.words] if cells else []
        self._parents = [
            _owner(
                table.box,
                [e for e in cells if e[2][0] != t and e[0] > _area(table.box)],
            )
            for t, table in enumerate(tables)
        ]
        self._items = self._gather(range(len(page.words)), None)
        parts = split_at_gutters(self.free_lines())
        self._columns = parts is not None
        if parts is not None:
            self._items = [*parts, *(item for item in self._items if isinstance(item, int))]

    def free_lines(self) -> list[Line]:
        """The lines outside tables, in stream order."""
        return [item for item in self._items if isinstance(item, Line)]

    def blocks(
        self, margins: Margins, numbers: Sequence[int], body_size: float, leading: float
    ) -> list[Block]:
        """The blocks of the page without its margins; footnotes come last."""
        lines = self.free_lines()
        gone = {id(line) for index, line in enumerate(lines) if index in margins.dropped}
        items = self._sorted(
            [item for item in self._items if id(item) not in gone], columns=self._columns
        )
        kept = [item for item in items if isinstance(item, Line)]
        below = max((table.box.bottom for table in self._tables), default=0.0)
        start = footnote_start(kept, self._page.rulings, body_size, below=below)
        notes = kept[start:] if start is not None else []
        apart = set(map(id, notes))
        body = [item for item in items if id(item) not in apart]
        return [*self._flow(body, numbers, leading, ()), *self._footnotes(notes)]

    def _footnotes(self, lines: Sequence[Line]) -> Iterable[Block]:
        groups: list[list[Line]] = []
        for line in lines:
            if not groups or line.starts_raised:
                groups.append([])
            groups[-1].append(line)
        for group in groups:
            yield Block(role=Role.FOOTNOTE, page=self._page.number, lines=tuple(group))

    def _flow(
        self,
        items: Sequence[Item],
        numbers: Sequence[int],
        leading: float,
        label: tuple[str, ...],
        table: int | None = None,
        cell: RawCell | None = None,
    ) -> Iterable[Block]:
        pending: list[Line] = []
        for item in [*items, None]:
            if isinstance(item, Line):
                pending.append(item)
                continue
            for paragraph in paragraphs_of(pending, leading):
                yield Block(
                    role=Role.TEXT,
                    page=self._page.number,
                    lines=paragraph.lines,
                    marker=paragraph.marker,
                    indent=paragraph.indent,
                    table=table,
                    label=label,
                    cell=cell,
                )
            pending = []
            if item is not None:
                yield from self._table(item, numbers, leading, label)

    def _table(
        self, index: int, numbers: Sequence[int], leading: float, outer: tuple[str, ...]
    ) -> Iterable[Block]:
        table = self._tables[index]
        rows: dict[int, list[tuple[RawCell, list[Item]]]] = {}
        for number, cell in enumerate(table.cells):
            words = [w for w, own in enumerate(self._owners) if self._within(own, (index, number))]
            items = self._sorted(self._gather(words, (index, number)))
            rows.setdefault(cell.row, []).append((cell, items))
        for row in rows.values():
            yield from self._row(row, table, index, numbers, leading, outer)

    def _row(
        self,
        row: Sequence[tuple[RawCell, list[Item]]],
        table: RawTable,
        index: int,
        numbers: Sequence[int],
        leading: float,
        outer: tuple[str, ...],
    ) -> Iterable[Block]:
        apart = any(
            (table.layout and cell.prose) or any(isinstance(item, int) for item in items)
            for cell, items in row
        )
        short: list[BlockCell] = []
        for cell, items in row:
            lines = tuple(item for item in items if isinstance(item, Line))
            label = (*outer, *cell.row_headers)
            if not apart or not ((table.layout and cell.prose) or len(lines) < len(items)):
                if lines:
                    short.append(BlockCell(raw=cell, lines=lines))
                continue
            if short:
                yield self._row_block(short, numbers[index], label)
                short = []
            yield from self._flow(items, numbers, leading, label, numbers[index], cell)
        if short:
            yield self._row_block(
                short,
                numbers[index],
                (*outer, *short[-1].raw.row_headers) if table.layout else outer,
            )

    def _row_block(self, cells: list[BlockCell], table: int, label: tuple[str, ...]) -> Block:
        return Block(
            role=Role.ROW,
            page=self._page.number,
            cells=tuple(cells),
            table=table,
            label=label,
        )

    def _gather(self, words: Iterable[int], container: tuple[int, int] | None) -> list[Item]:
        """Lines and tables that stand directly in a cell (or on the page), in stream order."""
        items: list[Item] = []
        pending: list[Word] = []
        for index in words:
            inner = self._child(self._owners[index] if self._owners else None, container)
            if inner is None:
                pending.append(self._page.words[index])
            elif inner not in items:
                items += lines_of(pending, self._page.number)
                pending = []
                items.append(inner)
        return [*items, *lines_of(pending, self._page.number)]

    def _sorted(self, items: Sequence[Item], *, columns: bool = False) -> list[Item]:
        boxes = [self._tables[i].box if isinstance(i, int) else i.box for i in items]
        return in_reading_order(items, boxes, columns=columns)

    def _child(
        self, owner: tuple[int, int] | None, container: tuple[int, int] | None
    ) -> int | None:
        """The table directly in `container` through which a word's cell is reached."""
        while owner is not None and owner != container:
            table = owner[0]
            owner = self._parents[table]
            if owner == container:
                return table
        return None

    def _within(self, owner: tuple[int, int] | None, cell: tuple[int, int]) -> bool:
        while owner is not None:
            if owner == cell:
                return True
            owner = self._parents[owner[0]]
        return False


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _owner(box: Box, cells: Sequence[tuple[float, Box, tuple[int, int]]]) -> tuple[int, int] | None:
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    for _, cell, key in cells:
        if cell.x0 <= x < cell.x1 and cell.top <= y < cell.bottom:
            return key
    return None
