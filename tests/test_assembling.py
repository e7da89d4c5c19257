"""From drawn pages to text, sections, tables and chunks: what must hold for any document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Box, Chunk, ChunkKind, Document, Edition, Span, tiles
from corpus.settings import ChunkingSettings
from ingest.assembling import Assembled, assemble
from ingest.blocks import Role
from ingest.chunking import make_chunks
from ingest.drawn import Bookmark, RawPage
from ingest.laying_out import lay_out
from ingest.outline import Outline
from ingest.sections import find_headings
from ingest.sentences import sentences
from ingest.tables import RawCell, RawTable
from tests.drawn_pages import HEIGHT, WIDTH, page_of, words_of


class WordCounter:
    """A tokenizer whose tokens are words."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


Lines = list[tuple[str, dict[str, object]]]
SMALL = ChunkingSettings(max_tokens=32, min_tokens=8)


def read(
    pages: Sequence[RawPage],
    tables: Sequence[Sequence[RawTable]] = (),
    bookmarks: Sequence[Bookmark] = (),
    chunking: ChunkingSettings = SMALL,
) -> tuple[Assembled, Outline, tuple[Chunk, ...]]:
    layout = lay_out(pages, tables or [()] * len(pages))
    outline = find_headings(layout, pages, bookmarks)
    assembled = assemble(layout, outline, pages, layout.labels)
    chunks = make_chunks(assembled, document_id="d", settings=chunking, tokenizer=WordCounter())
    return assembled, outline, chunks


def body(*texts: str, base: float = 100.0) -> Lines:
    """Paragraphs one below the other, with a gap between them."""
    lines: Lines = []
    for text in texts:
        lines.append((text, {"base": base}))
        base += 26
    return lines


def heading(text: str, base: float, size: float = 10.0) -> tuple[str, dict[str, object]]:
    return text, {"base": base, "bold": True, "size": size}


def data_table(
    rows: Sequence[tuple[str, str]], top: float, page: int, first: int = 0
) -> tuple[list[object], RawTable]:
    """Words and cells of a table with two columns under the heads "Distance" and "Amount"."""
    words: list[object] = []
    cells = []
    for index, (left, right) in enumerate(rows):
        y = top + 20 * index
        for column, (x0, x1, text) in enumerate(((56, 280, left), (300, 540, right))):
            words += words_of(text, x=x0 + 4.0, base=y + 14, line=500 + 10 * index + column)
            header = first == 0 and index == 0
            cells.append(
                RawCell(
                    row=first + index,
                    column=column,
                    box=Box(x0, y, x1, y + 20),
                    header=header,
                    row_headers=() if header or column == 0 else (left,),
                    column_headers=() if header else (("Distance", "Amount")[column],),
                )
            )
    box = Box(56, top, 540, top + 20 * len(rows))
    return words, RawTable(box=box, cells=tuple(cells), continues=first > 0)


def with_words(page: RawPage, words: Sequence[object]) -> RawPage:
    return RawPage(
        number=page.number,
        width=WIDTH,
        height=HEIGHT,
        words=(*page.words, *words),  # type: ignore[arg-type]
    )


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


def test_a_data_table_is_one_line_a_row_and_its_chunks_know_the_heads() -> None:
    rows = [("Distance", "Amount"), *((f"{n} to {n}99 km", f"{n}7 EUR") for n in range(1, 9))]
    words, table = data_table(rows, 200.0, 1)
    page = with_words(page_of(body("Travel support is paid by distance:")), words)
    found, _, chunks = read([page], [[table]])
    assert "\nDistance | Amount\n1 to 199 km | 17 EUR\n" in found.text
    (record,) = found.tables
    assert found.text[record.span.start : record.span.end].endswith("8 to 899 km | 87 EUR")
    amount = next(c for c in record.cells if found.text[c.span.start : c.span.end] == "47 EUR")
    assert (amount.row_headers, amount.column_headers) == (("4 to 499 km",), ("Amount",))
    in_table = [chunk for chunk in chunks if chunk.kind is ChunkKind.TABLE]
    assert all(line.count(" | ") == 1 for chunk in in_table for line in chunk.text.split("\n"))
    assert in_table[0].context == ""
    assert "Distance | Amount" in in_table[-1].context


