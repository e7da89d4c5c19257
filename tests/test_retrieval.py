"""Fusion, boosts, reranking and comparison, on a small library in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack

import numpy as np
import pytest

from assistant.lexicon import fold, load_lexicon
from assistant.model import Query
from assistant.readers import HURRIED, HURRIED_WORDS
from assistant.retrieval import Retriever, names_asked
from corpus.embedding import Vectors
from corpus.model import Chunk, Document, Edition, Page, Section, Span, chunk_id
from corpus.settings import RetrievalSettings
from corpus.store import Hit, best_hits
from tests.builders import make_query

WORDS = ("deadline", "march", "lump", "sum", "travel", "προθεσμία")


class BagOfWords:
    """An embedder over six words: exact, and easy to foresee."""

    fingerprint = "bag"
    dimension = len(WORDS)
    languages = None

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        rows = [[float(w in text.casefold()) + 0.01 for w in WORDS] for text in texts]
        array = np.asarray(rows, dtype=np.float32)
        return np.asarray(array / np.linalg.norm(array, axis=1, keepdims=True), dtype=np.float32)

    embed_queries = embed_passages


class Shelf:
    """A library of documents given as (headings, text) sections."""

    def __init__(self, *documents: Document) -> None:
        self.documents = {document.id: document for document in documents}
        self.lexical_questions: list[tuple[str | None, str]] = []

    def document(self, document_id: str) -> Document:
        return self.documents[document_id]

    def editions(self, document_ids: Iterable[str]) -> dict[str, Edition]:
        return {of: self.documents[of].edition for of in document_ids}

    def chunks(self, chunk_ids: Sequence[str]) -> list[tuple[Document, Chunk]]:
        held = {c.id: (d, c) for d in self.documents.values() for c in d.chunks}
        return [held[wanted] for wanted in chunk_ids]

    def embedder(self) -> BagOfWords:
        return BagOfWords()

    def _chunks(self, document_ids: Collection[str]) -> list[Chunk]:
        return [c for i in document_ids for c in self.documents[i].chunks]

    def dense_search(
        self, vectors: Vectors, *, top_k: int, document_ids: Collection[str]
    ) -> list[list[Hit]]:
        chunks = self._chunks(document_ids)
        scores = vectors @ BagOfWords().embed_passages([c.text for c in chunks]).T
        return [
            best_hits([Hit(c.id, float(s)) for c, s in zip(chunks, row, strict=True)], top_k)
            for row in scores
        ]

    def lexical_search(
        self, text: str, *, language: str | None = None, top_k: int, document_ids: Collection[str]
    ) -> list[Hit]:
        self.lexical_questions.append((language, text))
        wanted = set(text.casefold().split())
        hits = [
            Hit(c.id, float(len(wanted & set(c.text.casefold().split()))))
            for c in self._chunks(document_ids)
        ]
        hits = [h for h in hits if h.score]
        return sorted(hits, key=lambda h: (-h.score, h.chunk_id))[:top_k]


class Longest:
    """A reranker that likes long texts; knows English alone."""

    languages = frozenset({"en"})
    fingerprint = "longest"

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        return [len(text) / 1000 for text in texts]


def make(
    document_id: str,
    language: str,
    *sections: tuple[str, str],
    programme: str | None = None,
) -> Document:
    text = "".join(f"{body}\n" for _, body in sections)
    parts, chunks, at = [], [], 0
    for ordinal, (heading, body) in enumerate(sections):
        span = Span(at, at + len(body))
        parts.append(Section(headings=(heading,), span=Span(at, at + len(body) + 1)))
        chunks.append(
            Chunk(
                id=chunk_id(document_id, span, body),
                document_id=document_id,
                ordinal=ordinal,
                span=span,
                text=body,
                headings=(heading,),
            )
        )
        at += len(body) + 1
    return Document(
        id=document_id,
        file=f"{document_id}.pdf",
        sha256=document_id,
        edition=Edition(title=document_id, language=language, programme=programme),
        text=text,
        pages=(Page(number=1, span=Span(0, len(text))),),
        sections=tuple(parts),
        chunks=tuple(chunks),
    )


ENGLISH = make(
    "en",
    "en",
    ("Cooperation Partnerships", "the deadline is in march"),
    ("Small-scale Partnerships", "the deadline is in march too"),
    ("Virtual Exchanges", "a lump sum"),
    programme="Erasmus+",
)
GREEK = make(
    "el",
    "el",
    ("Συμπράξεις συνεργασίας", "η προθεσμία είναι"),
    ("Άλλα", "κάτι άλλο"),
    programme="Erasmus+",
)


def retriever(shelf: Shelf, reranker: Longest | None = None) -> Retriever:
    return Retriever(
        library=shelf,
        lexicon=load_lexicon(),
        reranker=reranker,
        settings=RetrievalSettings(),
    )


def query(text: str, *document_ids: str, **more: object) -> Query:
    return make_query(text, document_ids=document_ids, **more)


def test_dense_and_lexical_are_fused_and_say_who_found_what() -> None:
    found = retriever(Shelf(ENGLISH)).retrieve(query("lump sum", "en"))
    best = found.passages[0]
    assert best.chunk.text == "a lump sum"
    assert dict(best.found_by) == {"dense": 1, "lexical:en": 1}
    assert [p.rank for p in found.passages] == [1, 2, 3]
    assert 0 < best.score <= 1
    assert not best.reranked


def test_the_heading_that_names_the_action_decides_between_equal_texts() -> None:
    headings = ("small-scale partnerships",)
    found = retriever(Shelf(ENGLISH)).retrieve(query("deadline march", "en", headings=headings))
    assert found.passages[0].chunk.headings == ("Small-scale Partnerships",)
    other = ("cooperation partnerships",)
    found = retriever(Shelf(ENGLISH)).retrieve(query("deadline march", "en", headings=other))
    assert found.passages[0].chunk.headings == ("Cooperation Partnerships",)
    assert len(found.passages) == 3


def test_a_heading_names_an_action_in_quotation_marks_too() -> None:
    heading = "MOBILITY PROJECTS FOR YOUNG PEOPLE – ‘YOUTH EXCHANGES’"
    guide = make("yp", "en", (heading, "the deadline is in march"), ("B", "the deadline in march"))
    name = fold(load_lexicon().actions["youth-exchanges"].name("en"))
    asked = query("deadline march", "yp", headings=(name,))
    found = retriever(Shelf(guide)).retrieve(asked).passages
    assert [names_asked(asked, passage) for passage in found] == [True, False]


def test_across_languages_the_lexical_search_sees_known_names_alone() -> None:
    shelf = Shelf(ENGLISH, GREEK)
    question = query("deadline?", "en", "el", actions=("cooperation-partnerships",))
    retriever(shelf).retrieve(question)
    assert ("el", "Συμπράξεις συνεργασίας") in shelf.lexical_questions
    shelf = Shelf(GREEK)
    retriever(shelf).retrieve(query("deadline?", "el", actions=("cooperation-partnerships",)))
    assert shelf.lexical_questions == [("el", "Συμπράξεις συνεργασίας")]


def test_words_that_all_languages_share_raise_what_the_meaning_found() -> None:
    twins = make("de", "de", ("A", "punkte newton sammelte"), ("B", "punkte kepler sammelte"))
    shelf = Shelf(twins)
    found = retriever(shelf).retrieve(query("points of kepler", "de"))
    assert found.passages[0].chunk.text == "punkte kepler sammelte"
    assert shelf.lexical_questions == [(None, "points of kepler")]
    both = Shelf(twins, ENGLISH)
    retriever(both).retrieve(query("points of kepler", "de", "en"))
    assert {language for language, _ in both.lexical_questions} == {"en"}


def test_the_reranker_orders_what_it_can_read() -> None:
    found = retriever(Shelf(ENGLISH, GREEK), Longest()).retrieve(query("lump sum", "en", "el"))
    texts = [p.chunk.text for p in found.passages]
    assert texts[0] == "the deadline is in march too"
    assert [p.reranked for p in found.passages] == [True, True, True, False, False]
    assert sorted((p.score for p in found.passages), reverse=True) == [
        p.score for p in found.passages
    ]


def test_a_question_in_a_language_the_reranker_does_not_know_is_read_by_meaning() -> None:
    asked = query("lump sum", "en", language="de")
    found = retriever(Shelf(ENGLISH), Longest()).retrieve(asked)
    assert not any(p.reranked for p in found.passages)
    assert all(p.alike for p in found.passages)
    assert found.passages[0].chunk.text == "a lump sum"
    unread = retriever(Shelf(ENGLISH)).retrieve(asked)
    assert not any(p.alike for p in unread.passages)


def test_terms_of_programmes_are_looked_for_in_their_guides_alone() -> None:
    for shelf, words in (
        (Shelf(ENGLISH), [("en", "deadline submit apply")]),
        (Shelf(make("x", "en", ("A", "b"))), []),
    ):
        asked = query("Frist?", *shelf.documents, language="de", terms=("deadline submit apply",))
        retriever(shelf).retrieve(asked)
        assert [found for found in shelf.lexical_questions if found[0]] == words


def test_a_comparison_takes_from_each_edition_in_turn() -> None:
    old = make("old", "en", ("A", "deadline march old"), ("B", "lump sum"))
    new = make("new", "en", ("A", "deadline march new"), ("B", "lump sum"))
    found = retriever(Shelf(old, new)).retrieve(
        query("deadline march", "new", "old", compare=("new", "old")), top_k=3
    )
    assert [p.document.id for p in found.passages] == ["new", "old", "new"]
    assert len(found.passages) == 3


def test_the_same_text_is_shown_once_a_document() -> None:
    twice = make("twice", "en", ("A", "lump sum"), ("B", "lump  sum"), ("C", "travel"))
    found = retriever(Shelf(twice)).retrieve(query("lump sum", "twice"))
    assert [p.chunk.text.split() for p in found.passages] == [["lump", "sum"], ["travel"]]


@pytest.mark.parametrize("top_k", [1, 2])
def test_top_k_bounds_the_list(top_k: int) -> None:
    found = retriever(Shelf(ENGLISH)).retrieve(query("deadline", "en"), top_k=top_k)
    assert len(found.passages) == top_k


def test_no_document_no_passage() -> None:
    assert retriever(Shelf(ENGLISH)).retrieve(query("deadline")).passages == ()


class Sure(Longest):
    """Scores each passage alike, and counts what it reads."""

    def __init__(self, score: float) -> None:
        self.certain, self.read, self.longest = score, 0, 0

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        self.read += len(texts)
        self.longest = max(len(text.split()) for text in texts)
        return [self.certain for _ in texts]


@pytest.mark.parametrize(
    ("others", "read"),
    [
        (min(HURRIED)[0] - 1, RetrievalSettings().rerank_candidates),
        *HURRIED,
    ],
)
def test_less_is_read_while_many_ask(others: int, read: int) -> None:
    sections = [("Part", f"deadline {'and so on ' * n}in march") for n in range(20)]
    reranker = Sure(0.1)
    asked = retriever(Shelf(make("many", "en", *sections)), reranker)
    with ExitStack() as stack:
        for _ in range(others):
            stack.enter_context(asked.readers.one_more())
        found = asked.retrieve(query("deadline march", "many"), top_k=20)
    assert reranker.read == sum(p.reranked for p in found.passages) == read
    asked.retrieve(query("deadline march", "many"), top_k=20)
    assert reranker.read == read + RetrievalSettings().rerank_candidates


def test_little_of_a_passage_is_read_while_very_many_ask() -> None:
    rules = " ".join(f"Rule {n} says when the deadline in march is met." for n in range(30))
    reranker = Sure(0.1)
    asked = retriever(Shelf(make("many", "en", ("Part", rules))), reranker)
    asked.retrieve(query("deadline march", "many"))
    usual = reranker.longest
    with ExitStack() as stack:
        for _ in range(max(HURRIED)[0]):
            stack.enter_context(asked.readers.one_more())
        asked.retrieve(query("deadline march", "many"))
    assert reranker.longest < HURRIED_WORDS + len("Rule 1 says when the deadline in march is met.")
    assert reranker.longest < usual / 1.5


@pytest.mark.parametrize(
    ("score", "read"),
    [(0.9, RetrievalSettings().rerank_first), (0.1, RetrievalSettings().rerank_candidates)],
)
def test_reading_goes_on_where_nothing_convinces(score: float, read: int) -> None:
    sections = [("Part", f"deadline {'and so on ' * n}in march") for n in range(20)]
    reranker = Sure(score)
    found = retriever(Shelf(make("many", "en", *sections)), reranker).retrieve(
        query("deadline march", "many"), top_k=20
    )
    assert reranker.read == read
    assert sum(p.reranked for p in found.passages) == read
    assert [p.score for p in found.passages] == sorted(
        (p.score for p in found.passages), reverse=True
    )
