"""Passages are compared with questions in other languages, unit by unit, by the real embedder."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.meaning import READ, Meaning
from assistant.model import Passage, Query
from assistant.retrieval import stems_of
from assistant.units import split_units
from assistant.worth import rate
from corpus.embedding import Embedder, Vectors
from corpus.model import Document
from tests.builders import make_document, make_query

EXCHANGES = "A youth exchange brings groups of young people together. "
FILLING = "Groups plan their programme together. The hosts find rooms and meals for all of them. "
VOLUNTEERS = "Volunteers are not paid for their work in a project."
GUIDE = make_document(
    "guide-en",
    headings=("RULES",) * 3,
    pages=(
        ["Personnel costs are those of people who are employed."],
        [EXCHANGES + FILLING + VOLUNTEERS],
        ["A project has a coordinator and partners."],
    ),
)


class Counting:
    """The real embedder, which notes the passages it was given."""

    def __init__(self, inner: Embedder) -> None:
        self.inner, self.seen = inner, list[str]()
        self.fingerprint, self.dimension = inner.fingerprint, inner.dimension
        self.languages = inner.languages

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.seen += texts
        return self.inner.embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.inner.embed_queries(texts)


def passages(document: Document) -> list[Passage]:
    return [
        Passage(
            rank=i, score=1 - i / 1000, chunk=chunk, document=document, found_by=(("dense", i),)
        )
        for i, chunk in enumerate(document.chunks, start=1)
    ]


def asked(question: str, **more: object) -> Query:
    return make_query(question, **{"language": "de", "document_ids": (GUIDE.id,), **more})


def test_the_passage_with_the_sentence_that_answers_leads(embedder: Embedder) -> None:
    question = asked("Werden Freiwillige für ihre Arbeit bezahlt?")
    found = Meaning(embedder).read(question, passages(GUIDE), stems_of)
    assert [p.chunk.ordinal for p in found] != [p.chunk.ordinal for p in passages(GUIDE)]
    best = found[0]
    assert VOLUNTEERS in best.chunk.text
    units = split_units(best.chunk.text, offset=best.chunk.span.start)
    assert len(best.alike) == len(units)
    assert units[best.alike.index(max(best.alike))].text.strip() == VOLUNTEERS
    assert best.found_by[-1] == ("meaning", 1)
    assert [p.score for p in found] == sorted((p.score for p in found), reverse=True)


def test_the_sentence_that_answers_leads_the_answer_though_it_shares_no_word(
    embedder: Embedder,
) -> None:
    question = asked("Werden Freiwillige für ihre Arbeit bezahlt?")
    found = Meaning(embedder).read(question, passages(GUIDE), stems_of)
    units = [
        (unit, passage)
        for passage in found
        for unit in split_units(passage.chunk.text, offset=passage.chunk.span.start)
    ]
    assert rate(question, units, stems_of)[0][0].unit.text.strip() == VOLUNTEERS


def test_what_was_embedded_once_is_kept_and_no_more_than_there_is_room_for(
    embedder: Embedder,
) -> None:
    counting = Counting(embedder)
    meaning = Meaning(counting, kept=3)
    first = meaning.read(asked("Wer zahlt?"), passages(GUIDE)[:1], stems_of)
    assert len(counting.seen) == len(first[0].alike) == 1
    meaning.read(asked("Wie lange?"), passages(GUIDE)[:1], stems_of)
    assert len(counting.seen) == 1
    meaning.read(asked("Wie lange?"), passages(GUIDE)[1:2], stems_of)
    meaning.read(asked("Wie lange?"), passages(GUIDE)[:1], stems_of)
    assert counting.seen[-1] == counting.seen[0]
    assert len(counting.seen) == 1 + len(set(counting.seen))


def test_only_the_best_are_compared_and_the_others_stay_behind_them(embedder: Embedder) -> None:
    many = make_document(
        "many", headings=("A",) * 14, pages=tuple([f"Rule number {n}."] for n in range(14))
    )
    found = Meaning(embedder).read(asked("Regel 13?"), passages(many), stems_of)
    assert [bool(p.alike) for p in found] == [True] * READ + [False] * (14 - READ)
    assert [p.chunk.ordinal for p in found[READ:]] == list(range(READ, 14))
    few = Meaning(embedder).read(asked("Regel 13?"), passages(many), stems_of, most=2)
    assert [bool(p.alike) for p in few] == [True] * 2 + [False] * 12


def test_a_passage_of_very_many_units_ends_the_comparing(embedder: Embedder) -> None:
    rows = " ".join(f"Rule {n} is short." for n in range(120))
    long = make_document("long", headings=("A", "B"), pages=([rows], ["Another rule."]))
    found = Meaning(embedder).read(asked("Regel?"), passages(long), stems_of)
    assert [bool(p.alike) for p in found] == [True, False]


def test_nothing_to_read_is_nothing_read(embedder: Embedder) -> None:
    assert Meaning(embedder).read(asked("Regel?"), [], stems_of) == []
