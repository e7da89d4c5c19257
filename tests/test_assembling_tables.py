"""Tables on drawn pages as text: rows, heads and labels in sections and chunks."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Box, ChunkKind, Span
from ingest.blocks import Role
from ingest.drawn import RawPage
from ingest.tables import RawCell, RawTable
from tests.assembled_pages import read
from tests.drawn_pages import HEIGHT, WIDTH, body, heading, page_of, words_of


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


def test_roles_of_pieces() -> None:
    page, table = criteria_table()
    found, _, _ = read([page], [[table]])
    assert {piece.role for piece in found.pieces} == {Role.TEXT, Role.ROW}
    assert all(isinstance(piece.span, Span) for piece in found.pieces)
