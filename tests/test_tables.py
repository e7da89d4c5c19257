"""Drawn tables by themselves: heads and labels, captions, tables in tables, what is no table."""

from __future__ import annotations

import pickle
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Box
from tests.drawn_tables import XS, Sheet, at_foot, at_top, cells_of, ruled, tables_of

RULES = "The fees are paid by the day. " + "The rest is a rule of allocation that is long. " * 2


def test_each_cell_has_the_label_of_its_row_and_the_head_of_its_column() -> None:
    seen = cells_of(
        ruled(["*Country", "*Staff", "*Pupils"], ["Austria", "190", "84"], ["Spain", "170", "74"])
    )
    assert seen["74"].row_headers == ("Spain",)
    assert seen["74"].column_headers == ("Pupils",)
    assert seen["Spain"].row_headers == ()
    assert seen["Spain"].column_headers == ("Country",)
    assert seen["Pupils"].header
    assert not seen["Spain"].header


def test_bands_inside_a_funding_row_keep_its_label_and_have_heads_of_their_own() -> None:
    seen = cells_of(
        ruled(
            ["#Budget", "#Rules", "#Amount", "<"],
            ["*Travel", "How it is paid", "*Distance", "*Green travel"],
            ["^", "^", "10 - 99 km", "56 EUR"],
            ["^", "^", "100 - 499 km", "285 EUR"],
            ["*Fees", RULES, "80 EUR per day", "<"],
        )
    )
    assert seen["285 EUR"].row_headers == ("Travel", "100 - 499 km")
    assert seen["285 EUR"].column_headers == ("Amount", "Green travel")
    assert seen["100 - 499 km"].row_headers == ("Travel",)
    assert seen["How it is paid"].row_headers == ("Travel",)
    assert seen["How it is paid"].column_headers == ("Rules",)
    assert seen["80 EUR per day"].row_headers == ("Fees",)
    assert seen["80 EUR per day"].column_headers == ("Amount",)
    assert seen["Distance"].header
    assert seen["Distance"].row_headers == ("Travel",)


def test_a_row_across_the_region_stands_under_the_outer_heads_only() -> None:
    seen = cells_of(
        ruled(
            ["#Budget", "#Amount", "<", "<"],
            ["*Support", "*Category", "*Group 1", "*Group 2"],
            ["^", "Staff", "107 EUR", "95 EUR"],
            ["^", "These are ranges for each day", "<", "<"],
        )
    )
    assert seen["These are ranges for each day"].column_headers == ("Amount",)
    assert seen["These are ranges for each day"].row_headers == ("Support",)


def test_heads_may_begin_below_other_rows_of_a_label() -> None:
    seen = cells_of(
        ruled(
            ["#Budget", "#Amount", "<"],
            ["*Travel", "Travel pass for a month", "<"],
            ["^", "*Distance", "*Green travel"],
            ["^", "10 km", "56 EUR"],
        )
    )
    assert seen["56 EUR"].column_headers == ("Amount", "Green travel")
    assert seen["56 EUR"].row_headers == ("Travel", "10 km")
    assert seen["Green travel"].column_headers == ("Amount",)


def test_several_rows_of_heads_and_numbers_of_columns() -> None:
    seen = cells_of(
        ruled(
            ["#Country", "#Outgoing staff", "#Incoming staff"],
            ["^", "#Per day", "#A day"],
            ["^", "#A1.1", "#A1.2"],
            ["#Austria", "96-190", "180"],
            ["#Spain", "84-170", "160"],
        )
    )
    assert seen["96-190"].column_headers == ("Outgoing staff", "Per day", "A1.1")
    assert seen["160"].row_headers == ("Spain",)
    assert seen["Austria"].column_headers == ("Country",)


def test_a_title_over_heads_heads_everything() -> None:
    seen = cells_of(
        ruled(["*Lump sums", "<", "<"], ["*Hours", "*Malta", "*Italy"], ["120", "20 000", "23 500"])
    )
    assert seen["23 500"].column_headers == ("Lump sums", "Italy")


def test_a_bold_row_across_the_table_is_a_band() -> None:
    seen = cells_of(
        ruled(
            ["*Name", "*Rate"],
            ["*North", "<"],
            ["Finland", "93"],
            ["*South", "<"],
            ["Malta", "77"],
        )
    )
    assert seen["93"].row_headers == ("North", "Finland")
    assert seen["77"].row_headers == ("South", "Malta")
    assert seen["South"].header


def test_words_left_of_figures_label_the_row_too() -> None:
    seen = cells_of(
        ruled(
            ["#From", "#To", "#Amount"],
            ["Members", "Regions 1-12", "700 EUR per month"],
            ["Others", "Group 1", "900 EUR per month"],
            ["^", "Group 2", "850 EUR per month"],
        )
    )
    assert seen["700 EUR per month"].row_headers == ("Members", "Regions 1-12")
    assert seen["850 EUR per month"].row_headers == ("Others", "Group 2")


