"""The printed table of contents: which pages are one, and what it says the headings are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.accents import unaccented
from ingest.blocks import Block, Layout
from ingest.layout import Line

_LEADER = re.compile(r"\A(?P<title>.*?)\s*(?:[.·_…]\s?){4,}\s*(?P<label>\d{1,4}|[ivxlc]{1,7})\Z")
_DOTS = re.compile(r"[.·_…]\s?[.·_…]")
_BARE = re.compile(r"\A(?P<title>.*?[^\W\d].*?)\s+(?P<label>\d{1,4}|[ivxlc]{1,7})\Z")
_LABEL = re.compile(r"\d{1,4}|[ivxlc]{1,7}")
_TITLE = re.compile(
    r"(?:table of )?contents|index|inhalt(?:sverzeichnis)?|inhoud(?:sopgave)?|table des matières"
    r"|sommaire|índice|indice|sommario|spis treści|obsah|tartalom(?:jegyzék)?|cuprins|sadržaj"
    r"|kazalo|sisältö|sisällysluettelo|innehåll(?:sförteckning)?|indhold(?:sfortegnelse)?"
    r"|sisukord|saturs|turinys|съдържание|περιεχόμενα|πίνακας περιεχομένων|i̇çindekiler",
    re.IGNORECASE,
)
_FULL = re.compile(r"\A(?P<title>.*\D)(?P<label>\d{1,4})\Z")
_SERIES = re.compile(
    r"\A(?P<name>[^\W\d_][^\d:–—-]*?)\s+(?P<number>\d{1,2}|[IVX]{1,5}|[^\W\d_])\s*[:.–—-]"
)
_MIN_ENTRIES = 4
_FALLING = 0.2
"""Share of steps down among the page numbers of an index, from which on it is one."""
_INDENT_PT = 4.0
_EDGE_PT = 6.0
"""A number that ends so near to where the others end stands in the column of page numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a table of contents.

    Attributes:
        level: 0 is outermost; halves come from series (see `find_contents`).
        label: the page number as printed.
    """

    title: str
    level: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The printed tables of contents of a document.

    Attributes:
        entries: in order.
        blocks: (page, index of block) of everything that belongs to them.
    """

    entries: tuple[Entry, ...] = ()
    blocks: frozenset[tuple[int, int]] = frozenset()


def find_contents(layout: Layout) -> Contents:
    """Finds the printed tables of contents.

    A page belongs to one where at least four lines, and two fifths of all, end in leaders and a
    page number (or, under a title like "Contents", in a page number alone).

    Levels come from the indents. Where entries of one level form a series ("Key Action 1: ...",
    "Key Action 2: ..."), what stands between two members of it lies one half level below, though
    it is printed at the same indent.

    The index at the end of a book looks the same, but its page numbers go up and down: it is
    navigation, too, and names no headings.
    """
    found: list[tuple[str, float, str]] = []
    blocks: set[tuple[int, int]] = set()
    for blocks_of_page in layout.pages:
        entries, members = _page_entries(blocks_of_page, after_contents=bool(found))
        if entries:
            if not _is_index([label for *_, label in entries]):
                found += entries
            page = blocks_of_page[0].page
            blocks |= {(page, index) for index in members}
    indents = _levels([indent for _, indent, _ in found])
    entries_with_levels = [
        Entry(title=title, level=level, label=label)
        for (title, _, label), level in zip(found, indents, strict=True)
    ]
    return Contents(entries=_nest_between_series(entries_with_levels), blocks=frozenset(blocks))


