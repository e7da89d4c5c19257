"""Running heads and feet, page numbers, footnotes: what stands around the text of a page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Box
from ingest.layout import Line

_EDGE = 0.13
"""Running heads and feet stand in this share of the page's height, above and below."""

_CANDIDATES = 3
"""Lines looked at on each edge of a page."""

_GRID_PT = 8.0
"""Lines whose distance from the edge differs by less stand at the same place."""

_MIN_PAGES = 3
_MIN_SHARE = 0.4
"""A running head stands on at least this share of the pages between its first and its last."""

_MAX_BARE = 0.5
"""Running heads do not leave more than this share of the pages without text."""

_DIGITS = re.compile(r"\d+")
_NUMBER_ONLY = re.compile(
    r"(?:[^\W\d_]{1,10}\.?\s*)?[-–—|\[(\s]*(\d{1,4}|[ivxlcdm]{1,7})[-–—|\])\s]*"
    r"(?:(?:/|of|de|von|av|z|από)\s*\d{1,4})?\Z",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_SEPARATOR_PT = (50.0, 260.0)
"""Width of the short rule above footnotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLines:
    """A page on its way to text: its lines outside tables, in stream order."""

    number: int
    height: float
    width: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """What was found around the text of one page."""

    dropped: frozenset[int]
    """Indexes of the lines that are running heads, running feet or page numbers."""
    label: str = ""
    """The printed page number."""


def find_margins(pages: Sequence[PageLines]) -> list[Margins]:
    """Running heads, feet and printed page numbers of all pages of a document."""
    edges = [_edge_lines(page) for page in pages]
    places: dict[tuple[str, bool, int], list[int]] = defaultdict(list)
    keys: list[dict[int, tuple[str, bool, int]]] = []
    for page, chosen in zip(pages, edges, strict=True):
        of_page = {}
        for index in chosen:
            key = _place(page, page.lines[index])
            of_page[index] = key
            if not places[key] or places[key][-1] != page.number:
                places[key].append(page.number)
        keys.append(of_page)
    running = {key for key, numbers in places.items() if _runs(numbers, len(pages))}
    dropped = [{index for index, key in of_page.items() if key in running} for of_page in keys]
    written = [page for page in pages if page.lines]
    bare = sum(len(gone) == len(p.lines) for p, gone in zip(pages, dropped, strict=True) if p.lines)
    if written and bare > _MAX_BARE * len(written):
        dropped = [set() for _ in pages]  # what every page says is the text of the document
    labels = _labels(pages, edges, dropped)
    return [
        Margins(dropped=frozenset(indexes), label=label)
        for indexes, label in zip(dropped, labels, strict=True)
    ]


def _edge_lines(page: PageLines) -> list[int]:
    order = sorted(range(len(page.lines)), key=lambda i: page.lines[i].box.top)
    top = [i for i in order[:_CANDIDATES] if page.lines[i].box.bottom < _EDGE * page.height]
    foot = [i for i in order[-_CANDIDATES:] if page.lines[i].box.top > (1 - _EDGE) * page.height]
    return list(dict.fromkeys([*top, *foot]))


def _place(page: PageLines, line: Line) -> tuple[str, bool, int]:
    above = line.box.bottom < page.height / 2
    distance = line.base if above else page.height - line.base
    return _DIGITS.sub("#", line.text.casefold()), above, round(distance / _GRID_PT)


def _runs(numbers: Sequence[int], page_count: int) -> bool:
    span = numbers[-1] - numbers[0] + 1
    if len(numbers) >= _MIN_PAGES:
        return len(numbers) >= _MIN_SHARE * span
    return len(numbers) == page_count > 1


def _labels(
    pages: Sequence[PageLines], edges: Sequence[list[int]], dropped: list[set[int]]
) -> list[str]:
    """Finds the printed numbers by their even growth; lines that are nothing else go, too."""
    found: list[list[tuple[int, str, int, bool]]] = []  # value, label, line, whole line
    offsets: Counter[int] = Counter()
    for page, chosen, gone in zip(pages, edges, dropped, strict=True):
        candidates = []
        for index in chosen:
            text = page.lines[index].text
            whole = _NUMBER_ONLY.match(text)
            if whole:
                value = int(whole[1]) if whole[1].isdecimal() else _roman(whole[1])
                candidates.append((value, whole[1], index, True))
            elif index in gone:
                candidates += [(int(n), n, index, False) for n in _DIGITS.findall(text)[:6]]
        found.append(candidates)
        offsets.update({value - page.number for value, *_ in candidates})
    labels = []
    for page, candidates, gone in zip(pages, found, dropped, strict=True):
        # A number inside a running head must grow with the pages all through the document.
        likely = [
            c
            for c in candidates
            if offsets[c[0] - page.number] >= (min(2, len(pages)) if c[3] else 0.5 * len(pages))
        ]
        best = max(likely, key=lambda c: (offsets[c[0] - page.number], c[3]), default=None)
        labels.append(best[1] if best else "")
        if best and best[3]:
            gone.add(best[2])
    return labels


def _roman(text: str) -> int:
    values = [_ROMAN.get(letter, 0) for letter in text.casefold()]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < following else value for value, following in pairs)


def footnote_start(
    lines: Sequence[Line], rulings: Sequence[Box], body_size: float, *, below: float = 0.0
) -> int | None:
    """Where the footnotes of a page begin in its lines (running feet left out).

    Footnotes are lines at the foot of the page, smaller than the text of the document, of which
    the first begins with a raised number; or all small lines under a short rule at the left.

    Args:
        lines: outside tables, in reading order.
        rulings: of the page.
        body_size: font size of most text of the document.
        below: foot of the lowest table; footnotes stand under it.

    Returns:
        The index of the first footnote line; from there on all lines are footnotes. None where
        the page has none.
    """
    small = len(lines)
    while small > 0 and _is_small(lines[small - 1], body_size):
        small -= 1
    if small == len(lines):
        return None
    rule = _separator(lines, rulings, body_size)
    for index in range(small, len(lines)):
        line = lines[index]
        if line.box.bottom < below:
            continue
        if line.starts_raised or (rule is not None and line.box.top >= rule):
            return index
    return None


def _is_small(line: Line, body_size: float) -> bool:
    return line.size < body_size - 0.3


def _separator(lines: Sequence[Line], rulings: Sequence[Box], body_size: float) -> float | None:
    """Height (y) of the short rule above which text and under which only small lines stand."""
    left = min(line.box.x0 for line in lines)
    low, high = _SEPARATOR_PT
    for rule in sorted(rulings, key=lambda box: box.top):
        if not (low < rule.x1 - rule.x0 < high and rule.bottom - rule.top < 2):
            continue
        below = [line for line in lines if line.box.top >= rule.top - 2]
        near = abs(rule.x0 - left) < 20
        if near and below and all(_is_small(line, body_size) for line in below):
            return rule.top - 2
    return None
