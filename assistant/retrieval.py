"""From a query to ranked passages: dense and lexical search, fused, then reranked.

Searched for twice, each time by meaning and by words: the question as asked, and the question
with the names that guides give to the actions it means. The first keeps general rules in sight
that no chapter of an action holds.

Only rankings that can match are fused: across languages there is a lexical search only in guides,
for the heading words of what is named and the terms that are known in the guide's language; where
the reranker does not know the language of question or passage, meaning takes its place.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from assistant.deadlines import MOST as MOST_DEADLINES
from assistant.deadlines import deadline_chunks
from assistant.fusion import (
    Ranking,
    Rated,
    both_ways,
    by_worth,
    distinct,
    fuse,
    rate_head,
    with_leaders,
    with_shared_words,
)
from assistant.lexicon import Lexicon, fold
from assistant.library import Library
from assistant.meaning import READ, Meaning
from assistant.model import Passage, Query
from assistant.peoples import countries_added
from assistant.readers import Readers
from assistant.readings import Readings
from assistant.reranking import FACT_BOOST, boost_of, knows, read_passages
from assistant.siblings import Told, ranking, told_by
from assistant.vocabulary import said_in_guides
from assistant.wanted import kinds_wanted
from assistant.worth import Stems
from corpus.language import DEFAULT
from corpus.model import Chunk, Document
from corpus.settings import RetrievalSettings
from corpus.store import Hit
from corpus.tokens import tokenizer

if TYPE_CHECKING:
    from assistant.rerank import Reranker

HEADING_BOOST = 1.0
"""Added to the fused score, as a share of it, where the heading path names what is asked for."""
SIBLING = 3.0
"""Weight of what is like the answer of a sibling, beside two for each other way to search."""


_NO_QUOTES = dict.fromkeys(map(ord, "‘’“”«»\"'"))
"""Guides put names into quotation marks where they are headings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Documents that are searched together, and what was found in them.

    Attributes:
        passages: best first.
        rated: what the units of the best of them are worth.
        told: what answers in a sibling of them.
    """

    document_ids: tuple[str, ...]
    passages: list[Passage]
    rated: Rated
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What a search found, before the reranker reads the best of it.

    Attributes:
        groups: one, or for a comparison each edition apart.
        read: the best of each group, as many as are read.
        retrieve_ms: how long it took.
    """

    groups: tuple[Group, ...]
    read: tuple[Passage, ...]
    retrieve_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Passages, best first, and how long the two steps took.

    Attributes:
        also: what was found besides for parts of the question (`assistant.missed_parts`).
        readings: what was read of the units that may lead an answer.
    """

    passages: tuple[Passage, ...]
    retrieve_ms: float
    rerank_ms: float
    also: tuple[Passage, ...] = ()
    readings: Readings = field(default_factory=Readings)


@lru_cache(maxsize=65_536)
def stems_of(text: str, language: str) -> tuple[str, ...]:
    """The words of a text as the lexical index has them."""
    return tuple(tokenizer(language)(text))


@dataclass(frozen=True, kw_only=True)
class Retriever:
    """Finds passages for queries in one library.

    Attributes:
        reranker: reads passages; None reads none.
        guide_reranker: reads those of official guides of programmes in its place.
    """

    library: Library
    lexicon: Lexicon
    reranker: Reranker | None
    settings: RetrievalSettings
    guide_reranker: Reranker | None = None
    stems: Stems = stems_of
    readers: Readers = field(default_factory=Readers)

    @cached_property
    def _beside(self) -> ThreadPoolExecutor:
        """Where questions are embedded while their words are looked up."""
        return ThreadPoolExecutor(thread_name_prefix="embed")

    @cached_property
    def meaning(self) -> Meaning:
        """Reads where the reranker cannot."""
        return Meaning(self.library.embedder())

    def retrieve(self, query: Query, *, top_k: int | None = None) -> Found:
        """The best passages: searched for, then read."""
        with self.readers.one_more():
            return self.read(query, self.search(query), top_k=top_k)

    def search(self, query: Query) -> Candidates:
        """What meaning and words find; nothing for a query without documents."""
        groups: list[tuple[str, ...]] = [(edition,) for edition in query.compare]
        groups = groups or [query.document_ids]
        start = time.perf_counter()
        found = tuple(self._fuse(query, group) for group in groups if group)
        most = self.settings.rerank_candidates
        return Candidates(
            groups=found,
            read=tuple(p for group in found for p in group.passages[:most]),
            retrieve_ms=(time.perf_counter() - start) * 1000,
        )

    def read(self, query: Query, candidates: Candidates, *, top_k: int | None = None) -> Found:
        """The best passages; for a comparison those of each edition in turn.

        Args:
            query: as understood.
            candidates: what was found for it.
            top_k: how many at most; the setting `retrieval.top_k` where None.
        """
        wanted = top_k or self.settings.top_k
        start = time.perf_counter()
        ranked = [
            self._with_deadlines(
                query, group.document_ids, with_leaders(self._rerank(query, group))
            )[:wanted]
            for group in candidates.groups
        ]
        merged = _in_turn(ranked)[:wanted]
        return Found(
            passages=tuple(replace(p, rank=i) for i, p in enumerate(merged, start=1)),
            retrieve_ms=candidates.retrieve_ms,
            rerank_ms=(time.perf_counter() - start) * 1000,
        )

    def _fuse(self, query: Query, document_ids: tuple[str, ...]) -> Group:
        top_k = self.settings.candidates
        names = self._added_words(query, query.language, terms=False)
        named = f"{query.search_text} {names}".strip()
        dense = both_ways("dense", query.search_text, named)
        embed = self.library.embedder().embed_queries
        # The model works outside Python: words are looked up meanwhile.
        embedding = self._beside.submit(embed, [text for text, _ in dense.values()])
        rankings = self._by_words(query, document_ids)
        vectors = embedding.result()
        found = self.library.dense_search(vectors, top_k=top_k, document_ids=document_ids)
        shared = self._shared_words(query, document_ids)
        if shared:
            found = [with_shared_words(hits, shared) for hits in found]
        for (name, (_, weight)), hits in zip(dense.items(), found, strict=True):
            rankings[name] = Ranking(hits=hits, weight=weight)
        told = self._told(query, document_ids)
        if told:
            near = self.library.dense_search(
                self.meaning.vectors_of([unit.path for unit in told]),
                top_k=top_k,
                document_ids=document_ids,
            )
            ids = list({hit.chunk_id: None for hits in near for hit in hits})
            held = dict(zip(ids, self.library.chunks(ids), strict=True))
            ordered = ranking(told, near, held, self.lexicon)
            rankings["sibling"] = Ranking(hits=ordered[:top_k], weight=SIBLING)
        fused = self._fused_passages(query, rankings)
        rated = rate_head(query, fused, self.stems)
        return Group(
            document_ids=document_ids, passages=by_worth(fused, rated), rated=rated, told=told
        )

    def _told(self, query: Query, document_ids: tuple[str, ...]) -> tuple[Told, ...]:
        """What answers in editions in the asker's language, where none of these is in it."""
        asked = query.siblings or query.compare
        editions = self.library.editions(asked)
        own = tuple(of for of, e in editions.items() if e.language == query.language)
        siblings = own or tuple(of for of in query.siblings if editions[of].language == DEFAULT)
        languages = {e.language for e in self.library.editions(document_ids).values()}
        readable = {query.language, *(editions[of].language for of in siblings)}
        if not siblings or languages & readable:
            return ()
        group = self._fuse(query, siblings)
        return told_by(group.passages, group.rated, self.lexicon)

    def _by_words(self, query: Query, document_ids: tuple[str, ...]) -> dict[str, Ranking]:
        by_language: dict[str, list[str]] = defaultdict(list)
        for document_id, edition in self.library.editions(document_ids).items():
            # The terms that are known across languages are those of programmes.
            if edition.language == query.language or edition.programme:
                by_language[edition.language].append(document_id)
        rankings: dict[str, Ranking] = {}
        for language, ids in by_language.items():
            added = self._added_words(query, language)
            if language != query.language:
                texts = {f"known-words:{language}": (added, 1.0)}
            else:
                named = f"{query.search_text} {added}".strip()
                texts = both_ways(f"lexical:{language}", query.search_text, named)
            for name, (text, weight) in texts.items():
                if text.strip():
                    hits = self.library.lexical_search(
                        text, language=language, top_k=self.settings.candidates, document_ids=ids
                    )
                    rankings[name] = Ranking(hits=hits, weight=weight)
        return rankings

    def _shared_words(self, query: Query, document_ids: tuple[str, ...]) -> list[Hit]:
        """Passages by the words that they share with a question in another language than all.

        Not where the question names an action or a field: their names in the guides say more.
        """
        languages = {e.language for e in self.library.editions(document_ids).values()}
        if query.language in languages or query.actions or query.fields:
            return []
        return self.library.lexical_search(
            query.search_text, top_k=self.settings.candidates, document_ids=document_ids
        )

    def _added_words(self, query: Query, language: str, *, terms: bool = True) -> str:
        """Heading words of named actions and fields in a language, guide terms, countries."""
        folded = fold(query.search_text)
        words = [self.lexicon.actions[action].name(language) for action in query.actions]
        if language == "en":
            words += [self.lexicon.fields[f] for f in query.fields]
        words += countries_added(query, language)
        if terms:
            words += said_in_guides(query.terms, language)
        return " ".join(word for word in words if fold(word) not in folded)

    def _fused_passages(self, query: Query, rankings: Mapping[str, Ranking]) -> list[Passage]:
        fused = fuse(rankings, rrf_k=self.settings.rrf_k)
        kinds = kinds_wanted(query)
        read = self.reranker is not None and knows(self.reranker, query.language)
        # Fused scores of neighbours differ by little: without a reader the boost would be a jump.
        fact = FACT_BOOST if read else 0.0
        passages = []
        held = self.library.chunks(list(fused))
        for (document, chunk), (score, found_by) in zip(held, fused.values(), strict=True):
            passage = Passage(
                rank=1, score=score, chunk=chunk, document=document, found_by=found_by
            )
            passage = replace(passage, named=names_asked(query, passage))
            boost = boost_of(passage, kinds, heading=HEADING_BOOST, fact=fact)
            passages.append(replace(passage, score=passage.score * boost))
        passages.sort(key=lambda p: (-p.score, p.chunk.id))
        return distinct(passages)

    def _with_deadlines(
        self, query: Query, document_ids: Sequence[str], ranked: list[Passage]
    ) -> list[Passage]:
        """The ranking led by the deadlines of the actions asked about, where these are asked.

        Such a passage is a line of a table; what it is about stands only in the headings above.
        """
        if not query.about_deadline or not query.headings:
            return ranked
        known = {passage.chunk.id: passage for passage in ranked}
        best = ranked[0].score if ranked else 1.0
        telling = [
            known.get(chunk.id) or Passage(rank=1, score=best, chunk=chunk, document=document)
            for document_id, edition in self.library.editions(document_ids).items()
            if edition.year is not None
            for document in (self.library.document(document_id),)
            for chunk in deadline_chunks(document)
        ]
        telling = [passage for passage in telling if names_asked(query, passage)]
        telling.sort(key=lambda p: -p.score if p.chunk.id in known else 0.0)
        first = [
            replace(p, score=best, named=True, found_by=(*p.found_by, ("deadlines", rank)))
            for rank, p in enumerate(telling[:MOST_DEADLINES], start=1)
        ]
        ids = {passage.chunk.id for passage in first}
        return first + [passage for passage in ranked if passage.chunk.id not in ids]

    def _rerank(self, query: Query, group: Group) -> list[Passage]:
        reranker, candidates = self.reranker, group.passages
        if reranker is None or not candidates:
            return candidates
        best = candidates[0].document.edition
        # Else what it can read would come before the best that it cannot.
        if not knows(reranker, best.language) or not knows(reranker, query.language):
            most = self.readers.most(READ)
            return self.meaning.read(query, candidates, self.stems, most=most, told=group.told)
        names = self._added_words(query, query.language, terms=False)
        of_guides = best.programme is not None and best.official
        tuned = self.guide_reranker if of_guides else None
        return read_passages(
            query,
            f"{query.search_text} {names}".strip(),
            candidates,
            group.rated,
            reranker=tuned or reranker,
            tuned=tuned is not None,
            settings=self.settings,
            readers=self.readers,
        )


def names_asked(query: Query, passage: Passage) -> bool:
    """Whether the heading path, or the title of a document without a year, names what is asked."""
    path = fold_path(passage.document, passage.chunk)
    return any(heading in path for heading in query.headings)


def fold_path(document: Document, chunk: Chunk) -> str:
    """What stands above a passage, folded."""
    title = document.edition.title if document.edition.year is None else ""
    return fold(" ".join((title, *chunk.headings, chunk.context)).translate(_NO_QUOTES))


def _in_turn(ranked: Sequence[Sequence[Passage]]) -> list[Passage]:
    """First of each list, then second of each, and so on."""
    longest = max((len(passages) for passages in ranked), default=0)
    return [passages[i] for i in range(longest) for passages in ranked if i < len(passages)]
