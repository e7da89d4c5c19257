"""Rankings made into one, and its best put in the order of what answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.fusion import (
    RATED,
    READ_WORDS,
    Ranking,
    both_ways,
    by_worth,
    distinct,
    fuse,
    most_telling,
    rate_head,
    with_leaders,
    with_shared_words,
)
from assistant.model import Asks, Passage, Query
from assistant.retrieval import stems_of
from corpus.store import Hit
from tests.builders import make_document


def passages(*texts: str, language: str = "en") -> list[Passage]:
    """One passage for each text, the first one likest the question."""
    document = make_document(pages=texts, language=language)
    return [
        Passage(rank=1, score=0.9 - 0.01 * number, chunk=chunk, document=document)
        for number, chunk in enumerate(document.chunks)
    ]


def query(question: str, language: str = "en") -> Query:
    return Query(
        question=question,
        search_text=question,
        topic=question,
        language=language,
        document_ids=("guide-2026-en",),
        asks=Asks.AMOUNT,
        wants=(Asks.AMOUNT,),
    )


def test_fused_scores_are_shares_of_the_most_there_can_be() -> None:
    rankings = {
        "dense": Ranking(hits=[Hit("a", 0.9), Hit("b", 0.8)], weight=1.0),
        "lexical": Ranking(hits=[Hit("b", 7.0)], weight=2.0),
    }
    most = 3 / 61
    fused = fuse(rankings, rrf_k=60)
    assert {key: score for key, (score, _) in fused.items()} == pytest.approx(
        {"a": 1 / 61 / most, "b": (1 / 62 + 2 / 61) / most}
    )
    assert fused["a"][1] == (("dense", 1),)
    assert fused["b"][1] == (("dense", 2), ("lexical", 1))


def test_a_search_with_and_without_names_counts_as_one_where_they_are_the_same() -> None:
    assert both_ways("dense", "q", "q") == {"dense": ("q", 2.0)}
    assert both_ways("dense", "q", "q n") == {"dense": ("q", 1.0), "dense:named": ("q n", 1.0)}


def test_shared_words_raise_a_little() -> None:
    near = [Hit("a", 0.86), Hit("b", 0.85), Hit("c", 0.80)]
    words = [Hit("c", 9.0), Hit("b", 4.0), Hit("z", 9.0)]
    raised = with_shared_words(near, words)
    assert [hit.chunk_id for hit in raised] == ["b", "a", "c"]
    assert raised[0].score == pytest.approx(0.862)
    assert with_shared_words(near, []) == near


def test_the_same_text_counts_once_in_a_document() -> None:
    found = passages("The grant  is paid.", "The grant is paid.", "It is not.")
    assert [p.chunk.ordinal for p in distinct(found)] == [0, 2]


ASKED = "How much is the grant for a preparatory visit?"
ABOUT = "A preparatory visit prepares a mobility; the grant for it is asked for in the form."
ANSWER = "The grant for a preparatory visit is 680 EUR."


def ordered(asked: Query, found: list[Passage]) -> list[Passage]:
    return by_worth(found, rate_head(asked, found, stems_of))


def test_what_answers_comes_before_what_is_only_about_it() -> None:
    ranked = ordered(query(ASKED), passages(ABOUT, "Other visits.", ANSWER))
    assert [p.chunk.text for p in ranked] == [ANSWER, ABOUT, "Other visits."]
    scores = [p.score for p in ranked]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0
    assert scores[-1] >= 0.0


def test_across_languages_the_order_of_the_searches_stays() -> None:
    found = passages(ABOUT, ANSWER)
    assert ordered(query("Wie hoch ist der Zuschuss?", "de"), found) == found
    assert ordered(query(ASKED), []) == []


def test_what_is_not_looked_at_stays_behind_in_its_order() -> None:
    texts = [f"Passage {number} of many." for number in range(RATED)] + [ANSWER, "The last one."]
    ranked = ordered(query(ASKED), passages(*texts))
    assert [p.chunk.text for p in ranked[RATED:]] == [ANSWER, "The last one."]
    scores = [p.score for p in ranked]
    assert scores == sorted(scores, reverse=True)


def test_of_a_long_passage_the_units_that_answer_are_read_in_their_order() -> None:
    filler = " ".join(f"Sentence {n} tells of something else altogether." for n in range(20))
    (long,) = passages(f"{ABOUT} {filler} {ANSWER}")
    rated = rate_head(query(ASKED), [long], stems_of)
    read = most_telling(long, rated[long.chunk.id])
    assert read.startswith(ABOUT)
    assert read.endswith(ANSWER)
    assert len(read.split()) <= READ_WORDS


def test_a_passage_that_is_short_or_was_not_rated_is_read_whole() -> None:
    (short,) = passages(f"{ABOUT} {ANSWER}")
    rated = rate_head(query(ASKED), [short], stems_of)
    assert most_telling(short, rated[short.chunk.id]) == short.chunk.text
    (long,) = passages("word " * 300)
    assert most_telling(long, ()) == long.chunk.text


def test_one_long_unit_is_read_though_it_is_too_long() -> None:
    (long,) = passages("the grant " * 200)
    rated = rate_head(query(ASKED), [long], stems_of)
    assert most_telling(long, rated[long.chunk.id]) == long.chunk.text.strip()


def test_what_one_search_found_first_is_among_the_first_ten() -> None:
    found = passages(*(f"Passage {number} of many." for number in range(14)))
    found[12] = replace(found[12], found_by=(("lexical:en", 1), ("dense", 27)))
    found[13] = replace(found[13], found_by=(("lexical:en", 2),))
    moved = with_leaders(found)
    assert [p.chunk.ordinal for p in moved[:6]] == [0, 1, 2, 3, 12, 4]
    scores = [p.score for p in moved]
    assert scores == sorted(scores, reverse=True)
    assert {p.chunk.id for p in moved} == {p.chunk.id for p in found}
    assert with_leaders(moved) == moved
    assert with_leaders(found[:3]) == found[:3]