def _page_entries(
    blocks: Sequence[Block], *, after_contents: bool
) -> tuple[list[tuple[str, float, str]], list[int]]:
    """(title, left edge, label) of the entries of a page, and the blocks that hold them."""
    lines = [
        (index, line) for index, block in enumerate(blocks) if block.is_free for line in block.lines
    ]
    titled = after_contents or any(_TITLE.fullmatch(line.text.strip(" .:")) for _, line in lines)
    matches = [_leader(line.text) for _, line in lines]
    if sum(m is not None for m in matches) < _MIN_ENTRIES and titled:
        matches = [m or _bare_entry(line.text) for m, (_, line) in zip(matches, lines, strict=True)]
        if not _grows([m["label"] for m in matches if m]):
            return [], []
    count = sum(m is not None for m in matches)
    if count < _MIN_ENTRIES or count < 0.4 * len(lines):
        return [], []
    matches = _with_full_lines([line for _, line in lines], matches)
    entries: list[tuple[str, float, str]] = []
    begun: list[Line] = []
    inside: list[int] = []
    for (index, line), match in zip(lines, matches, strict=True):
        inside.append(index)
        if match is None:
            begun.append(line)
            continue
        parts = [b.text for b in begun if not _TITLE.fullmatch(b.text.strip(" .:"))]
        first = begun[0] if parts and begun else line
        title = " ".join([*parts, match["title"]]).strip()
        if title and not _TITLE.fullmatch(title):
            entries.append((title, first.box.x0, match["label"]))
        begun = []
    after = {index for index, line in lines if line in begun} if begun else set()
    return entries, [index for index in dict.fromkeys(inside) if index not in after]


def _leader(text: str) -> re.Match[str] | None:
    """Matches a line with leaders; most lines have none, and the pattern is slow on them."""
    return _LEADER.match(text) if text[-1:].isalnum() and _DOTS.search(text) else None


def _bare_entry(text: str) -> re.Match[str] | None:
    """Matches a line with a page number alone; as `_leader`, quick with lines that have none."""
    return _BARE.match(text) if _LABEL.fullmatch(text.rpartition(" ")[2]) else None


def _with_full_lines(
    lines: Sequence[Line], matches: Sequence[re.Match[str] | None]
) -> list[re.Match[str] | None]:
    """Adds entries whose title leaves no room for leaders, nor for a space before the number.

    Such a number reaches the column of the others and lies between those before and after it.
    """
    ends = [line.box.x1 for line, match in zip(lines, matches, strict=True) if match]
    column = min(ends, default=0.0) - _EDGE_PT
    numbers = [int(m["label"]) if m and m["label"].isdecimal() else None for m in matches]
    completed = list(matches)
    for index, line in enumerate(lines):
        full = None if matches[index] else _FULL.match(line.text)
        if not full or line.box.x1 < column:
            continue
        before = next((n for n in reversed(numbers[:index]) if n is not None), None)
        after = next((n for n in numbers[index:] if n is not None), None)
        if before is not None and after is not None and before <= int(full["label"]) <= after:
            completed[index] = full
    return completed


def _is_index(labels: Sequence[str]) -> bool:
    numbers = [int(label) for label in labels if label.isdecimal()]
    falling = sum(a > b for a, b in pairwise(numbers))
    return len(numbers) >= _MIN_ENTRIES and falling > _FALLING * (len(numbers) - 1)


def _grows(labels: Sequence[str]) -> bool:
    numbers = [int(label) for label in labels if label.isdecimal()]
    rising = sum(a <= b for a, b in pairwise(numbers))
    return len(numbers) >= _MIN_ENTRIES and rising >= 0.9 * (len(numbers) - 1)


def _levels(indents: Sequence[float]) -> list[float]:
    """Clusters left edges that differ by a few points; the leftmost is level 0."""
    clusters: list[float] = []
    for indent in sorted(indents):
        if not clusters or indent > clusters[-1] + _INDENT_PT:
            clusters.append(indent)
    return [
        float(max(n for n, start in enumerate(clusters) if start <= indent)) for indent in indents
    ]


def _nest_between_series(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    members: dict[tuple[float, str], list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        match = _SERIES.match(entry.title)
        if match:
            members[entry.level, unaccented(match["name"]).casefold()].append(index)
    lowered: dict[int, float] = {}
    for (level, _), indexes in members.items():
        between = set(range(indexes[0], indexes[-1])) - set(indexes)
        crossed = any(entries[index].level < level for index in between)
        if len(indexes) > 1 and not crossed:
            lowered |= {i: level + 0.5 for i in between if entries[i].level == level}
    return tuple(
        Entry(title=e.title, level=lowered.get(i, e.level), label=e.label)
        for i, e in enumerate(entries)
    )
