"""Which stored answers come out differently from the present library, with old and new quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from assistant.kept import KeptAnswer, check_quotes
from assistant.pages import PageSource
from corpus.matching import find_piece, pieces
from corpus.model import ELLIPSIS
from eval.key_facts import numbers
from eval.results import Cited, Result
from eval.stored import Stored


class Outcome(StrEnum):
    """How a question comes out now, gravest first; the last two need nobody's attention."""

    FIGURES = "figures"
    REFUSED = "refused"
    FAILED = "failed"
    WORDS = "words"
    MORE = "more"
    ANSWERED = "answered"
    STATUS = "status"
    MOVED = "moved"
    SAME = "same"

    @property
    def changed(self) -> bool:
        """Whether a person who gave the stored answer should look at it again."""
        return self not in (Outcome.MOVED, Outcome.SAME)

    @property
    def meaning(self) -> str:
        """A heading for people."""
        return _MEANINGS[self]


_MEANINGS = {
    Outcome.FIGURES: "figures that were quoted no longer are",
    Outcome.REFUSED: "no longer answered",
    Outcome.FAILED: "could not be asked",
    Outcome.WORDS: "words that were quoted no longer are, their figures still",
    Outcome.MORE: "all that was quoted still is, and more",
    Outcome.ANSWERED: "answered now",
    Outcome.STATUS: "not answered, for another reason",
    Outcome.MOVED: "the same words, on another page or in another edition",
    Outcome.SAME: "the same",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecked:
    """A stored answer and the one that the present library gives.

    Attributes:
        gone: old citations, with the pieces of their quotes that the new answer lacks.
        came: new citations, with the pieces that the old answer lacked.
        fallen: number of each old citation whose quote no longer stands on its page, and why.
    """

    stored: Stored
    now: Result
    outcome: Outcome
    gone: tuple[Cited, ...]
    came: tuple[Cited, ...]
    fallen: Mapping[int, str]


def recheck(
    stored: Sequence[Stored], now: Sequence[Result], library: PageSource
) -> tuple[Rechecked, ...]:
    """Holds stored answers against new ones to the same questions, in the same order."""
    return tuple(_recheck(*pair, library) for pair in zip(stored, now, strict=True))


def recheck_json(found: Iterable[Rechecked]) -> dict[str, object]:
    """What `guide recheck --json` prints: counts, and everything that is not the same."""
    rows = list(found)
    counts = Counter(row.outcome for row in rows)
    return {
        "checked": len(rows),
        "changed": sum(row.outcome.changed for row in rows),
        "counts": {outcome.value: counts[outcome] for outcome in Outcome if counts[outcome]},
        "answers": [_row(row) for row in _listed(rows)],
    }


def recheck_lines(found: Iterable[Rechecked]) -> Iterator[str]:
    """The same for people."""
    rows = list(found)
    said: Outcome | None = None
    for row in _listed(rows):
        if row.outcome is not said:
            said = row.outcome
            count = sum(other.outcome is said for other in rows)
            yield f"{said.meaning} ({count})"
        yield f"  {row.stored.question.id}  {row.stored.question.question}"
        yield from (f"    - {_place(c)}{_why(row.fallen.get(c.number))}" for c in row.gone)
        yield from (f"    + {_place(c)}" for c in row.came)
        if row.outcome is Outcome.MOVED:
            old, new = (_pages(result) for result in (row.stored.result, row.now))
            yield f"    {old} → {new}"
        elif row.outcome is Outcome.STATUS:
            yield f"    {row.stored.result.status} → {row.now.status}"
        elif row.outcome is Outcome.FAILED:
            yield f"    {row.now.error}"


def _recheck(stored: Stored, now: Result, library: PageSource) -> Rechecked:
    old = stored.result
    gone, came = _lacking(old, now), _lacking(now, old)
    return Rechecked(
        stored=stored,
        now=now,
        outcome=_outcome(old, now, gone, came),
        gone=gone,
        came=came,
        fallen=_fallen(old, library),
    )


def _outcome(old: Result, now: Result, gone: Sequence[Cited], came: Sequence[Cited]) -> Outcome:
    if now.error is not None:
        return Outcome.FAILED
    if old.answers != now.answers:
        return Outcome.ANSWERED if now.answers else Outcome.REFUSED
    if not now.answers:
        return Outcome.SAME if old.status == now.status else Outcome.STATUS
    if gone:
        return Outcome.WORDS if _figures(gone) <= _figures(now.citations) else Outcome.FIGURES
    if came:
        return Outcome.MORE
    return Outcome.SAME if _places(old) == _places(now) else Outcome.MOVED


def _lacking(result: Result, other: Result) -> tuple[Cited, ...]:
    """Citations with the pieces of their quotes that stand in no quote of the other answer."""
    quoted = "\n".join(c.quote for c in other.citations)
    found = []
    for cited in result.citations:
        missing = [piece for piece in pieces(cited.quote) if find_piece(piece, quoted) is None]
        if missing:
            found.append(replace(cited, quote=ELLIPSIS.join(missing)))
    return tuple(found)


def _fallen(old: Result, library: PageSource) -> dict[int, str]:
    citations = [c for c in old.line.get("citations", ()) if c.get("document_id")]
    kept = KeptAnswer(id=old.id, asked_at="", fingerprint="", record={"citations": citations})
    return {c.number: c.why for c in check_quotes(kept, library) if not c.holds}


def _listed(rows: Iterable[Rechecked]) -> list[Rechecked]:
    order = list(Outcome)
    differing = (row for row in rows if row.outcome is not Outcome.SAME)
    return sorted(differing, key=lambda row: order.index(row.outcome))


def _row(row: Rechecked) -> dict[str, Any]:
    return {
        "id": row.stored.question.id,
        "question": row.stored.question.question,
        "asked_at": row.stored.asked_at,
        "outcome": row.outcome.value,
        "old": _answer(row.stored.result),
        "new": _answer(row.now),
        "gone": [_cited(c) | {"fallen": row.fallen.get(c.number)} for c in row.gone],
        "came": [_cited(c) for c in row.came],
        "error": row.now.error,
    }


def _answer(result: Result) -> dict[str, Any]:
    return {
        "status": result.status,
        "text": result.text,
        "document_id": result.edition_id,
        "citations": [_cited(c) for c in result.citations],
    }


def _cited(c: Cited) -> dict[str, Any]:
    return {"number": c.number, "document": c.document, "page": c.page, "quote": c.quote}


def _figures(citations: Iterable[Cited]) -> frozenset[str]:
    return frozenset(number for c in citations for number in numbers(c.quote))


def _places(result: Result) -> frozenset[tuple[str, int]]:
    return frozenset((c.document, c.page) for c in result.citations)


def _pages(result: Result) -> str:
    return ", ".join(f"{document} p. {page}" for document, page in sorted(_places(result)))


def _place(c: Cited) -> str:
    return f"{c.document} p. {c.page}: “{' '.join(c.quote.split())}”"


def _why(fallen: str | None) -> str:
    return f" ({fallen})" if fallen else ""
