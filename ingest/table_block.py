"""A cell of a table while its heads are being found: its place and what its text looks like."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

BOLD_SHARE = 0.8
"""Of the letters of a head."""

MAX_HEAD_WORDS = 45
"""A longer text is no head, however bold."""

PROSE_WORDS = 30
"""From here on a text is running prose."""

_MONEY = re.compile(r"(?:€|\bEUR\b|\beuros?\b)", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SENTENCE_END = re.compile(r"[.;!?]\s+\S")


@dataclass(slots=True, kw_only=True, eq=False)
class Block:
    """A cell being labelled. Rows and columns are those of the whole (joined) table.

    Attributes:
        lead: the bold words that running text begins with ("Inclusion support for participants").
        bold: share of its letters that are bold, 0…1.
        part: which page's part of the table it stands in (0, 1, …).
        label: its text as a label: without footnote marks, the lead of running text, the whole
            of what a page break cut.
        words: how many words it holds.
        joins: in the first column: goes on from the cell above it (cut by a page break or blank).
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    lead: str = ""
    bold: float = 0.0
    shaded: bool = False
    part: int = 0
    label: str = ""
    joins: bool = False
    header: bool = False
    row_headers: tuple[str, ...] = ()
    column_headers: tuple[str, ...] = ()
    words: int = field(init=False)

    def __post_init__(self) -> None:
        self.words = len(self.text.split())

    @property
    def below(self) -> int:
        """The row after its last."""
        return self.row + self.row_span

    @property
    def right(self) -> int:
        """The column after its last."""
        return self.column + self.column_span

    @property
    def is_value(self) -> bool:
        """Whether it is a figure or an amount rather than words."""
        if self.words > PROSE_WORDS or not self.has_digits:
            return False
        if _MONEY.search(self.text):
            return True
        letters = sum(character.isalpha() for character in self.text)
        return letters <= 0.4 * len(self.text.replace(" ", ""))

    @property
    def is_prose(self) -> bool:
        """Whether it is running text."""
        return not self.is_list and (
            self.words >= PROSE_WORDS
            or (self.words >= 15 and _SENTENCE_END.search(self.text) is not None)
        )

    @property
    def is_list(self) -> bool:
        """Whether it lists names between commas."""
        return self.text.count(",") > 0.3 * self.words

    @property
    def is_set_apart(self) -> bool:
        """Whether it looks like a head: bold or shaded, short, and no amount."""
        return (
            bool(self.text)
            and (self.bold >= BOLD_SHARE or self.shaded)
            and self.words <= MAX_HEAD_WORDS
            and not self.is_value
        )

    @property
    def is_column_number(self) -> bool:
        """Whether it names its column below other heads ("A1.1"): looks like a head, no amount."""
        return self.shaded and self.bold >= BOLD_SHARE and not _MONEY.search(self.text)

    @property
    def has_digits(self) -> bool:
        """Whether any digit stands in it."""
        return _DIGIT.search(self.text) is not None


@dataclass(slots=True, kw_only=True)
class Region:
    """A rectangle of a table that is read on its own, and what already holds for it.

    Attributes:
        blocks: its cells, row by row.
        left: its first column; `right` is the column after its last.
        rows_above: row headers that all its cells have.
        heads_above: column heads of the table around it.
        nested: lies beside a label of a larger region.
    """

    blocks: list[Block]
    left: int
    right: int
    rows_above: tuple[str, ...] = ()
    heads_above: tuple[Block, ...] = ()
    nested: bool = False

    @property
    def top(self) -> int:
        """Its first row."""
        return self.blocks[0].row

    @property
    def is_wide(self) -> bool:
        """Whether it has more than one column."""
        return self.right - self.left > 1

    def is_spanned_by(self, block: Block) -> bool:
        """Whether a cell runs across all its columns."""
        return block.column <= self.left and block.right >= self.right


def whole(blocks: Iterable[Block]) -> Region:
    """All cells of a table (at least one) as one region."""
    ordered = sorted(blocks, key=lambda block: (block.row, block.column))
    return Region(
        blocks=ordered,
        left=min(block.column for block in ordered),
        right=max(block.right for block in ordered),
    )


def by_row(blocks: Iterable[Block]) -> dict[int, list[Block]]:
    """The cells that start in each row; rows in the order of the cells."""
    rows: dict[int, list[Block]] = {}
    for block in blocks:
        rows.setdefault(block.row, []).append(block)
    return rows
