"""Which reranker reads what, and on which scale its scores are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.doubting import likelihood, log_odds
from assistant.reranking import HEADING_BOOST_READ, TUNED
from corpus.settings import RetrievalSettings
from tests.test_retrieval import ENGLISH, Longest, Shelf, Sure, make, query, retriever

OTHER = make("other", "en", ("Manual", "the deadline is in march"))


@pytest.mark.parametrize(("document", "of_programmes"), [(ENGLISH, True), (OTHER, False)])
def test_guides_of_programmes_are_read_by_the_reranker_that_was_tuned_on_them(
    document: object, of_programmes: bool
) -> None:
    usual, tuned = Sure(0.2), Sure(0.2)
    plain = retriever(Shelf(document), usual)  # type: ignore[arg-type]
    found = replace(plain, guide_reranker=tuned).retrieve(
        query("deadline march", "en" if of_programmes else "other")
    )
    assert bool(tuned.read) is of_programmes
    assert bool(usual.read) is not of_programmes
    assert all(passage.tuned is of_programmes for passage in found.passages)
    read_as = likelihood((TUNED if of_programmes else 1.0) * log_odds(0.2))
    unnamed = found.passages[0].score * (1 + HEADING_BOOST_READ)
    assert unnamed == pytest.approx(read_as)


def test_without_a_tuned_one_the_usual_reranker_reads_guides() -> None:
    usual = Sure(0.2)
    found = retriever(Shelf(ENGLISH), usual).retrieve(query("deadline march", "en"))
    assert usual.read == len(found.passages)
    assert not any(passage.tuned for passage in found.passages)


def test_what_convinces_the_tuned_reranker_ends_its_reading() -> None:
    sections = [("Part", f"deadline {'and so on ' * n}in march") for n in range(20)]
    guide = replace(make("many", "en", *sections), edition=replace(ENGLISH.edition, title="many"))
    settings = RetrievalSettings()
    for score, read in ((0.6, settings.rerank_first), (0.4, settings.rerank_candidates)):
        tuned = Sure(score)
        replace(retriever(Shelf(guide), Longest()), guide_reranker=tuned).retrieve(
            query("deadline march", "many")
        )
        assert tuned.read == read
