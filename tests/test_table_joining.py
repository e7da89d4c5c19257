"""Drawn tables that go on over a page break or a gap: heads, labels and columns of all parts."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.table_joining import place_borders
from tests.drawn_tables import XS, Sheet, at_foot, at_top, cells_of, ruled, tables_of


def test_heads_lost_on_the_next_page_are_inherited() -> None:
    seen = cells_of(
        at_foot(["#Hours", "#Malta", "#Italy"], ["120-150", "20 000", "23 500"]),
        at_top(["151-180", "24 000", "29 000"]),
    )
    assert seen["29 000"].column_headers == ("Italy",)
    assert seen["29 000"].row_headers == ("151-180",)


def test_heads_alone_on_the_page_before_their_rows() -> None:
    seen = cells_of(
        at_foot(["*Hours", "*Malta", "*Italy"]), at_top(["*120-150", "20 000", "23 500"])
    )
    assert seen["23 500"].column_headers == ("Italy",)


def test_heads_cut_by_the_page_break_are_whole() -> None:
    seen = cells_of(
        at_foot(["*Hours over", "*Portugal,", "*Italy"]),
        at_top(["*3 years", "*Malta", "*"], ["*120-150", "20 000", "23 500"]),
    )
    assert seen["20 000"].column_headers == ("Portugal, Malta",)
    assert seen["120-150"].column_headers == ("Hours over 3 years",)
    assert seen["23 500"].column_headers == ("Italy",)


def test_repeated_heads_are_heads_again() -> None:
    heads: list[str | None] = ["#Hours", "#Malta", "#Italy"]
    first = at_foot(heads, ["120-150", "20 000", "23 500"])
    second = at_top(heads, ["151-180", "24 000", "29 000"])
    (table,), (rest,) = tables_of(first, second)
    assert rest.continues
    assert not table.continues
    assert [cell.header for cell in rest.cells] == [True] * 3 + [False] * 3
    assert [cell.row for cell in rest.cells] == [2] * 3 + [3] * 3
    assert rest.cells[-1].column_headers == ("Italy",)


def test_bands_go_on_over_the_page_with_label_and_heads() -> None:
    seen = cells_of(
        at_foot(
            ["#Budget", "#Rules", "#Amount", "<"],
            ["*Travel", "Paid by the band", "*Distance", "*Green travel"],
            ["^", "^", "10 - 99 km", "56 EUR"],
        ),
        at_top(
            ["", "and by the head", "100 - 499 km", "285 EUR"],
            ["^", "^", "500 - 1999 km", "417 EUR"],
        ),
    )
    assert seen["417 EUR"].row_headers == ("Travel", "500 - 1999 km")
    assert seen["417 EUR"].column_headers == ("Amount", "Green travel")


def test_a_label_printed_on_the_next_page_holds_before_the_break() -> None:
    seen = cells_of(
        at_foot(["*Venue", "The country of the host"], ["", "Organisations that are"]),
        at_top(["*Who can apply?", "established in a country"]),
    )
    assert seen["The country of the host"].row_headers == ("Venue",)
    assert seen["Organisations that are"].row_headers == ("Who can apply?",)
    assert seen["established in a country"].row_headers == ("Who can apply?",)


def test_a_label_cut_by_the_break_is_whole() -> None:
    seen = cells_of(
        at_foot(["*Impact", "The proposal shows:"]),
        at_top(["*(maximum 30 points)", "- the effects on others"], ["*Next", "Another thing"]),
    )
    assert seen["The proposal shows:"].row_headers == ("Impact (maximum 30 points)",)
    assert seen["- the effects on others"].row_headers == ("Impact (maximum 30 points)",)
    assert seen["Another thing"].row_headers == ("Next",)


def test_a_further_label_cut_by_the_break_is_whole() -> None:
    seen = cells_of(
        at_foot(["*Event", "<", "*Sum"], ["", "Type I: from three", "EUR 200 000"]),
        at_top(["Local", "organisations", ""], ["^", "Type II: from six", "EUR 300 000"]),
    )
    assert seen["EUR 200 000"].row_headers == ("Local", "Type I: from three organisations")
    assert seen["EUR 300 000"].row_headers == ("Local", "Type II: from six")


def test_text_between_ends_a_table() -> None:
    first = at_foot(["#Hours", "#Malta"], ["120-150", "20 000"])
    second = at_top(["151-180", "24 000"])
    second.text(50, 30, "running head")
    first.text(50, 745, "7")
    assert [t.continues for tables in tables_of(first, second) for t in tables] == [False, True]
    second = ruled(["151-180", "24 000"], top=140)
    second.text(50, 100, "Other amounts apply to chairs:")
    (_,), (table,) = tables_of(first, second)
    assert not table.continues
    assert table.cells[1].column_headers == ()
    assert table.caption == "Other amounts apply to chairs:"


def test_footnotes_do_not_end_a_table() -> None:
    first = ruled(["#Hours", "#Malta"], ["120-150", "20 000"], top=500)
    first.rule(50, 600, 200, 600)
    first.text(50, 610, "1 As in the rules of the programme.", size=9)
    (_,), (table,) = tables_of(first, at_top(["151-180", "24 000"]))
    assert table.continues


def test_facing_pages_may_be_shifted_and_columns_moved() -> None:
    seen = cells_of(
        at_foot(["#Budget", "#Rules", "#Amount"], ["Travel", "Paid by band", "56 EUR"]),
        at_top(["Fees", "Paid by day", "80 EUR"], xs=(70, 185, 330, 420)),
    )
    assert seen["80 EUR"].column_headers == ("Amount",)
    other = at_top(["Fees", "Paid by day", "80 EUR"], xs=(70, 185, 330, 520))
    _, (table,) = tables_of(at_foot(["#Budget", "#Rules", "#Amount"], ["A", "B", "5 EUR"]), other)
    assert not table.continues


def test_a_table_split_by_an_empty_paragraph_keeps_its_heads() -> None:
    sheet = Sheet()
    bottom = sheet.table(
        100, XS[:4], [["#Budget", "#Rules", "#Amount"], ["Travel", "Bands", "56 EUR"]]
    )
    sheet.table(bottom + 24, (50, 165, 315, 400), [["Fees", "Days", "80 EUR"]])
    assert cells_of(sheet)["80 EUR"].column_headers == ("Amount",)
    sheet = Sheet()
    bottom = sheet.table(100, XS[:3], [["*Who?", "Schools of the country"]])
    sheet.table(bottom + 24, XS[:3], [["*Score", "At most 30 points for that"]])
    assert [table.continues for table in tables_of(sheet)[0]] == [False, False]


@given(st.lists(st.lists(st.integers(0, 300), min_size=2, unique=True), min_size=1, max_size=6))
def test_columns_of_all_parts_keep_their_order(parts: list[list[int]]) -> None:
    borders: list[float] = []
    for part in parts:
        xs = [float(x) for x in sorted(part)]
        places = place_borders(borders, xs)
        assert len(places) == len(xs)
        assert all(a < b for a, b in pairwise(places))
        borders = sorted({*borders, *places})
    assert place_borders(borders, borders) == borders
