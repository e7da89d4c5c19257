"""From drawn pages to text, sections and chunks: what must hold for any document."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Box, ChunkKind, Document, Edition, tiles
from corpus.settings import ChunkingSettings
from ingest.drawn import Bookmark, RawPage
from ingest.laying_out import lay_out
from ingest.sentences import sentences
from tests.assembled_pages import WordCounter, read
from tests.drawn_pages import Lines, body, heading, page_of


def test_a_paragraph_runs_over_the_page_break_and_its_footnote_goes_before_it() -> None:
    first = page_of(
        [
            *body(
                "Something else stands before it.", "The maximum grant is paid^1 to all those who"
            ),
            ("^1 Except in the cases of Part C.", {"base": 750.0, "size": 8.0}),
        ]
    )
    second = page_of(body("apply in time and in full.", "And more of it."), number=2)
    found, _, chunks = read([first, second])
    assert found.text == (
        "Something else stands before it.\n¹ Except in the cases of Part C.\n"
        "The maximum grant is paid¹ to all those who apply in time and in full.\nAnd more of it."
    )
    assert found.text[found.pages[1].span.start :].startswith("apply in time")
    notes = [chunk for chunk in chunks if chunk.kind is ChunkKind.FOOTNOTE]
    assert [(n.text, n.context) for n in notes] == [
        (
            "¹ Except in the cases of Part C.",
            "The maximum grant is paid¹ to all those who apply in time and in full.",
        )
    ]


def test_a_hyphenated_word_over_the_page_break_is_one_word() -> None:
    first = page_of(body("This excluding word is known.", "All those who are exclud-"))
    second = page_of(body("ing themselves."), number=2)
    found, _, _ = read([first, second])
    assert found.text.endswith("All those who are excluding themselves.")
    assert found.text[found.pages[1].span.start :] == "ing themselves."
    spans = [box.span for box in found.boxes]
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_contents_name_headings_and_are_never_cut_into_chunks() -> None:
    contents = page_of(
        [
            heading("Contents", 80.0, 14.0),
            *[  # type: ignore[list-item]
                (f"{title} .......................... {page}", {"base": 110.0 + 14 * n, "x": x})
                for n, (title, page, x) in enumerate(
                    (
                        ("PART A", 2, 56.0),
                        ("Key Action 1: Mobility", 2, 66.0),
                        ("Grants", 2, 66.0),
                        ("Key Action 2: Partnerships", 3, 66.0),
                    )
                )
            ],
            ("1", {"base": 810.0}),
        ]
    )
    second = page_of(
        [
            heading("PART A", 80.0),
            heading("Key Action 1: Mobility", 110.0),
            ("It pays.", {"base": 130.0}),
            heading("Grants", 160.0),
            heading("How much?", 180.0),
            ("A lot.", {"base": 200.0}),
            ("2", {"base": 810.0}),
        ],
        number=2,
    )
    third = page_of(
        [
            ("Key Action 2: Partnerships", {"base": 80.0}),
            ("They pay, too.", {"base": 110.0}),
            ("3", {"base": 810.0}),
        ],
        number=3,
    )
    found, outline, chunks = read([contents, second, third])
    assert outline.missing == ()
    assert found.sections[0].navigation
    paths = {chunk.text.split("\n")[-1]: chunk.headings for chunk in chunks}
    assert paths == {
        "It pays.": ("PART A", "Key Action 1: Mobility"),
        "A lot.": ("PART A", "Key Action 1: Mobility", "Grants", "How much?"),
        "They pay, too.": ("PART A", "Key Action 2: Partnerships"),
    }
    assert [page.label for page in found.pages] == ["1", "2", "3"]


def test_bookmarks_give_headings_their_levels() -> None:
    page = page_of([*body("Cover"), ("Scope", {"base": 150.0}), ("It holds.", {"base": 180.0})])
    more = page_of([("Detail", {"base": 80.0}), ("It holds more.", {"base": 110.0})], number=2)
    marks = [
        Bookmark(title="Scope", level=0, page=1),
        Bookmark(title="Detail", level=1, page=2),
        Bookmark(title="Nowhere", level=1, page=None),
    ]
    _, _, chunks = read([page, more], bookmarks=marks)
    assert chunks[-1].headings == ("Scope", "Detail")


def test_a_heading_set_as_a_picture_begins_where_the_picture_stands() -> None:
    entries = [
        (f"{n}. Chapter number {n} ............ {n}", {"base": 100.0 + 14 * n}) for n in range(2, 7)
    ]
    contents = page_of([*entries, ("1", {"base": 810.0})])  # type: ignore[list-item]
    pages = [
        page_of(
            [
                (f"{name} comes before.", {"base": 120.0}),
                (f"After {name}.", {"base": 200.0}),
                (str(n), {"base": 810.0}),
            ],
            number=n,
            images=[Box(56, 140, 96, 160), Box(90, 140, 300, 160)],
        )
        for n, name in enumerate(("Alpha", "Beta", "Gamma", "Delta", "Epsilon"), 2)
    ]
    _, outline, chunks = read([contents, *pages])
    assert outline.missing == ()
    after = [chunk for chunk in chunks if chunk.text.startswith("After")]
    assert [chunk.headings for chunk in after] == [
        (f"{n}. Chapter number {n}",) for n in range(2, 7)
    ]


def test_a_list_that_is_cut_keeps_its_lead_in_as_context() -> None:
    items = [f"• item number {n} of a list that is too long for one chunk;" for n in range(8)]
    page = page_of(body("The following cannot apply:", *items))
    _, _, chunks = read([page])
    assert len(chunks) > 2
    assert chunks[0].text.startswith("The following cannot apply:\n•")
    assert {chunk.context for chunk in chunks[1:]} == {"The following cannot apply:"}
    assert all(chunk.text.startswith("•") for chunk in chunks[1:])


def test_glossary_entries_are_definitions() -> None:
    page = page_of(
        [
            heading("GLOSSARY OF TERMS", 80.0, 14.0),
            heading("Venue", 110.0),
            ("The place where an activity is held.", {"base": 130.0}),
        ]
    )
    _, _, chunks = read([page])
    assert [(c.kind, c.headings[-1]) for c in chunks] == [(ChunkKind.DEFINITION, "Venue")]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("See e.g. Part C. And more.", 2),
        ("It costs 5.5 EUR, i.e. little.", 1),
        ("A reference¹². The next one.", 2),
        ("Τέλος. Και αρχή;", 2),
        ("No end", 1),
        ("", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    found = sentences(text)
    assert len(found) == count
    assert "".join(text[s.start : s.end] for s in found).replace(" ", "") == text.replace(" ", "")


WORDS = st.lists(
    st.sampled_from(
        [
            *["the", "grant", "of", "EUR", "120", "000", "is", "paid", "to", "non-formal"],
            *["exclud-", "ing", "learners^7", "Applicants", "must.", "apply;", "by:", "5"],
            *["March?", "Γάμμα", "•", "(a)", "2.", "WHAT"],
        ]
    ),
    min_size=1,
    max_size=9,
).map(" ".join)


@st.composite
def drawn_documents(draw: st.DrawFn) -> list[RawPage]:
    pages = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        base = 70.0
        lines: Lines = []
        for _ in range(draw(st.integers(0, 12))):
            base += draw(st.sampled_from((13.0, 13.0, 13.0, 26.0)))
            options: dict[str, object] = draw(
                st.sampled_from(
                    ({}, {}, {"bold": True}, {"size": 14.0}, {"italic": True}, {"x": 72.0})
                )
            )
            lines.append((draw(WORDS), {**options, "base": base}))
        for n in range(draw(st.integers(0, 2))):
            lines.append((f"^{n + 7} {draw(WORDS)}", {"base": 740.0 + 11 * n, "size": 8.0}))
        pages.append(page_of(lines, number=number))
    return pages


@settings(max_examples=100, deadline=None)
@given(drawn_documents(), st.integers(0, 2))
def test_what_holds_for_any_document(pages: list[RawPage], overlap: int) -> None:
    chunking = ChunkingSettings(max_tokens=32, min_tokens=8, overlap_sentences=overlap)
    found, _, chunks = read(pages, chunking=chunking)
    text = found.text
    assert tiles([page.span for page in found.pages], len(text))
    assert tiles([section.span for section in found.sections], len(text))
    assert all(a.span.end < b.span.start for a, b in pairwise(found.pieces))
    assert all(a.span.end <= b.span.start for a, b in pairwise(found.boxes))
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    counter = WordCounter()
    for chunk in chunks:
        assert chunk.text == text[chunk.span.start : chunk.span.end]
        assert sum(s.span.contains(chunk.span) for s in found.sections) == 1
        assert counter.count_tokens([chunk.text])[0] <= chunking.max_tokens
    covered: set[int] = set()
    for chunk in chunks:
        covered.update(range(chunk.span.start, chunk.span.end))
    for piece in found.pieces:
        if not piece.heading:
            assert covered.issuperset(
                i for i in range(piece.span.start, piece.span.end) if not text[i].isspace()
            )
    for box in found.boxes:
        assert "\n" not in text[box.span.start : box.span.end]
    if found.pages and text:
        document = Document(
            id="d", file="d.pdf", sha256="0" * 64, text=text, pages=found.pages,
            sections=found.sections, chunks=chunks,
            edition=Edition(title="d", language="en", date=date(2026, 1, 1)),
        )  # fmt: skip
        for chunk in chunks:
            on = [p.number for p in found.pages if p.span.overlaps(chunk.span)]
            first, last = document.page_range(chunk.span)
            assert (first.number, last.number) == (on[0], on[-1])
    if len(pages) == 1 and not lay_out(pages, [()]).labels[0]:
        # no running head and no page number: every sign but joined hyphens is kept
        drawn = sum(len(word.text) for word in pages[0].words)
        kept = sum(not character.isspace() for character in text)
        assert drawn - len(pages[0].words) <= kept <= drawn


def test_reading_twice_gives_the_same_ids() -> None:
    page = page_of(body("One sentence.", "Another sentence."))
    assert read([page])[2] == read([page])[2]
