"""What the edition of another language says in the same place stands beside an answer."""

from __future__ import annotations

import pytest

from assistant.messages import load_messages
from assistant.model import Answer
from corpus.model import Document
from tests.builders import make_document
from tests.conftest import Open

SMALL = "KEY ACTION 2 › SMALL-SCALE PARTNERSHIPS"
EXCHANGES = "KEY ACTION 1 › YOUTH EXCHANGES"
ENGLISH = make_document(
    "erasmus-2026-en",
    headings=(SMALL, EXCHANGES),
    pages=(
        [
            "The lump sums of Small-scale Partnerships are EUR 30 000 and EUR 60 000.",
            "Any public or private organisation can apply for a partnership of this kind.",
            "Projects of this kind last between 6 and 24 months.",
        ],
        ["A youth exchange takes between 5 and 21 days, excluding travel days."],
    ),
)
GERMAN_PAGES = (
    [
        "Kleinere Partnerschaften erhalten Pauschalbeträge von 30 000 EUR und 60 000 EUR.",
        "Jede öffentliche oder private Einrichtung kann eine solche Partnerschaft beantragen.",
        "Projekte dieser Art dauern zwischen 6 und 24 Monaten.",
    ],
    ["Eine Jugendbegegnung dauert zwischen 5 und 21 Tagen, ohne Reisetage."],
)
GERMAN_HEADINGS = ("LEITAKTION 2 › KLEINERE PARTNERSCHAFTEN", "LEITAKTION 1 › JUGENDBEGEGNUNGEN")


def german(name: str = "erasmus-2026-de", **edition: int | str) -> Document:
    year = int(edition.get("year", 2026))
    version = str(edition.get("version", "1"))
    return make_document(
        name,
        headings=GERMAN_HEADINGS,
        pages=GERMAN_PAGES,
        language="de",
        year=year,
        version=version,
    )


def cited(answer: Answer) -> dict[str, str]:
    """Document and quote of each citation."""
    return {c.document_id: c.quote for c in answer.citations}


def test_an_answer_in_the_askers_own_edition_is_joined_by_the_english_one(opened: Open) -> None:
    assistant = opened(ENGLISH, german())
    answer = assistant.ask("Wie lange dauert eine Jugendbegegnung?")
    assert answer.edition is not None
    assert answer.edition[0] == "erasmus-2026-de"
    assert cited(answer) == {
        "erasmus-2026-de": GERMAN_PAGES[1][0],
        "erasmus-2026-en": "A youth exchange takes between 5 and 21 days, excluding travel days.",
    }
    said = load_messages().say("english_edition", "de", quote=cited(answer)["erasmus-2026-en"])
    assert answer.text.splitlines()[-1] == f"{said} [{len(answer.citations)}]"
    assert not answer.removed


def test_an_answer_in_english_is_joined_by_the_askers_own_edition(opened: Open) -> None:
    assistant = opened(ENGLISH, german())
    english = "erasmus-2026-en"
    answer = assistant.ask(
        "Wie hoch sind die Pauschalen für kleinere Partnerschaften in der englischen Fassung?"
    )
    assert set(cited(answer)) == {english, "erasmus-2026-de"}
    amounts = {quote.count("0 000") for quote in cited(answer).values()}
    assert amounts == {2}


@pytest.mark.parametrize(
    "others",
    [
        (),  # no edition in the language
        (german(year=2024),),  # of another year
    ],
)
def test_without_such_an_edition_nothing_is_added(
    opened: Open, others: tuple[Document, ...]
) -> None:
    answer = opened(ENGLISH, *others).ask("Wie lange dauert eine Jugendbegegnung 2026?")
    assert set(cited(answer)) == {"erasmus-2026-en"}


def test_who_asks_in_english_reads_english_alone(opened: Open) -> None:
    answer = opened(ENGLISH, german()).ask("How long does a youth exchange take?")
    assert set(cited(answer)) == {"erasmus-2026-en"}


def test_other_figures_in_the_same_place_are_not_the_same(opened: Open) -> None:
    other = make_document(
        "erasmus-2026-de",
        headings=GERMAN_HEADINGS,
        pages=(GERMAN_PAGES[0], ["Eine Jugendbegegnung dauert zwischen 5 und 20 Tagen."]),
        language="de",
    )
    answer = opened(ENGLISH, other).ask("Wie lange dauert eine Jugendbegegnung?")
    assert set(cited(answer)) == {"erasmus-2026-de"}


def test_the_newest_version_of_the_edition_is_read(opened: Open) -> None:
    newer = german("erasmus-2026-v3-de", version="3")
    answer = opened(ENGLISH, newer).ask("Wie lange dauert eine Jugendbegegnung?")
    assert set(cited(answer)) == {"erasmus-2026-v3-de", "erasmus-2026-en"}
