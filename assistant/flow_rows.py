"""Tables in which what people get depends on where they come from and where they go.

Nothing is known here of countries and amounts but what the guide at hand has: groups of countries
by living costs, ranges from group to group, rows from region to group, rates by the receiving
country, groups of countries in a footnote. Each is a line of text and what must be quoted for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.citing import readable
from assistant.units import split_units
from corpus.countries import countries_in
from corpus.model import CELL_SEPARATOR, Document, Span
from corpus.world import regions_in, world_in

Told = tuple[str, tuple[Span, ...]]
"""A line of an answer and what is quoted for it."""

_GROUP_ROW = re.compile(r"\n(Group (\d)[^|\n]{0,60}) \| ([^\n]+)")
_FROM_TO = re.compile(r"\nFrom \| To \| [^\n|]+(?=\n)")
_GROUP_TO_GROUP = re.compile(r"Group (\d) to Group (\d)(?:,? (?:and|or) (\d))?")
_RECEIVING = re.compile(r"\nReceiving country \| ([^\n|]+) \| ([^\n|]+)(?=\n)")
_HEAD = re.compile(r"\| (Country group 1 \| Country group 2 \| Country group 3)\n")
_GROUP_LIST = re.compile(r"(?<=[:;.,\n ])\s*(Country group (\d)): ?")
_NEW_PIECE = re.compile(r"\n(?=[•▪A-Z])")
_RANGES_WITHIN = 6000
"""Characters after the groups in which the ranges stand."""
_LIST_WITHIN = 9000
_TOP_UP = re.compile(r"\btop-up amount\b[^.]*\b\d+ EUR per month\b")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table that is read as text."""

    text: str
    span: Span


def cells_of(document: Document, line: Span) -> list[Cell]:
    """The cells of a line."""
    cells = []
    start = line.start
    for text in document.text[line.start : line.end].split(CELL_SEPARATOR):
        inner = text.strip()
        at = start + text.index(inner)
        cells.append(Cell(readable(inner), Span(at, at + len(inner))))
        start += len(text) + len(CELL_SEPARATOR)
    return cells


def _rows_below(document: Document, start: int) -> Iterator[list[Cell]]:
    """The rows that follow a line of heads; lines of a table without a break."""
    while True:
        end = document.text.find("\n", start + 1)
        line = Span(start + 1, end if end > 0 else len(document.text))
        if CELL_SEPARATOR not in document.text[line.start : line.end]:
            return
        yield cells_of(document, line)
        start = line.end


