"""Tables as lines to compare with what was checked by eye: place, heads, first words."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Box
from ingest.drawn import RawPage
from ingest.tables import RawTable

LONG_WORDS = 12
FIRST_WORDS, LAST_WORDS = 8, 3
MORE = " … "
BETWEEN = " › "


@dataclass(frozen=True, slots=True)
class Line:
    """A cell with text: `table` is "first page.number on it", texts are cut to a few words."""

    table: str
    page: int
    row: int
    column: int
    head: str
    row_headers: str
    column_headers: str
    text: str

    def loose(self) -> tuple[object, ...]:
        """What must agree: where words are cut at hyphens and line ends does not matter."""
        texts = [*self.row_headers.split(BETWEEN), "|", *self.column_headers.split(BETWEEN)]
        place = (self.table, self.page, self.row, self.column, self.head)
        return (*place, *map(_loose, [*texts, "|", self.text]))


def _loose(text: str) -> str:
    first, more, last = ("".join(c for c in part if c.isalnum()) for part in text.partition(MORE))
    return f"{first[:24]}{more}{last[-8:]}" if last else first


def lines_of(pages: Sequence[RawPage], tables: Sequence[Sequence[RawTable]]) -> Iterator[Line]:
    """All cells with text of all tables of these pages."""
    name, count = "", 0
    names: list[tuple[RawTable, str]] = []
    for page, here in zip(pages, tables, strict=True):
        count = 0
        for table in here:
            if table.continues:
                name = next(n for t, n in reversed(names) if _goes_on(t, table))
            else:
                name = f"{page.number}.{count}"
                count += 1
            names.append((table, name))
            for cell in table.cells:
                text = text_in(cell.box, page)
                if text:
                    yield Line(
                        name, page.number, cell.row, cell.column, "head" if cell.header else "",
                        BETWEEN.join(map(_cut, cell.row_headers)),
                        BETWEEN.join(map(_cut, cell.column_headers)),
                        _cut(text),
                    )  # fmt: skip


def _goes_on(before: RawTable, table: RawTable) -> bool:
    return max(c.row + c.row_span for c in before.cells) == min(c.row for c in table.cells)


def _cut(text: str) -> str:
    words = text.split()
    if len(words) <= LONG_WORDS:
        return text
    return " ".join(words[:FIRST_WORDS]) + MORE + " ".join(words[-LAST_WORDS:])


def text_in(box: Box, page: RawPage) -> str:
    """The words whose centre lies in a box."""
    inside = [
        word
        for word in page.words
        if box.x0 <= (word.box.x0 + word.box.x1) / 2 < box.x1
        and box.top <= (word.box.top + word.box.bottom) / 2 < box.bottom
    ]
    return "".join(w.text if w.glued else f" {w.text}" for w in inside).strip()


def read_lines(path: Path) -> list[Line]:
    """The lines of a frozen file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [Line(t, int(p), int(r), int(c), *rest) for t, p, r, c, *rest in rows]


def write_lines(path: Path, lines: Sequence[Line]) -> None:
    """Freeze lines, after they were compared with the pages by eye."""
    names = ["table", "page", "row", "column", "head", "row_headers", "column_headers", "text"]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\t".join(names) + "\n")
        for line in lines:
            values = (getattr(line, name) for name in names)
            file.write("\t".join(str(value).replace("\t", " ") for value in values) + "\n")