def test_words_over_figures_are_heads_without_bold() -> None:
    seen = cells_of(ruled(["Item", "Price"], ["Pens", "33,00"], ["Books", "44,00"]))
    assert seen["44,00"].column_headers == ("Price",)
    assert seen["Price"].header


def test_criteria_have_labels_but_no_heads() -> None:
    prose = "Applicants must be established in one of the countries named. They apply once a year."
    sheet = ruled(
        ["*Who can apply?", prose], ["*When?", "*19 February at 12:00"], xs=(50, 200, 550)
    )
    seen = cells_of(sheet)
    assert seen[prose].row_headers == ("Who can apply?",)
    assert seen[prose].prose
    assert seen["19 February at 12:00"].row_headers == ("When?",)
    assert not seen["19 February at 12:00"].header
    assert tables_of(sheet)[0][0].layout


def test_running_text_labels_by_its_bold_lead() -> None:
    sheet = Sheet()
    rows: list[list[str | None]] = [
        ["#Budget", "#Rules", "#Amount"],
        ["*Inclusion", "", ""],
        ["^", "", ""],
    ]
    sheet.table(100, (50, 150, 450, 550), rows, height=80)
    rest = "costs that come from the organisation of activities. They are paid by the head. "
    rest += "The rule is that the request must be justified by the applicant."
    for top, who, amount in ((184, "organisations", "125 EUR"), (264, "participants", "100%")):
        sheet.text(154, top, f"Support for {who}:", bold=True)
        rest = "costs that come from the organisation of activities. They are paid by the head."
        sheet.text(
            154,
            top + 14,
            rest + " The rule is that the request must be justified by all.",
            width=280,
        )
        sheet.text(454, top, amount)
    seen = cells_of(sheet)
    assert seen["125 EUR"].row_headers == ("Inclusion", "Support for organisations")
    assert seen["100%"].row_headers == ("Inclusion", "Support for participants")


def test_footnote_marks_and_colons_are_no_part_of_a_label() -> None:
    sheet = ruled(["*Travel distances", "*Rate"], ["Over 10 km:", "23 EUR"])
    sheet.text(146, 104, "50", size=6, glued=True)
    assert cells_of(sheet)["23 EUR"].row_headers == ("Over 10 km",)


def test_rows_set_in_from_the_first_column_are_labelled_by_their_first_cell() -> None:
    seen = cells_of(
        ruled(
            ["*Where to apply?", "To the agency of the country", "<"],
            [None, "*How to apply?", "Please read part C for that"],
        )
    )
    assert seen["Please read part C for that"].row_headers == ("How to apply?",)


def test_rows_of_figures_without_rules_are_divided() -> None:
    sheet = Sheet()
    sheet.table(
        100, XS, [["*State", "*Permits", "*Pistols", "*Rifles"], ["", "", "", ""]], height=100
    )
    for n, state in enumerate(("Alabama", "Alaska and", "islands", "Arizona")):
        sheet.text(54, 210 + 14 * n, state)
        for c, figure in enumerate(("11,", "22,", "33,")):
            if state != "islands":
                sheet.text(XS[c + 1] + 4, 210 + 14 * n, f"{figure}{n}00")
    seen = cells_of(sheet)
    assert seen["22,100"].row_headers == ("Alaska and islands",)
    assert seen["33,300"].row_headers == ("Arizona",)
    assert seen["33,300"].column_headers == ("Rifles",)


def test_wrapped_texts_are_not_divided() -> None:
    sheet = Sheet()
    sheet.table(100, XS, [["*Who", "*One", "*Two", "*Three"], ["", "", "", ""]], height=100)
    for n, words in enumerate((("VET", "48-127"), ("learners", "EUR"), ("abroad", "a day"))):
        sheet.text(54, 210 + 14 * n, words[0])
        for c in range(3):
            sheet.text(XS[c + 1] + 4, 210 + 14 * n, f"{words[1]}{'!' * c}")
    assert cells_of(sheet)["48-127 EUR a day"].row_headers == ("VET learners abroad",)


def test_a_blank_label_inside_a_page_repeats_the_one_above() -> None:
    seen = cells_of(
        ruled(
            ["*Where to apply?", "To the agency"], ["", "Call: JMO-2026"], ["*How?", "See part C"]
        )
    )
    assert seen["Call: JMO-2026"].row_headers == ("Where to apply?",)


def test_repeated_heads_that_look_like_any_row_are_heads_too() -> None:
    first = ruled(["Item", "Price"], ["Pens", "33,00"], ["Item", "Price"], ["Books", "44,00"])
    (table,) = tables_of(first)[0]
    assert [cell.header for cell in table.cells] == [True, True, False, False] * 2


# --- what is no table ------------------------------------------------------------------------


