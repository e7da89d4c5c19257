"""One page: its words put into table cells, its lines in order, and from them its blocks."""

from __future__ import annotations

from collections import defaultdict
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

Key = tuple[int, int]
"""A cell: index of its table on the page, index of the cell in the table."""


class PageFlow:
    """A page with each word put into the smallest table cell that holds its centre.

    Args:
        page: as drawn.
        tables: on it; a table inside a cell of another is found by its place.
    """

    def __init__(self, page: RawPage, tables: Sequence[RawTable]) -> None:
        self._page, self._tables = page, tables
        cells = sorted(
            (
                (cell.box.area, cell.box, (t, c))
                for t, table in enumerate(tables)
                for c, cell in enumerate(table.cells)
            ),
            key=lambda entry: entry[0],
        )
        self._owners = [_owner(word.box, cells) for word in page.words] if cells else []
        self._parents = [
            _owner(
                table.box,
                [e for e in cells if e[2][0] != t and e[0] > table.box.area],
            )
            for t, table in enumerate(tables)
        ]
        self._inside: dict[Key, list[int]] = defaultdict(list)
        for index, owner in enumerate(self._owners):
            while owner is not None:
                self._inside[owner].append(index)
                owner = self._parents[owner[0]]
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
            key = (index, number)
            items = self._sorted(self._gather(self._inside.get(key, ()), key))
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
        """A row as one block; cells with prose or tables inside as blocks of their own."""
        number = numbers[index]
        apart = [
            (table.layout and cell.prose) or any(isinstance(item, int) for item in items)
            for cell, items in row
        ]
        short: list[BlockCell] = []
        label = outer
        for (cell, items), is_apart in zip(row, apart, strict=True):
            if table.layout or any(apart):
                label = (*outer, *cell.row_headers)
            if is_apart:
                if short:
                    yield self._row_block(short, number, label)
                    short = []
                yield from self._flow(items, numbers, leading, label, number, cell)
                continue
            lines = tuple(item for item in items if isinstance(item, Line))
            if lines:
                short.append(BlockCell(raw=cell, lines=lines))
        if short:
            yield self._row_block(short, number, label)

    def _row_block(self, cells: list[BlockCell], table: int, label: tuple[str, ...]) -> Block:
        return Block(
            role=Role.ROW,
            page=self._page.number,
            cells=tuple(cells),
            table=table,
            label=label,
        )

    def _gather(self, words: Iterable[int], container: Key | None) -> list[Item]:
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

    def _child(self, owner: Key | None, container: Key | None) -> int | None:
        """The table directly in `container` through which a word's cell is reached."""
        while owner is not None and owner != container:
            table = owner[0]
            owner = self._parents[table]
            if owner == container:
                return table
        return None


def _owner(box: Box, cells: Sequence[tuple[float, Box, Key]]) -> Key | None:
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    for _, cell, key in cells:
        if cell.x0 <= x < cell.x1 and cell.top <= y < cell.bottom:
            return key
    return None