def test_a_table_goes_on_over_the_page_and_its_repeated_head_is_left_out() -> None:
    head = ("Distance", "Amount")
    words1, part1 = data_table([head, ("near", "17 EUR")], 700.0, 1)
    words2, again = data_table([head, ("far", "27 EUR")], 80.0, 2)
    part2 = RawTable(
        box=again.box,
        continues=True,
        cells=tuple(
            RawCell(
                row=cell.row if cell.header else cell.row + 1,
                column=cell.column,
                box=cell.box,
                header=cell.header,
                row_headers=cell.row_headers,
                column_headers=cell.column_headers,
            )
            for cell in again.cells
        ),
    )
    pages = [with_words(page_of([]), words1), with_words(page_of([], number=2), words2)]
    found, _, _ = read(pages, [[part1], [part2]])
    assert found.text == "Distance | Amount\nnear | 17 EUR\nfar | 27 EUR"
    (record,) = found.tables
    assert [page for page, _ in record.boxes] == [1, 2]


def criteria_table() -> tuple[RawPage, RawTable]:
    words = [
        *words_of("When to apply?", x=60, base=114, bold=True, line=1),
        *words_of("Applicants must submit by the deadline:", x=204, base=114, line=2),
        *words_of("• 5 March at noon;", x=204, base=140, line=3),
        *words_of("• 1 October at noon.", x=204, base=166, line=4),
        *words_of("Venue", x=60, base=194, bold=True, line=5),
        *words_of("Any country.", x=204, base=194, line=6),
    ]

    def cell(row: int, column: int, label: str, *, prose: bool = False) -> RawCell:
        tops = (100, 180, 200)
        return RawCell(
            row=row,
            column=column,
            prose=prose,
            row_headers=(label,) if column else (),
            box=Box(56 + 144 * column, tops[row], 200 + 340 * column, tops[row + 1]),
        )

    table = RawTable(
        box=Box(56, 100, 540, 200),
        layout=True,
        cells=(
            cell(0, 0, ""),
            cell(0, 1, "When to apply?", prose=True),
            cell(1, 0, ""),
            cell(1, 1, "Venue"),
        ),
    )
    page = page_of(
        [heading("ELIGIBILITY CRITERIA", 80.0), ("Other text follows.", {"base": 230.0})]
    )
    return with_words(page, words), table


def test_a_criteria_table_keeps_paragraphs_under_its_row_labels() -> None:
    page, table = criteria_table()
    found, _, chunks = read([page], [[table]])
    assert found.text == (
        "ELIGIBILITY CRITERIA\nWhen to apply?\nApplicants must submit by the deadline:\n"
        "• 5 March at noon;\n• 1 October at noon.\nVenue | Any country.\nOther text follows."
    )
    by_start = {chunk.text.split("\n")[0]: chunk for chunk in chunks}
    assert by_start["When to apply?"].headings == ("ELIGIBILITY CRITERIA", "When to apply?")
    assert by_start["Venue | Any country."].headings == ("ELIGIBILITY CRITERIA", "Venue")
    assert by_start["Other text follows."].headings == ("ELIGIBILITY CRITERIA",)
    (record,) = found.tables
    texts = [found.text[cell.span.start : cell.span.end] for cell in record.cells]
    assert texts[1].startswith("Applicants must")
    assert texts[1].endswith("1 October at noon.")


def test_a_nested_table_stands_inside_the_cell_that_holds_it() -> None:
    words, inner = data_table([("near", "17 EUR"), ("far", "27 EUR")], 130.0, 1, first=1)
    page = with_words(
        page_of([]),
        [
            *words_of("Travel", x=24, base=114, bold=True, line=1),
            *words_of("Paid by distance:", x=60, base=114, line=2),
            *words,
            *words_of("Nothing else.", x=60, base=190, line=900),
        ],
    )
    outer = RawTable(
        box=Box(20, 100, 560, 200),
        layout=True,
        cells=(
            RawCell(row=0, column=0, box=Box(20, 100, 54, 200)),
            RawCell(
                row=0, column=1, box=Box(54, 100, 560, 200), row_headers=("Travel",), prose=True
            ),
        ),
    )
    found, _, _ = read([page], [[outer, RawTable(box=inner.box, cells=inner.cells)]])
    assert found.text == "Travel\nPaid by distance:\nnear | 17 EUR\nfar | 27 EUR\nNothing else."
    assert all(section.headings == ("Travel",) for section in found.sections)


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


def test_roles_of_pieces() -> None:
    page, table = criteria_table()
    found, _, _ = read([page], [[table]])
    assert {piece.role for piece in found.pieces} == {Role.TEXT, Role.ROW}
    assert all(isinstance(piece.span, Span) for piece in found.pieces)
