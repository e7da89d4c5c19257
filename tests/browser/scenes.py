"""Answers of every kind, for the tests of the window and for its pictures."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from assistant.model import (
    Answer,
    Calculation,
    Citation,
    Condition,
    Deadline,
    Factor,
    Met,
    Note,
    NoteKind,
    Section,
    Status,
)
from tests.web import HOSTILE, citation, document, edition, passage

GUIDE = document()
OLDER = document("erasmus-plus-2025-v2-en", of=edition(2025))

QUESTION = "How much money can a Small-scale Partnership get?"
CONDITIONS = "We are a sport club founded last year: can we apply for a Small-scale Partnership?"
SUM = "What do 4 participants get for a stay of 10 days, at 55 EUR a day?"
DEADLINE = "When is the deadline for Small-scale Partnerships?"
CLARIFY = "What is the deadline for partnerships?"
COMPARE = "What changed in the lump sums between 2025 and 2026?"
DIFFERS = "How much can a Small-scale Partnership get in 2026?"
REFUSAL = "Who will win?"
LEFT_OUT = "Who could apply in 2025?"

FOLLOW_UPS = (
    "How long can a Small-scale Partnership last?",
    "Who can take part in a Small-scale Partnership?",
)


def answers() -> dict[str, Answer]:
    """By question."""
    made = (_good(), _hostile(), _conditions(), _sum(), _deadline(), _clarify(), _compare())
    return {answer.question: answer for answer in (*made, _differs(), _refusal(), _left_out())}


def _answer(question: str, text: str, *citations: Citation, **more: object) -> Answer:
    fields: dict[str, object] = {
        "question": question,
        "status": Status.ANSWERED,
        "text": text,
        "language": "en",
        "edition": (GUIDE.id, GUIDE.edition),
        "citations": citations,
        "passages": (passage(GUIDE),),
        "searched": "Small-scale Partnerships, 2026",
    }
    return Answer(**(fields | more))  # type: ignore[arg-type]


def _good() -> Answer:
    return _answer(
        QUESTION,
        "A lump sum of EUR 30 000. [1]\nOr one of EUR 60 000. [2]",
        citation(GUIDE),
        citation(GUIDE, number=2, quote="EUR 60 000"),
        notes=(
            Note("Quotes are in the language of the guide.", NoteKind.ENGLISH_PREVAILS),
            Note("The library holds a newer edition.", NoteKind.OLDER_EDITION),
        ),
        suggestions=FOLLOW_UPS,
    )


def _hostile() -> Answer:
    return _answer(
        "hostile",
        f"{HOSTILE} [1]",
        citation(GUIDE, quote=HOSTILE),
        status=Status.PARTLY,
        edition=None,
        notes=(Note(HOSTILE),),
        searched=HOSTILE,
        conditions=(Condition(text=HOSTILE, citation=1, said=HOSTILE),),
        suggestions=(HOSTILE,),
    )


def _conditions() -> Answer:
    return _answer(
        CONDITIONS,
        "Any public or private organisation established in an EU Member State can apply. [1]",
        citation(GUIDE, quote="The lump sums are EUR 30 000"),
        status=Status.PARTLY,
        conditions=(
            Condition(
                text="Any public or private organisation",
                citation=1,
                met=Met.MET,
                said="a sport club",
            ),
            Condition(
                text="Legally established for at least two years on the date of the deadline",
                citation=1,
                met=Met.NOT_MET,
                said="founded last year",
            ),
            Condition(text="Established in an EU Member State or associated country", citation=1),
        ),
        notes=(Note("Two pages of the guide were not read.", NoteKind.INCOMPLETE),),
    )


def _sum() -> Answer:
    return _answer(
        SUM,
        "They get EUR 2 200 in all. [1]",
        citation(
            GUIDE,
            quote="Activity | Days 1-14 | From day 15\nGroup 1 | EUR 60 | EUR 42\n"
            "Group 2 | EUR 55 | EUR 39",
        ),
        calculation=Calculation(
            factors=(
                Factor(value="55 EUR", label="a day", citation=1),
                Factor(value="4", label="participants"),
                Factor(value="10", label="days"),
            ),
            result="2 200 EUR",
        ),
    )


def _deadline() -> Answer:
    brussels = ZoneInfo("Europe/Brussels")
    rounds = "Two rounds: 5 March 2026 and 1 October 2026, both at 12:00 (midday Brussels time)."
    return _answer(
        DEADLINE,
        f"{rounds} [1]",
        citation(GUIDE, quote=rounds),
        deadlines=(
            Deadline(
                moment=datetime(2026, 3, 5, 12, tzinfo=brussels),
                what="Applications in the fields of school education, VET and adult education",
                citation=1,
                days=-3,
            ),
            Deadline(
                moment=datetime(2026, 10, 1, 12, tzinfo=brussels),
                what="Applications in the field of youth, where the National Agency opens a round",
                citation=1,
                days=12,
            ),
        ),
        notes=(
            Note(
                "Dates may change during the year: check the page of your National Agency.",
                NoteKind.DEADLINE_MAY_MOVE,
            ),
        ),
    )


def _clarify() -> Answer:
    return _answer(
        CLARIFY,
        "There are several kinds of partnerships, each with its own deadline.",
        status=Status.CLARIFY,
        edition=None,
        choices=(DEADLINE, "When is the deadline for Cooperation Partnerships?"),
        searched="",
    )


def _compare() -> Answer:
    return _answer(
        COMPARE,
        "The lump sums are EUR 30 000 and EUR 60 000. [1]\n"
        "The lump sums are EUR 30 000 and EUR 60 000. [2]",
        citation(GUIDE, quote="EUR 30 000 and EUR 60 000"),
        citation(OLDER, number=2, quote="EUR 30 000 and EUR 60 000"),
        notes=(
            Note("Both editions say the same about this.", NoteKind.EDITION_DIFFERS),
            Note("From a digest, not the official guide.", NoteKind.UNOFFICIAL),
        ),
    )


def _differs() -> Answer:
    other = citation(OLDER, number=2, quote="EUR 60 000")
    return _answer(
        DIFFERS,
        "The lump sum is EUR 30 000. [1]",
        citation(GUIDE),
        differences=(other,),
        notes=(
            Note(f"{other.title}, p. 1, says otherwise: “{other.quote}”", NoteKind.EDITION_DIFFERS),
        ),
    )


def _refusal() -> Answer:
    return _answer(
        REFUSAL,
        "I found no answer to this in the guides I hold, so I give none.",
        status=Status.NOT_IN_GUIDES,
        sections=tuple(
            Section(
                document_id=of.id,
                title=of.edition.title,
                headings=("Part B", "Key Action 2"),
                page=1,
            )
            for of in (GUIDE, OLDER)
        ),
        contact="National Agency of Ireland (Léargas)\n"
        "https://erasmus-plus.ec.europa.eu/national-agencies",
        edition=None,
        searched=REFUSAL,
    )


def _left_out() -> Answer:
    return _answer(
        LEFT_OUT,
        "With the choices made, no edition is left that fits this question.",
        status=Status.NOT_IN_GUIDES,
        notes=(Note(f"The choices made leave out {OLDER.edition.title}.", NoteKind.LEFT_OUT),),
        edition=None,
        searched="",
    )
