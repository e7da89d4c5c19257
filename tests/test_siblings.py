"""A question put to an edition in another language is led by one in the asker's own."""

from __future__ import annotations

import pytest

from assistant.editions import siblings_of
from assistant.model import Passage
from assistant.siblings import MOST, Told, ranking, told_by
from corpus.model import Edition
from corpus.store import Hit
from tests.builders import make_document
from tests.conftest import Open


def edition(year: int | None, language: str, version: str = "1", name: str = "Erasmus+") -> Edition:
    return Edition(title="Guide", programme=name, year=year, version=version, language=language)


HELD = [
    ("el-2021", edition(2021, "el")),
    ("el-2025", edition(2025, "el")),
    ("en-2023-v1", edition(2023, "en")),
    ("en-2023-v3", edition(2023, "en", "3")),
    ("en-2026", edition(2026, "en")),
    ("horizon", edition(2026, "en", name="Horizon Europe")),
    ("handbook", edition(None, "el")),
]


@pytest.mark.parametrize(
    ("documents", "language", "siblings"),
    [
        (["el-2025"], "en", ("en-2026",)),
        (["el-2021"], "en", ("en-2023-v3",)),
        (["el-2021", "el-2025"], "en", ("en-2023-v3", "en-2026")),
        (["en-2026"], "el", ("el-2025",)),
        (["en-2026", "horizon"], "el", ("el-2025",)),
        (["en-2026", "el-2025"], "el", ()),
        (["en-2026"], "en", ()),
        (["el-2025"], "fr", ("en-2026",)),
        (["handbook"], "en", ()),
        ([], "en", ()),
    ],
)
def test_the_edition_nearest_in_time_in_the_askers_language_tells(
    documents: list[str], language: str, siblings: tuple[str, ...]
) -> None:
    assert siblings_of(documents, HELD, language) == siblings


OWN = make_document(
    "erasmus-2026-en",
    headings=("KEY ACTION 2 › SMALL-SCALE PARTNERSHIPS", "KEY ACTION 1 › YOUTH EXCHANGES"),
    pages=(
        [
            "The lump sums of Small-scale Partnerships are EUR 30 000 and EUR 60 000.",
            "Any public or private organisation can apply for a partnership of this kind.",
            "Applications are marked out of 100 points.",
        ],
        [
            "A youth exchange takes between 5 and 21 days, excluding travel days.",
            "The groups (how big, young people in each) have four members each.",
        ],
    ),
)
OTHER = make_document(
    "erasmus-2025-de",
    headings=("LEITAKTION 2 › KLEINERE PARTNERSCHAFTEN", "LEITAKTION 1 › JUGENDBEGEGNUNGEN"),
    pages=(
        [
            "Kleinere Partnerschaften erhalten Pauschalbeträge von 20 000 EUR und 50 000 EUR.",
            "Jede öffentliche oder private Einrichtung kann eine solche Partnerschaft beantragen.",
            "Die Anträge werden auf 100 Punkte bewertet.",
        ],
        [
            "Eine Jugendbegegnung dauert zwischen 5 und 21 Tagen, ohne Reisetage.",
            "Die Gruppen haben je vier Mitglieder.",
        ],
    ),
    language="de",
    year=2025,
)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        (
            "Erasmus+ 2025: how big are the groups of young people?",
            "Die Gruppen haben je vier Mitglieder.",
        ),
        (
            "Erasmus+ 2025: how many points can an application of small-scale partnerships get?",
            "Die Anträge werden auf 100 Punkte bewertet.",
        ),
    ],
)
def test_what_another_edition_answers_is_found_where_this_one_says_it(
    opened: Open, question: str, quote: str
) -> None:
    answer = opened(OWN, OTHER).ask(question)
    assert answer.text.splitlines()[0] == f"{quote} [1]"
    assert {c.document_id for c in answer.citations} == {"erasmus-2025-de"}


def test_where_an_edition_is_compared_the_other_one_tells(opened: Open) -> None:
    assistant = opened(OWN, OTHER)
    query, _ = assistant.search("Marks of small-scale partnerships in points, 2025 and 2026")
    assert query.compare == ("erasmus-2026-en", "erasmus-2025-de")
    of_own, of_other = assistant.retriever.search(query).groups
    assert not of_own.told
    assert of_other.told[0].text == "Applications are marked out of 100 points."


def told(behind: float, *, chapters: frozenset[str] = frozenset(), place: float = 0.0) -> Told:
    return Told(text="", path="", chapters=chapters, place=place, behind=behind)


def test_a_passage_counts_by_the_unit_that_it_is_most_like(opened: Open) -> None:
    lexicon = opened(OWN).lexicon
    held = {chunk.id: (OTHER, chunk) for chunk in OTHER.chunks}
    sums, apply, points, days, groups = held
    hits = [
        [Hit(chunk_id=sums, score=0.9), Hit(chunk_id=apply, score=0.7)],
        [Hit(chunk_id=apply, score=0.95), Hit(chunk_id=points, score=0.89)],
    ]
    found = ranking([told(0.0), told(4.0)], hits, held, lexicon)
    assert [hit.chunk_id for hit in found] == [sums, apply, points]

    # The chapter of another action, and a place far away, count less.
    partnerships = frozenset({"small-scale-partnerships"})
    hits = [[Hit(chunk_id=days, score=0.9), Hit(chunk_id=sums, score=0.89)]]
    assert ranking([told(0.0, place=0.6)], hits, held, lexicon)[0].chunk_id == days
    near = ranking([told(0.0, chapters=partnerships, place=0.6)], hits, held, lexicon)
    assert near[0].chunk_id == sums
    hits = [[Hit(chunk_id=groups, score=0.9), Hit(chunk_id=sums, score=0.89)]]
    assert ranking([told(0.0, place=0.0)], hits, held, lexicon)[0].chunk_id == sums
    assert ranking([told(0.0, place=1.0)], hits, held, lexicon)[0].chunk_id == groups


def test_what_is_worth_little_tells_nothing(opened: Open) -> None:
    assistant = opened(OWN)
    query, passages = assistant.search("What are the lump sums of Small-scale Partnerships?")
    group = assistant.retriever.search(query).groups[0]
    found = told_by(passages, group.rated, assistant.lexicon)
    assert 1 <= len(found) <= MOST
    assert found[0].behind == 0.0
    assert "lump sums" in found[0].text
    assert "SMALL-SCALE PARTNERSHIPS" in found[0].path
    assert found[0].chapters == {"small-scale-partnerships"}
    assert list(found) == sorted(found, key=lambda unit: unit.behind)
    nothing: list[Passage] = []
    assert told_by(nothing, group.rated, assistant.lexicon) == ()
