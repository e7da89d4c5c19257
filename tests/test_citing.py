"""Nothing is shown as a quote that does not stand on its page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.citing import Line, cite, cite_pages, holds, quoted_lines, readable, verify
from corpus.model import Document, Edition, Page, Section, Span
from corpus.settings import AnswerSettings

FIRST = "Who can apply?\nAny organisation²⁴ can apply. The grant is EUR 60 000.\n"
EACH = " ".join(["EUR 60 000", *["and"] * 26])
SECOND = "• two organisations\n• two countries\nTravel | 417 EUR\n"


@pytest.fixture
def guide() -> Document:
    text = FIRST + SECOND
    return Document(
        id="guide",
        file="guide.pdf",
        sha256="0" * 64,
        edition=Edition(title="A Guide 2026", language="en", year=2026),
        text=text,
        pages=(
            Page(number=1, span=Span(0, len(FIRST)), label="i"),
            Page(number=2, span=Span(len(FIRST), len(text)), label="ii"),
        ),
        sections=(
            Section(headings=("Part B", "Who can apply?"), span=Span(0, len(FIRST))),
            Section(headings=(), span=Span(len(FIRST), len(text))),
        ),
    )


def span_of(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return Span(start, start + len(words))


def test_a_citation_names_page_label_and_headings(guide: Document) -> None:
    citation = cite(guide, [span_of(guide, "The grant is EUR 60 000.")], number=3)
    assert citation is not None
    assert (citation.number, citation.page, citation.label) == (3, 1, "i")
    assert citation.headings == ("Part B", "Who can apply?")
    assert citation.quote == "The grant is EUR 60 000."
    assert citation.url == "/documents/guide.pdf#page=1"


def test_pieces_are_joined_by_an_ellipsis_and_bullets_left_out(guide: Document) -> None:
    citation = cite(guide, [span_of(guide, "• two organisations\n• two countries")])
    assert citation is not None
    assert citation.quote == "two organisations … two countries"
    apart = cite(guide, [span_of(guide, "Who can apply?"), span_of(guide, "EUR 60 000")])
    assert apart is not None
    assert apart.quote == "Who can apply? … EUR 60 000"


def test_pieces_that_touch_are_one(guide: Document) -> None:
    citation = cite(
        guide, [span_of(guide, "can apply."), span_of(guide, "The grant is EUR 60 000.")]
    )
    assert citation is not None
    assert citation.quote == "can apply. The grant is EUR 60 000."


def test_what_runs_over_the_page_is_left_out(guide: Document) -> None:
    citation = cite(guide, [Span(guide.text.index("The grant"), len(guide.text))])
    assert citation is not None
    assert (citation.page, citation.quote) == (1, "The grant is EUR 60 000.")
    two_pages = cite(guide, [span_of(guide, "The grant"), span_of(guide, "two countries")])
    assert two_pages is not None
    assert two_pages.quote == "The grant"


def test_nothing_is_cited_from_nothing(guide: Document) -> None:
    assert cite(guide, []) is None
    assert cite(guide, [Span(len(FIRST) - 1, len(FIRST))]) is None


def test_a_quote_that_does_not_stand_is_no_citation(guide: Document) -> None:
    other_page = replace(guide, pages=(Page(number=1, span=Span(0, 0)), *guide.pages[1:]))
    assert cite(other_page, [span_of(guide, "The grant")]) is None


def test_pages_of_which_nothing_stands_are_left_out(guide: Document) -> None:
    blank = Span(guide.text.index("\n"), guide.text.index("\n") + 1)
    cited = cite_pages(guide, {1: [blank], 2: [span_of(guide, "two countries")]})
    assert {page: citation.number for page, citation in cited.items()} == {2: 1}


def test_lines_are_quoted_as_far_as_the_limits_reach(guide: Document) -> None:
    told = [
        (EACH, (span_of(guide, "EUR 60 000"),)),
        ("from two countries", (span_of(guide, "two countries"),)),
    ]
    lines, citations = quoted_lines(guide, told, AnswerSettings())
    assert [line.citations for line in lines] == [(1,), (2,)]
    assert [citation.page for citation in citations] == [1, 2]
    for limits in (AnswerSettings(max_words=30), AnswerSettings(max_quotes=1)):
        lines, citations = quoted_lines(guide, told, limits)
        assert [line.text for line in lines] == [EACH]
        assert len(citations) == 1


def test_no_heading_before_the_first_section(guide: Document) -> None:
    bare = replace(guide, sections=())
    citation = cite(bare, [span_of(guide, "The grant")])
    assert citation is not None
    assert citation.headings == ()


def test_holds_asks_for_document_page_and_words(guide: Document) -> None:
    citation = cite(guide, [span_of(guide, "EUR 60 000")])
    assert citation is not None
    assert holds(citation, guide)
    assert not holds(replace(citation, quote="EUR 65 000"), guide)
    assert not holds(replace(citation, page=2), guide)
    assert not holds(replace(citation, page=9), guide)
    assert not holds(citation, replace(guide, id="another"))


def test_readable_leaves_footnote_references_out() -> None:
    assert readable("Any organisation²⁴ can  apply") == "Any organisation can apply"


def test_verification_drops_counts_and_renumbers(guide: Document) -> None:
    good = cite(guide, [span_of(guide, "The grant is EUR 60 000.")], number=2)
    also = cite(guide, [span_of(guide, "Travel | 417 EUR")], number=5)
    assert good is not None
    assert also is not None
    false = replace(good, number=1, quote="The grant is EUR 65 000.")
    foreign = replace(good, number=7, document_id="unknown")
    verified = verify(
        [
            Line(text="The grant is EUR 65 000.", citations=(1,)),
            Line(text="Travel costs 417 EUR. [9]", citations=(5, 9)),
            Line(text="It is 400 EUR.", citations=(5,)),
            Line(text="The grant is €60,000", citations=(2,)),
            Line(text="Nothing cited", citations=()),
        ],
        [false, good, also, foreign],
        {"guide": guide},
    )
    assert verified.text == "Travel costs 417 EUR. [1]\nThe grant is €60,000 [2]"
    assert [(c.number, c.quote) for c in verified.citations] == [
        (1, "Travel | 417 EUR"),
        (2, "The grant is EUR 60 000."),
    ]
    assert verified.removed == {"quote": 2, "citation": 2, "number": 1}


def test_citations_nothing_rests_on_are_not_shown(guide: Document) -> None:
    citation = cite(guide, [span_of(guide, "EUR 60 000")])
    assert citation is not None
    assert verify([], [citation], {"guide": guide}).citations == ()
