"""Verification, fail closed: nothing is shown as a quote that does not stand on its page.

Every `Citation` is made here, by `cite`, and only if each piece of its quote stands verbatim on
the page it names (`corpus.matching.stands_in`, nothing fuzzier). `verify` then drops every line
of an answer that has no citation or shows a number that none of its citations holds. What is
dropped is counted, never shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.facts import unsupported
from assistant.model import Citation
from corpus.matching import stands_in
from corpus.model import CELL_SEPARATOR, ELLIPSIS, Document, Span
from corpus.settings import AnswerSettings

MARKER = re.compile(r"\[(\d+)\]")
"""A reference to a citation inside an answer."""

_BULLET = re.compile(r"^[\s•▪◦‣⁃·–—*-]+(?=\S)|\s+$")
_ITEM = re.compile(r"\s*[•▪◦‣⁃·]")
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of an answer before verification: its text and the citations it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What is left of an answer: renumbered citations, lines with markers, counts of removals."""

    text: str
    citations: tuple[Citation, ...]
    removed: Mapping[str, int]


def cite(document: Document, spans: Sequence[Span], *, number: int = 1) -> Citation | None:
    """A citation of stretches of one document, or None where it cannot be verified.

    Args:
        document: where the words stand.
        spans: pieces of the text in order. All must lie on one page: the page of the first
            piece; what of a piece runs over onto the next page is left out.
        number: shown as `[n]`.

    Returns:
        A citation whose quote joins the pieces by `ELLIPSIS` (pieces that touch are one);
        None for no pieces, for blank ones, or where a piece does not stand on the page.
    """
    if not spans:
        return None
    page = document.page_at(spans[0].start)
    pieces = []
    for span in _joined(document.text, spans):
        clipped = document.text[span.start : min(span.end, page.span.end)]
        if page.span.start <= span.start < page.span.end:
            pieces.append(_tidy(clipped))
    quote = ELLIPSIS.join(piece for piece in pieces if piece)
    if not quote or not stands_in(quote, document.page_text(page.number)):
        return None
    return Citation(
        number=number,
        document_id=document.id,
        document=document.file,
        title=document.edition.title,
        page=page.number,
        label=page.label,
        headings=_headings_at(document, spans[0].start),
        quote=quote,
    )


def cite_pages(document: Document, pages: Mapping[int, Sequence[Span]]) -> dict[int, Citation]:
    """One citation for each page of what is quoted there, numbered from 1 in their order.

    Pages of which nothing can be verified are left out.
    """
    citations: dict[int, Citation] = {}
    for page, spans in pages.items():
        citation = cite(document, sorted(set(spans)), number=len(citations) + 1)
        if citation is not None:
            citations[page] = citation
    return citations


def holds(citation: Citation, document: Document) -> bool:
    """Whether a citation is still true of a document: same page, same words."""
    return (
        citation.document_id == document.id
        and 1 <= citation.page <= len(document.pages)
        and stands_in(citation.quote, document.page_text(citation.page))
    )


def readable(quote: str) -> str:
    """A quote as running text: footnote references left out."""
    return " ".join(_SUPERSCRIPTS.sub("", quote).split())


def quoted_lines(
    document: Document,
    told: Sequence[tuple[str, tuple[Span, ...]]],
    settings: AnswerSettings,
) -> tuple[tuple[Line, ...], tuple[Citation, ...]]:
    """Lines with one citation for each page, as many lines as the limits allow.

    Args:
        document: that is quoted.
        told: each line, and what must be quoted for it, on whatever pages that stands.
        settings: limits of words and quotes.
    """
    pages: dict[int, list[Span]] = {}
    kept: list[tuple[str, tuple[int, ...]]] = []
    left = settings.max_words
    for text, spans in told:
        pieces = [piece for span in spans for piece in _by_page(document, span)]
        new = {page for page, _ in pieces} - pages.keys()
        left -= len(text.split())
        if left < 0 or (new and len(pages) + len(new) > settings.max_quotes):
            break
        for page, piece in pieces:
            pages.setdefault(page, []).append(piece)
        kept.append((text, tuple(dict.fromkeys(page for page, _ in pieces))))
    citations = cite_pages(document, pages)
    lines = (
        Line(text=text, citations=tuple(citations[page].number for page in on))
        for text, on in kept
        if all(page in citations for page in on)
    )
    return tuple(lines), tuple(citations.values())


def _by_page(document: Document, span: Span) -> Iterator[tuple[int, Span]]:
    """The pieces of a stretch, each with the page that it stands on."""
    start = span.start
    while start < span.end:
        page = document.page_at(start)
        end = min(span.end, page.span.end)
        yield page.number, Span(start, end)
        start = end


def verify(
    lines: Sequence[Line], citations: Sequence[Citation], documents: Mapping[str, Document]
) -> Verified:
    """Keeps the lines that stand, renumbers their citations from 1, counts the rest.

    Reasons counted: `quote` (a citation that does not hold), `citation` (a line without a
    citation that exists), `number` (a line with a number that no citation of it holds).
    """
    removed: Counter[str] = Counter()
    sound = {}
    for citation in citations:
        document = documents.get(citation.document_id)
        if document is not None and holds(citation, document):
            sound[citation.number] = citation
        else:
            removed["quote"] += 1
    kept: list[Line] = []
    for line in lines:
        known = tuple(dict.fromkeys(n for n in line.citations if n in sound))
        if not known:
            removed["citation"] += 1
        elif unsupported(MARKER.sub(" ", line.text), tuple(sound[n].quote for n in known)):
            removed["number"] += 1
        else:
            kept.append(replace(line, citations=known))
    order = list(dict.fromkeys(n for line in kept for n in line.citations))
    new = {old: i for i, old in enumerate(order, start=1)}
    text = "\n".join(
        f"{MARKER.sub('', line.text).rstrip()} "
        + "".join(f"[{new[number]}]" for number in line.citations)
        for line in kept
    )
    return Verified(
        text=text,
        citations=tuple(replace(sound[old], number=new[old]) for old in order),
        removed=dict(removed),
    )


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Spans in order; those with nothing but white space or a cell border between made one."""
    joined: list[Span] = []
    for span in sorted(spans):
        between = text[joined[-1].end : span.start] if joined else ""
        if joined and between.strip() in ("", CELL_SEPARATOR.strip()):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _tidy(piece: str) -> str:
    """A piece on one line: list items and table rows are pieces of their own, without bullets."""
    out = ""
    for line in piece.split("\n"):
        words = _BULLET.sub("", line).strip()
        apart = bool(_ITEM.match(line)) or CELL_SEPARATOR in line or CELL_SEPARATOR in out
        if words:
            out += (ELLIPSIS if apart and out else " " if out else "") + words
    return " ".join(out.split())


def _headings_at(document: Document, offset: int) -> tuple[str, ...]:
    for section in document.sections:
        if section.span.start <= offset < section.span.end:
            return section.headings
    return ()
