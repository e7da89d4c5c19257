"""Which blocks are headings, and how deep.

Three sources, the surest first:

1. the printed table of contents and the PDF's bookmarks name headings with their pages and levels;
   a named heading that the page shows only as a picture begins where the picture stands;
2. typography: a short paragraph that stands out from the body by size, weight or capitals;
3. the row labels of criteria tables ("Who can apply?") are the innermost headings.

Levels of the second kind lie below those of the first and follow the weight of the type: size
first, capitals next, then bold and italic, then the depth of a number ("2.3.1").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.accents import unaccented
from corpus.matching import comparable
from ingest.blocks import Block, Layout, Role
from ingest.contents import Contents, Entry, find_contents
from ingest.drawn import Bookmark, RawPage
from ingest.layout import Line
from ingest.outline import NOTE_MARKS, Heading, Outline, heading_text
from ingest.twins import nest_twins

_MAX_LINES = 4
_MAX_CHARS, _MAX_SLANTED_CHARS = 240, 90
_LARGER = 1.08
"""Type this much larger than the body makes a heading of a line that is not bold."""

_CAPITALS = 1.15
"""Capitals weigh as much as type this much larger."""

_BELOW_CONTENTS = 100.0
"""Levels found by typography begin here; those from contents and bookmarks are smaller."""

_ENDS_OPEN = re.compile(r"[.;,…]\Z|\b(?:and|or|the|of)\Z")
_NUMBERING = re.compile(r"\A(\d{1,2}(?:\.\d{1,2})*)[.)]?\s")
_STATEMENT = re.compile(r"(?:EUR|€)\s?\d|\d\s?(?:EUR\b|€|euros?\b|%)|\d:\d\d", re.IGNORECASE)
"""Amounts and times are said, not announced: a bold line that has one is text to be quoted."""

_PICTURE_PT = (9.0, 60.0)
"""Height of a picture that may be a heading."""


def find_headings(
    layout: Layout, pages: Sequence[RawPage], bookmarks: Sequence[Bookmark]
) -> Outline:
    """Finds the headings of a document."""
    contents = find_contents(layout)
    named = _named(contents, bookmarks, layout)
    finder = _Finder(layout, pages, contents)
    for candidate in named:
        finder.place(candidate)
    typographic = finder.by_typography(has_contents=bool(named))
    headings = sorted(
        [*finder.found.values(), *typographic], key=lambda h: (h.page, h.index, h.level)
    )
    return Outline(
        pages=tuple(map(tuple, finder.pages)),
        headings=nest_twins(headings),
        navigation=contents.blocks,
        missing=tuple(finder.missing),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A heading that contents or bookmarks name, with the pages where it may stand."""

    title: str
    level: float
    pages: tuple[int, ...]
    printed: bool


def _named(contents: Contents, bookmarks: Sequence[Bookmark], layout: Layout) -> list[_Named]:
    named = [
        _Named(
            title=entry.title,
            level=entry.level,
            pages=_pages_of(entry, layout.labels),
            printed=True,
        )
        for entry in contents.entries
    ]
    known = {(comparable(item.title), page) for item in named for page in item.pages}
    pages = Counter(b.page for b in bookmarks)
    if len(bookmarks) > 1 and len(pages) > 1:
        named += [
            _Named(title=b.title, level=float(b.level), pages=(b.page,), printed=False)
            for b in bookmarks
            if b.page is not None
            and b.page <= len(layout.pages)
            and (comparable(b.title), b.page) not in known
        ]
    return named


def _pages_of(entry: Entry, labels: Sequence[str]) -> tuple[int, ...]:
    """Physical pages that a printed page number may mean, the likeliest first."""
    exact = [n for n, label in enumerate(labels, 1) if label == entry.label]
    if not exact and entry.label.isdecimal():
        offsets = Counter(int(x) - n for n, x in enumerate(labels, 1) if x.isdecimal())
        offset = offsets.most_common(1)[0][0] if offsets else 0
        exact = [int(entry.label) - offset]
    near = [n + step for n in exact for step in (1, -1)]
    return tuple(n for n in dict.fromkeys([*exact, *near]) if 1 <= n <= len(labels))


