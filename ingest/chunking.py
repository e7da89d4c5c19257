"""Cuts a document's text into chunks.

A chunk is a span of the text inside one section. It ends at the end of a paragraph, a list item
or a sentence, and holds at most `max_tokens` tokens of the embedder; short neighbours stay
together. What a reader needs to know besides the heading path goes into `Chunk.context`: the
lead-in of a list that was cut, the column heads of a table, the sentence a footnote belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.accents import unaccented
from corpus.embedding import Tokenizer
from corpus.model import CELL_SEPARATOR, Cell, Chunk, ChunkKind, Section, Span, chunk_id
from corpus.settings import ChunkingSettings
from ingest.assembling import Assembled, Piece
from ingest.blocks import Role
from ingest.notes import is_mere_reference
from ingest.sentences import sentences

_GLOSSARY = re.compile(
    r"glossar|definitions?\b|terminolog|γλωσσαρι|ορισμ|glosari|lexique|begriffsbestimmung"
    r"|słownik|slovni|pojmovnik|sonastik|sanasto|ordlist[ae]|terminu\b",
    re.IGNORECASE,
)
_CONTEXT_CHARS, _TABLE_CONTEXT_CHARS = 300, 450


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """What is never cut (unless it is too long): a sentence, a list item, a row."""

    span: Span
    tokens: int
    piece: int
    """Index of its piece."""
    lead_in: str = ""
    """What introduces it, when it does not stand in the same chunk."""


def make_chunks(
    assembled: Assembled, *, document_id: str, settings: ChunkingSettings, tokenizer: Tokenizer
) -> tuple[Chunk, ...]:
    """All chunks of a document in order; printed contents give none."""
    cutter = _Cutter(assembled, document_id, settings, tokenizer)
    chunks = sorted(cutter.chunks(), key=lambda chunk: (chunk.span, chunk.kind))
    return tuple(replace(chunk, ordinal=n) for n, chunk in enumerate(chunks))


class _Cutter:
    def __init__(
        self,
        assembled: Assembled,
        document_id: str,
        settings: ChunkingSettings,
        tokenizer: Tokenizer,
    ) -> None:
        self._doc, self._id = assembled, document_id
        self._settings, self._tokenizer = settings, tokenizer

    def chunks(self) -> Iterator[Chunk]:
        for pieces in self._sections():
            section = self._doc.sections[pieces[0].section]
            if section.navigation:
                continue
            for group in _by_kind(pieces):
                match group[0]:
                    case Piece(role=Role.FOOTNOTE):
                        yield from self._footnotes(group, section)
                    case Piece(role=Role.ROW, layout=False):
                        yield from self._rows(group, section)
                    case _:
                        yield from self._text(group, section)

    def _sections(self) -> Iterator[list[Piece]]:
        run: list[Piece] = []
        for piece in self._doc.pieces:
            if run and piece.section != run[-1].section:
                yield run
                run = []
            run.append(piece)
        if run:
            yield run

    def _text(self, pieces: Sequence[Piece], section: Section) -> Iterator[Chunk]:
        if all(piece.heading for piece in pieces):
            return
        kind = _kind_of(section)
        for group in self._pack(self._units(pieces)):
            yield self._chunk(
                Span(group[0].span.start, group[-1].span.end), section, kind, group[0].lead_in
            )

    def _units(self, pieces: Sequence[Piece]) -> list[_Unit]:
        spans: list[tuple[Span, int, str]] = []
        leads: list[tuple[float, str]] = []
        for index, piece in enumerate(pieces):
            text = self._at(piece.span)
            while leads and (not piece.marker or leads[-1][0] >= piece.indent - 2):
                leads.pop()
            lead = " ".join(text for _, text in leads)[-_CONTEXT_CHARS:]
            if piece.role is Role.ROW:
                spans.append((piece.span, index, lead))
            else:
                spans += [
                    (Span(piece.span.start + s.start, piece.span.start + s.end), index, lead)
                    for s in sentences(text)
                ]
            if text.rstrip().endswith(":"):
                last = sentences(text)[-1]
                indent = piece.indent if piece.marker else 0.0
                leads.append((indent, text[last.start : last.end]))
        return self._measured(spans)

    def _measured(self, spans: Sequence[tuple[Span, int, str]]) -> list[_Unit]:
        """Units with their tokens; one that is too long is cut at white space."""
        counts = self._tokenizer.count_tokens([self._at(span) for span, *_ in spans])
        units = []
        for (span, piece, lead), count in zip(spans, counts, strict=True):
            if count <= self._settings.max_tokens:
                units.append(_Unit(span=span, tokens=count, piece=piece, lead_in=lead))
                continue
            parts = self._cut(span, count)
            sizes = self._tokenizer.count_tokens([self._at(part) for part in parts])
            units += [
                _Unit(span=part, tokens=size, piece=piece, lead_in=lead)
                for part, size in zip(parts, sizes, strict=True)
            ]
        return units

    def _cut(self, span: Span, tokens: int) -> list[Span]:
        words = [
            Span(span.start + m.start(), span.start + m.end())
            for m in re.finditer(r"\S+", self._at(span))
        ]
        limit = self._settings.max_tokens
        if len(words) == 1:  # no white space at all: by characters
            step = max(1, len(span) * limit // (2 * tokens))
            return [Span(i, min(i + step, span.end)) for i in range(span.start, span.end, step)]
        sizes = self._tokenizer.count_tokens([self._at(word) for word in words])
        parts: list[Span] = []
        total = limit
        for word, size in zip(words, sizes, strict=True):
            if size > limit:
                parts += self._cut(word, size)
                total = limit
            elif total + size > limit:
                parts.append(word)
                total = size
            else:
                parts[-1] = Span(parts[-1].start, word.end)
                total += size
        return parts

    def _pack(self, units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
        """Groups units so that each group fits, and ends at a paragraph where that costs little."""
        limit, least = self._settings.max_tokens, self._settings.min_tokens
        groups: list[list[_Unit]] = []
        for unit in units:
            room = limit - _size(groups[-1]) if groups else -1
            if groups and unit.tokens < room:
                groups[-1].append(unit)
            else:
                groups.append([unit])
        for index in range(1, len(groups)):
            groups[index - 1 : index + 1] = self._balanced(groups[index - 1], groups[index])
        if len(groups) > 1 and _size(groups[-1]) < least:
            groups[-2:] = self._balanced(groups[-2], groups[-1], even=True)
        for index, group in enumerate(groups):
            yield self._with_overlap(groups[index - 1], group) if index else group

    def _balanced(
        self, first: list[_Unit], second: list[_Unit], *, even: bool = False
    ) -> list[list[_Unit]]:
        """Moves what was begun at the end of one group to the next, where it fits there."""
        limit, least = self._settings.max_tokens, self._settings.min_tokens
        size, rest = _size(first), _size(second)
        for count in range(1, len(first)):
            moved = first[-count:]
            tokens = _size(moved) + 1
            if rest + tokens > limit or size - tokens < max(least, limit // 3):
                break
            whole = first[-count - 1].piece != moved[0].piece
            if whole and (even or moved[-1].piece == second[0].piece):
                if even and rest + tokens < least:
                    continue
                return [first[:-count], [*moved, *second]]
        return [first, second]

    def _with_overlap(self, before: list[_Unit], group: list[_Unit]) -> list[_Unit]:
        """The group with the last sentences of the one before, where they are running text."""
        room = self._settings.max_tokens - _size(group) - 1
        count = 0
        for unit in reversed(before[1:]):
            if count == self._settings.overlap_sentences or unit.tokens > min(room, 80):
                break
            if unit.lead_in or group[0].lead_in:
                break
            room -= unit.tokens + 1
            count += 1
        return [*before[len(before) - count :], *group]

    def _footnotes(self, pieces: Sequence[Piece], section: Section) -> Iterator[Chunk]:
        for piece in pieces:
            if is_mere_reference(self._at(piece.span)):
                continue  # it stands in the text; the sentence it belongs to has its chunk
            context = self._sentence_of_note(piece)
            units = self._measured([(piece.span, 0, "")])
            for unit in units:
                yield self._chunk(unit.span, section, ChunkKind.FOOTNOTE, context)

    def _sentence_of_note(self, piece: Piece) -> str:
        mark = re.match(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+", self._at(piece.span))
        if piece.note is None or mark is None:
            return ""
        text = self._at(piece.note)
        place = re.search(rf"(?<![⁰¹²³⁴⁵⁶⁷⁸⁹]){mark[0]}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])", text)
        if place is None:
            return text[:_CONTEXT_CHARS]
        for span in sentences(text):
            if span.start <= place.start() < span.end:
                start = max(span.start, place.start() - _CONTEXT_CHARS)
                return text[start : min(span.end, place.end() + _CONTEXT_CHARS // 2)]
        return text[:_CONTEXT_CHARS]

    def _rows(self, pieces: Sequence[Piece], section: Section) -> Iterator[Chunk]:
        """Whole rows, as many as fit; a row that is too long is cut between its cells."""
        groups: list[list[tuple[Span, tuple[Cell, ...], int]]] = []
        room = 0
        for piece in pieces:
            for span, cells, tokens in self._row_parts(piece):
                same = bool(groups) and _bands(groups[-1][-1][1]) == _bands(cells)
                if same and tokens < room:
                    groups[-1].append((span, cells, tokens))
                    room -= tokens + 1
                else:
                    groups.append([(span, cells, tokens)])
                    room = self._settings.max_tokens - tokens
        for group in groups:
            span = Span(group[0][0].start, group[-1][0].end)
            cells = tuple(cell for _, row, _ in group for cell in row)
            yield self._chunk(span, section, ChunkKind.TABLE, self._table_context(cells))

    def _row_parts(self, piece: Piece) -> Iterator[tuple[Span, tuple[Cell, ...], int]]:
        (count,) = self._tokenizer.count_tokens([self._at(piece.span)])
        if count <= self._settings.max_tokens:
            yield piece.span, piece.row, count
            return
        spans = [(cell.span, index, "") for index, cell in enumerate(piece.row)]
        for unit in self._measured(spans):
            yield unit.span, (piece.row[unit.piece],), unit.tokens

    def _table_context(self, cells: Sequence[Cell]) -> str:
        """Bands and column heads that do not stand in the chunk's own rows."""
        shown = {self._at(cell.span) for cell in cells}
        bands = dict.fromkeys(label for cell in cells for label in cell.row_headers)
        columns: dict[tuple[str, ...], dict[str, None]] = {}
        for cell in cells:
            if cell.column_headers:
                *outer, own = cell.column_headers
                columns.setdefault(tuple(outer), {})[own] = None
        heads = [
            ": ".join(
                filter(
                    None,
                    [
                        " › ".join(text for text in outer if text not in shown),
                        CELL_SEPARATOR.join(text for text in own if text not in shown),
                    ],
                )
            )
            for outer, own in columns.items()
        ]
        labels = " › ".join(text for text in bands if text not in shown)
        return "; ".join(filter(None, [labels, *heads]))[:_TABLE_CONTEXT_CHARS]

    def _at(self, span: Span) -> str:
        return self._doc.text[span.start : span.end]

    def _chunk(self, span: Span, section: Section, kind: ChunkKind, context: str) -> Chunk:
        text = self._at(span)
        return Chunk(
            id=chunk_id(self._id, span, text),
            document_id=self._id,
            ordinal=0,
            span=span,
            text=text,
            headings=section.headings,
            context=context,
            kind=kind,
        )


def _size(units: Sequence[_Unit]) -> int:
    """Tokens of units in one chunk; white space between two may cost one."""
    return sum(unit.tokens for unit in units) + len(units) - 1


def _by_kind(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Runs of pieces that are cut in the same way."""
    run: list[Piece] = []
    for piece in pieces:
        if run and _manner(run[-1]) != _manner(piece):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _manner(piece: Piece) -> tuple[str, int | None]:
    if piece.role is Role.FOOTNOTE:
        return "footnote", None
    if piece.role is Role.ROW and not piece.layout:
        return "table", piece.table
    return "text", None


def _bands(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The labels above a row, without its own."""
    return min((cell.row_headers for cell in cells), key=len, default=())


def _kind_of(section: Section) -> ChunkKind:
    term = section.headings[-1] if section.headings else ""
    inside = any(_GLOSSARY.search(unaccented(heading)) for heading in section.headings[:-1])
    return ChunkKind.DEFINITION if inside and len(term) <= 120 else ChunkKind.TEXT