class LivingCosts:
    """The groups of countries by living costs that ranges for students are set for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        found = list(_GROUP_ROW.finditer(document.text))
        # Other tables have groups too: those that list countries follow one another.
        self._rows = [m for m in found if len(countries_in(m[3])) > 2][:3]

    def group_of(self, code: str | None, region: str) -> str:
        """The group of a country of the programme, or of a region; "" where none lists it."""
        for row in self._rows:
            if (code and code in countries_in(row[3])) or region in regions_in(row[3]):
                return row[2]
        return ""

    def told(
        self, code: str | None, region: str, name: str, *, whole: bool = True
    ) -> Iterator[Told]:
        """In which group a place is; what the group is called is said if it is to be whole."""
        for row in self._rows:
            label = Span(row.start(1), row.end(1))
            for item in re.finditer(r"[^,.]+\bRegions? [^,.]+|[^,.]+", row[3]):
                listed = item[0].strip()
                if (code and code in countries_in(listed)) or region in regions_in(listed):
                    at = row.start(3) + item.start() + item[0].index(listed)
                    group = readable(row[1]) if whole else f"Group {row[2]}"
                    yield f"{name}: {group}", (label, Span(at, at + len(listed)))
                    return

    def ranges(self, sending: str, receiving: str) -> list[Told]:
        """The ranges from a group to another; either may be "", then all that it can be."""
        if not self._rows:
            return []
        start = self._rows[-1].end()
        text = self._document.text[start : start + _RANGES_WITHIN]
        told: list[Told] = []
        for piece, at in _pieces(text):
            if " per month" not in piece:
                continue
            pairs = {
                (m[1], to)
                for m in _GROUP_TO_GROUP.finditer(" ".join(piece.split()))
                for to in m.groups()[1:]
                if to
            }
            if any(sending in ("", a) and receiving in ("", b) for a, b in pairs):
                span = Span(start + at, start + at + len(piece))
                told.append((readable(piece), (span,)))
        return told


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """List items and paragraphs without their bullets, and where they begin."""
    at = 0
    for piece in _NEW_PIECE.split(text):
        bare = piece.lstrip("•▪ \n")
        yield bare.rstrip(), at + len(piece) - len(bare)
        at += len(piece) + 1


def from_to(document: Document, sending: str, receiving: str, group: str) -> list[Told]:
    """Rows of amounts "From | To | Amount" between the programme and a region of third countries.

    Args:
        document: a guide.
        sending: the region that they come from; "" where that is the programme.
        receiving: the region that they go to; "" where that is the programme.
        group: of the receiving country of the programme; "" where that is not known.
    """
    return [
        told
        for told, (first, to, _) in _rows_from_to(document)
        if _leads(first.text, to.text, sending, receiving, group)
    ]


def from_outermost(document: Document) -> list[Told]:
    """The row of those who come from outermost regions and overseas territories."""
    rows = _rows_from_to(document)
    return [told for told, (first, _, _) in rows if first.text.startswith("Outermost")]


def _rows_from_to(document: Document) -> Iterator[tuple[Told, tuple[Cell, Cell, Cell]]]:
    for head in _FROM_TO.finditer(document.text):
        heads = cells_of(document, Span(head.start() + 1, head.end()))
        first: Cell | None = None
        for row in _rows_below(document, head.end()):
            first = row[0] if len(row) == len(heads) else first
            if first is None or not any(map(str.isdigit, row[-1].text)):
                continue
            shown = (first, row[-2], row[-1])
            text = "; ".join(f"{h.text}: {c.text}" for h, c in zip(heads, shown, strict=True))
            yield (text, (*(h.span for h in heads), *(c.span for c in shown))), shown


def _leads(here: str, there: str, sending: str, receiving: str, group: str) -> bool:
    if sending:
        of_group = re.match(r"Group (\d)\b", there)
        fits = of_group is not None and group in ("", of_group[1])
        return sending in regions_in(here) and fits
    of_all = here.startswith("EU Member States") and not regions_in(here)
    return of_all and bool(receiving) and receiving in regions_in(there)


def by_receiving(
    document: Document, code: str | None, region: str, *, incoming: bool | None
) -> list[Told]:
    """Rates of staff by receiving country.

    Args:
        document: a guide.
        code: of the receiving country, if it is of the programme.
        region: of the receiving country, if it is a third one.
        incoming: whether staff come from third countries or enterprises; None where not known.
    """
    told: list[Told] = []
    for head in _RECEIVING.finditer(document.text):
        heads = cells_of(document, Span(head.start() + 1, head.end()))
        columns = {None: (1, 2), False: (1,), True: (2,)}[incoming]
        for row in _rows_below(document, head.end()):
            if len(row) != len(heads):
                continue
            listed = row[0].text
            if (code and code in world_in(listed)) or region in regions_in(listed):
                label = listed.rstrip(".")
                rates = "; ".join(f"{heads[c].text}: {row[c].text}" for c in columns)
                unit = _unit_above(document, head.start())
                spans = [row[0].span, *(cell.span for c in columns for cell in (heads[c], row[c]))]
                told.append((f"{heads[0].text}: {label}; {rates} {unit}".rstrip(), tuple(spans)))
    return told


def _unit_above(document: Document, at: int) -> str:
    """What the heading above a table says in brackets of its amounts."""
    section = next((s for s in document.sections if s.span.start <= at < s.span.end), None)
    found = re.search(r"\(amounts[^()]*\)", " ".join(section.headings[-1:])) if section else None
    return found[0] if found else ""


def by_country_group(document: Document, label: str, code: str, name: str) -> list[Told]:
    """Daily rates by the group of countries in which a footnote lists the receiving one.

    Args:
        document: a guide.
        label: of the row of learners in the chapter, "VET learners"; after a "/" the row that is
            read instead.
        code: of the receiving country.
        name: what it is called.
    """
    learners, _, other = label.partition("/")
    row = re.search(rf"\n{learners} \| ([^\n]+)", document.text)
    head = _last(_HEAD, document.text, row.start()) if row else None
    if row is None or head is None:
        return []
    if other:
        row = re.compile(rf"\n{other} \| ([^\n]+)").search(document.text, head.start())
    listed = _in_group(document, row.end(), code) if row else None
    if row is None or listed is None:
        return []
    number, place = listed
    heads = cells_of(document, Span(head.start(1), head.end(1)))
    cells = cells_of(document, Span(row.start() + 1, row.end()))
    told: list[Told] = []
    for column, cell in zip(heads, cells[1:], strict=False):
        if column.text.endswith(number):
            spans = (column.span, cells[0].span, cell.span)
            told.append((f"{cells[0].text}: {column.text}: {cell.text}", spans))
            told.append((f"{name}: {column.text}", place))
    return [*told, *_below(document, row.end())] if told else []


def _last(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    """The last place of a pattern in the three lines before another."""
    found = None
    for match in pattern.finditer(text, max(0, end - 4000), end + 1):
        found = match
    return found


def _in_group(document: Document, start: int, code: str) -> tuple[str, tuple[Span, ...]] | None:
    """The number of the group that lists a country, and where."""
    text = document.text[start : start + _LIST_WITHIN]
    marks = list(_GROUP_LIST.finditer(text))
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        end = after.start() if after else text.find("\n", mark.end())
        listed = text[mark.end() : end if end > 0 else len(text)].split("\n")[0]
        for item in re.finditer(r"[^,;:]+", listed):
            names = item[0].strip(" .*")
            if code in world_in(names):
                at = start + mark.end() + item.start() + item[0].index(names)
                label = Span(start + mark.start(1), start + mark.end(1))
                return mark[2], (label, Span(at, at + len(names)))
    return None


def _below(document: Document, end: int) -> Iterator[Told]:
    """What stands under rates: that they are ranges, from which day less is paid."""
    text = document.text[end : end + 1200]
    for unit in split_units(text, offset=end):
        if re.match(r"The above are|Within these ranges|Each NA will", unit.text):
            yield readable(unit.text), (unit.span,)


def sentence(document: Document, pattern: str, start: int = 0) -> list[Told]:
    """The first sentence of a guide that a pattern fits."""
    found = re.compile(pattern).search(document.text, start)
    if found is None:
        return []
    left = document.text.rfind("\n", 0, found.start()) + 1
    right = document.text.find("\n", found.end())
    units = split_units(document.text[left:right], offset=left)
    fitting = (u for u in units if u.span.start <= found.start() < u.span.end)
    return [(readable(unit.text), (unit.span,)) for unit in fitting]


def top_ups(document: Document, wanted: Sequence[str]) -> list[Told]:
    """Top-up amounts per month of those who are wanted ("traineeships")."""
    told: list[Told] = []
    for who in wanted:
        for found in _TOP_UP.finditer(document.text):
            line = document.text[document.text.rfind("\n", 0, found.start()) + 1 : found.end()]
            if who in line.rsplit(". ", 1)[-1]:
                told += sentence(document, re.escape(found[0]), found.start())
                break
    return told