class _Finder:
    def __init__(self, layout: Layout, pages: Sequence[RawPage], contents: Contents) -> None:
        self.pages: list[list[Block]] = [list(blocks) for blocks in layout.pages]
        self.found: dict[tuple[int, int], Heading] = {}
        self.missing: list[str] = []
        self._navigation = contents.blocks
        self._body_size = layout.body_size
        self._pictures = [_picture_rows(page) for page in pages]

    def place(self, named: _Named) -> None:
        """Finds the block of a named heading, or the picture that shows it."""
        wanted = _key(named.title)
        if not wanted:
            return
        for page in named.pages:
            if self._place_in_text(named, wanted, page):
                return
        if not named.printed:
            return
        for page in named.pages[:1]:
            if self._place_at_picture(named, page):
                return
        self.missing.append(named.title)

    def _place_in_text(self, named: _Named, wanted: str, page: int) -> bool:
        blocks = self.pages[page - 1]
        for index, block in enumerate(blocks):
            if (page, index) in self._navigation or block.role is Role.FOOTNOTE:
                continue
            lines = _lines(block)
            collected = ""
            for count, line in enumerate(lines, 1):
                collected += _key(line.text)
                if collected == wanted:
                    if count < len(lines):
                        if block.role is not Role.TEXT:
                            continue
                        self._split(page, index, count)
                    self._add(page, index, named)
                    return True
                if not wanted.startswith(collected):
                    break
            else:
                after = blocks[index + 1 : index + 2]
                if after and collected + _key(_text(after[0])) == wanted:
                    self._merge(page, index)
                    self._add(page, index, named)
                    return True
        return False

    def _add(self, page: int, index: int, named: _Named) -> None:
        text = " ".join(line.text for line in _lines(self.pages[page - 1][index]))
        known = self.found.get((page, index))
        if known is None or not named.printed:
            self.found[page, index] = Heading(
                page=page, index=index, text=heading_text(text), level=named.level
            )

    def _split(self, page: int, index: int, count: int) -> None:
        block = self.pages[page - 1][index]
        parts = [
            replace(block, lines=block.lines[:count]),
            replace(block, lines=block.lines[count:], marker="", runs_on=False),
        ]
        self._replace(page, index, 1, parts)

    def _merge(self, page: int, index: int) -> None:
        first, second = self.pages[page - 1][index : index + 2]
        merged = replace(first, lines=(*_lines(first), *_lines(second)))
        self._replace(page, index, 2, [merged])

    def _replace(self, page: int, index: int, count: int, blocks: list[Block]) -> None:
        """Puts blocks in the place of others and moves what is known of those after them."""
        step = len(blocks) - count
        self.pages[page - 1][index : index + count] = blocks
        moved = {}
        for (p, i), heading in self.found.items():
            new = i + step if p == page and i >= index + count else i
            moved[p, new] = replace(heading, index=new)
        self.found = moved
        self._navigation = frozenset(
            (p, i + step if p == page and i >= index + count else i) for p, i in self._navigation
        )

    def _place_at_picture(self, named: _Named, page: int) -> bool:
        rows = self._pictures[page - 1]
        if not rows:
            return False
        bottom = rows.pop(0)
        blocks = self.pages[page - 1]
        tops = [min((line.box.top for line in _lines(b)), default=0.0) for b in blocks]
        index = next(
            (
                i
                for i, b in enumerate(blocks)
                if b.role is not Role.FOOTNOTE and tops[i] >= bottom - 2
            ),
            len(blocks),
        )
        self.found[page, index] = Heading(
            page=page,
            index=index,
            text=heading_text(named.title),
            level=named.level,
            pictured=True,
        )
        return True

    def by_typography(self, *, has_contents: bool) -> list[Heading]:
        """Headings that stand out by their type and are not known yet."""
        chosen: list[tuple[int, int, str, float]] = []
        for number, blocks in enumerate(self.pages, 1):
            if number == 1 and has_contents and not any(p == 1 for p, _ in self.found):
                continue  # the cover
            for index, block in enumerate(blocks):
                if (number, index) in self.found or (number, index) in self._navigation:
                    continue
                weight = self._weight(block)
                if weight is not None:
                    text = " ".join(line.text for line in block.lines)
                    chosen.append((number, index, text, weight))
        ranks: list[float] = []
        for weight in sorted({weight for *_, weight in chosen}, reverse=True):
            if not ranks or weight < ranks[-1] * 0.985:
                ranks.append(weight)
        return [
            Heading(
                page=page,
                index=index,
                text=heading_text(text),
                level=_BELOW_CONTENTS
                + next(n for n, start in enumerate(ranks) if weight >= start * 0.985)
                + 0.1 * _depth(text),
            )
            for page, index, text, weight in chosen
        ]

    def _weight(self, block: Block) -> float | None:
        """How much a block stands out; None where it is no heading."""
        if not block.is_free or block.runs_on or len(block.lines) > _MAX_LINES:
            return None
        if block.marker and (block.marker == "o" or not any(map(str.isalnum, block.marker))):
            return None  # a bullet
        text = NOTE_MARKS.sub("", " ".join(line.text for line in block.lines)).strip()
        letters = [c for c in text if c.isalpha()]
        if len(text) > _MAX_CHARS or len(letters) < 3 or len(letters) < 0.5 * len(text):
            return None
        if (
            _ENDS_OPEN.search(text)
            or _STATEMENT.search(text)
            or (letters[0].islower() and text[0].isalpha())
        ):
            return None
        lines = block.lines
        words = [w for line in lines for w in line.words if any(map(str.isalpha, w.text))]
        size = max((w.size for w in words), default=0.0)
        # Small capitals are a mixture of two sizes.
        usual = sum(w.size * len(w.text) for w in words) / sum(len(w.text) for w in words)
        caps = all(line.caps for line in lines) and len(letters) > 3
        bold, italic = all(line.bold for line in lines), all(line.italic for line in lines)
        if size < 0.78 * self._body_size:
            return None
        if not (bold or usual >= _LARGER * self._body_size or (caps and len(letters) > 8)):
            alone = italic and len(lines) == 1 and len(text) < _MAX_SLANTED_CHARS
            if not alone or text.endswith(":") or block.marker:
                return None
        weight = (size + usual) / 2 * (_CAPITALS if caps else 1.0)
        return weight * (1.0 if bold else 0.97) * (0.98 if italic else 1.0)


def _depth(text: str) -> int:
    match = _NUMBERING.match(text)
    return match[1].count(".") if match else 0


def _key(text: str) -> str:
    """Comparable form without accents, which capitals lose in some languages."""
    return unaccented(comparable(heading_text(text)))


def _lines(block: Block) -> tuple[Line, ...]:
    return block.lines or tuple(line for cell in block.cells for line in cell.lines)


def _text(block: Block) -> str:
    return " ".join(line.text for line in _lines(block))


def _picture_rows(page: RawPage) -> list[float]:
    """Bottoms of rows of low pictures, from top to bottom: headings set as pictures."""
    low, high = _PICTURE_PT
    rows: list[tuple[float, float, float]] = []
    for box in sorted(page.images, key=lambda box: box.top):
        if low < box.bottom - box.top < high:
            if rows and box.top < rows[-1][1] - 2:
                top, bottom, width = rows[-1]
                rows[-1] = (top, max(bottom, box.bottom), width + box.x1 - box.x0)
            else:
                rows.append((box.top, box.bottom, box.x1 - box.x0))
    return [bottom for _, bottom, width in rows if width > 60]