def test_frames_underlines_and_page_borders_are_no_tables() -> None:
    sheet = Sheet()
    sheet.box(20, 20, 580, 780)
    sheet.box(60, 100, 540, 160)
    sheet.text(70, 110, "The maximum grant is EUR 60 000")
    sheet.text(60, 200, "http://ec.europa.eu/distance")
    sheet.rule(60, 211, 190, 211)
    sheet.rule(50, 700, 200, 700)
    assert tables_of(sheet) == [[]]


def test_boxes_one_below_the_other_are_frames_unless_headed() -> None:
    sheet = ruled(["Some text in a box"], ["More text in a box"], xs=(50, 500))
    assert tables_of(sheet) == [[]]
    headed = ruled(["#Member States"], ["Belgium Bulgaria Czechia"], xs=(50, 500))
    assert cells_of(headed)["Belgium Bulgaria Czechia"].column_headers == ("Member States",)


def test_empty_grids_and_pages_without_rulings() -> None:
    assert tables_of(ruled(["", ""], ["", ""]), Sheet()) == [[], []]
    assert tables_of() == []


# --- nested tables, captions, form -----------------------------------------------------------


def test_a_table_inside_a_cell_has_the_label_of_that_cell() -> None:
    sheet = Sheet()
    sheet.table(100, (50, 150, 550), [["*Rates", ""], ["*Other", "Nothing"]], height=200)
    sheet.text(160, 106, "These hold:")
    sheet.table(130, (170, 300, 400), [["*Group", "*Sum"], ["First", "241"]])
    seen = cells_of(sheet)
    assert seen["241"].row_headers == ("Rates", "First")
    assert seen["241"].column_headers == ("Sum",)
    assert len(tables_of(sheet)[0]) == 2


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("Table A2 Support for exchanges", "Table A2 Support for exchanges"),
        ("Πίνακας B3 Δαπάνες", "Πίνακας B3 Δαπάνες"),
        ("The base amounts are as follows:", "The base amounts are as follows:"),
        ("The top-up does not apply in this case.", ""),
        ("So many words as these are " + "no caption " * 20 + ":", ""),
    ],
)
def test_captions(text: str, caption: str) -> None:
    rows: list[list[str | None]] = [["*Land", "*Rate"], ["Malta", "77"]]
    above = ruled(*rows, top=160)
    above.text(50, 140, text)
    assert tables_of(above)[0][0].caption == caption
    before = Sheet()
    before.text(50, 300, "Other text that stands higher up.")
    before.text(50, 320, text)
    assert tables_of(before, at_top(*rows))[1][0].caption == caption


def test_every_part_has_the_caption() -> None:
    first = at_foot(["*Land", "*Rate"], ["Malta", "77"])
    first.text(50, 625, "Table A2 Rates")
    (table,), (rest,) = tables_of(first, at_top(["Italy", "85"]))
    assert table.caption == rest.caption == "Table A2 Rates"


def test_cells_come_row_by_row_with_their_spans() -> None:
    (table,) = tables_of(ruled(["*A", "*B", "<"], ["^", "1", "2"]))[0]
    assert [(c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        (0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1),
    ]  # fmt: skip
    assert pickle.loads(pickle.dumps(table)) == table


_TEXTS = ("Group 1", "12 EUR", "(of 30)", "goes on", "•")
_NUMBERS = st.integers(0, 30).map(lambda n: 20.0 * n)


@st.composite
def _scribbles(draw: st.DrawFn) -> Sheet:
    """A page of boxes, lines, fills and words anywhere."""
    sheet = Sheet()
    for x0, top, width, height in draw(
        st.lists(st.tuples(_NUMBERS, _NUMBERS, _NUMBERS, _NUMBERS), max_size=12)
    ):
        sheet.box(x0, top, x0 + width, top + height)
    for x, y, length in draw(st.lists(st.tuples(_NUMBERS, _NUMBERS, _NUMBERS), max_size=8)):
        sheet.rule(x, y, x + length, y)
        sheet.rule(y, x, y, x + length)
    for x, y, text in draw(
        st.lists(
            st.tuples(
                _NUMBERS,
                _NUMBERS,
                st.sampled_from(_TEXTS),
            ),
            max_size=15,
        )
    ):
        sheet.text(x + 3, y + 3, text, bold=x % 40 == 0)
        sheet.shades.append(Box(x, y, x + 60, y + 20))
    return sheet


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(_scribbles(), min_size=1, max_size=3))
def test_any_page_is_read_and_cells_do_not_overlap(sheets: list[Sheet]) -> None:
    for tables in tables_of(*sheets):
        for table in tables:
            assert all(header for cell in table.cells for header in cell.row_headers)
            assert all(cell.row_span >= 1 and cell.column_span >= 1 for cell in table.cells)
            for a, b in combinations([cell.box for cell in table.cells], 2):
                assert min(a.x1, b.x1) <= max(a.x0, b.x0) or (
                    min(a.bottom, b.bottom) <= max(a.top, b.top)
                )
