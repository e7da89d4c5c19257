from __future__ import annotations

from dataclasses import replace

from corpus.model import Box
from ingest.columns import in_reading_order, split_at_gutters
from ingest.drawn import RawPage, Word
from ingest.layout import Line, lines_of
from ingest.margins import PageLines, find_margins, footnote_start
from ingest.paragraphs import paragraphs_of, usual_leading
from tests.drawn_pages import HEIGHT, WIDTH, page_of, words_of

BODY = "Applicants have to submit their grant application by the deadline set in this Guide and"


def one_line(text: str, **options: float) -> Line:
    (line,) = lines_of(words_of(text, **options), 1)  # type: ignore[arg-type]
    return line


def lines_on(page: RawPage) -> list[Line]:
    return lines_of(page.words, page.number)


def body(number: int) -> list[tuple[str, dict[str, object]]]:
    """Twenty lines that no other page has."""
    letters = "abcdefghijklmnopqrst"
    return [(f"{letters[number % 20] * 4} {letters[row]} {BODY}", {}) for row in range(20)]


def page_lines(page: RawPage) -> PageLines:
    return PageLines(
        number=page.number, width=page.width, height=page.height, lines=tuple(lines_on(page))
    )


def test_raised_small_digits_become_superscripts() -> None:
    line = one_line("minimum 13 points^247 for the categories")
    assert line.text == "minimum 13 points²⁴⁷ for the categories"
    assert line.size == 10
    note = one_line("^247 As decimal points are not applicable", size=9.0)
    assert note.text == "²⁴⁷ As decimal points are not applicable"
    assert note.starts_raised
    assert not line.starts_raised


def test_small_digits_on_the_base_line_stay() -> None:
    (small,) = words_of("2", x=66.0, size=6.0)
    words = [*words_of("CO", size=10.0), replace(small, glued=True)]
    assert [line.text for line in lines_of(words, 1)] == ["CO2"]


def test_small_capitals_count_as_their_large_letters() -> None:
    words = [
        *words_of("AWARD", size=10.0, bold=True),
        *words_of("CRITERIA", x=90.0, size=8.0, bold=True),
    ]
    (line,) = lines_of(words, 1)
    assert line.text == "AWARD CRITERIA"
    assert (line.size, line.caps, line.bold) == (10.0, True, True)


def test_words_that_follow_on_one_base_line_are_one_line_whatever_the_stream_says() -> None:
    words = [*words_of("Network", line=0), *words_of(", and", x=91.4, line=1)]
    assert [line.text for line in lines_of(words, 1)] == ["Network, and"]
    far = [*words_of("Network", line=0), *words_of("Amount", x=300.0, line=1)]
    assert [line.text for line in lines_of(far, 1)] == ["Network", "Amount"]


def test_lines_of_different_height_are_never_one() -> None:
    words = [*words_of("one"), *words_of("two", base=113.0)]
    assert [line.text for line in lines_of(words, 1)] == ["one", "two"]


def test_right_to_left_words_stay_on_their_line() -> None:
    words = [*words_of("שלום", x=200.0), *words_of("עולם", x=170.0)]
    assert len(lines_of(words, 1)) == 1


def test_sideways_words_keep_the_line_of_the_stream() -> None:
    box = Box(10, 10, 20, 60)
    words = [
        Word("written", box, 60, 10.0, line=3),
        Word("upwards", Box(10, 70, 20, 120), 120, 10.0, line=3),
    ]
    assert [line.text for line in lines_of(words, 1)] == ["written upwards"]


def test_running_heads_and_page_numbers_are_found_by_repetition() -> None:
    pages = [
        page_of(
            [
                (f"EU Grants: Guide: V5.1 – page {number}", {"base": 40.0, "size": 8.0}),
                *body(number),
                (str(number + 1), {"base": 810.0, "x": 500.0}),
            ],
            number=number,
        )
        for number in range(1, 6)
    ]
    margins = find_margins([page_lines(page) for page in pages])
    assert [found.label for found in margins] == ["2", "3", "4", "5", "6"]
    assert all(found.dropped == {0, 21} for found in margins)


def test_roman_page_numbers_are_labels() -> None:
    pages = [
        page_of([(BODY, {}), (f"- {roman} -", {"base": 810.0})], number=number)
        for number, roman in enumerate(("iii", "iv", "v", "vi"), 1)
    ]
    margins = find_margins([page_lines(page) for page in pages])
    assert [found.label for found in margins] == ["iii", "iv", "v", "vi"]


def test_a_heading_that_begins_many_pages_is_no_running_head() -> None:
    pages = [
        page_of(
            [
                *([("WHAT ARE THE FUNDING RULES?", {})] if number % 6 == 0 else []),
                *body(number),
            ],
            number=number,
        )
        for number in range(1, 31)
    ]
    margins = find_margins([page_lines(page) for page in pages])
    assert not any(found.dropped for found in margins)


def test_what_is_all_the_text_of_every_page_is_no_running_head() -> None:
    pages = [page_of([("only this", {"base": 40.0})], number=n) for n in (1, 2, 3)]
    margins = find_margins([page_lines(page) for page in pages])
    assert not any(found.dropped for found in margins)


def test_footnotes_begin_at_a_raised_number_in_small_type() -> None:
    page = page_of(
        [
            *[(f"{BODY}^12 more", {}) for _ in range(3)],
            ("^12 A condition that counts", {"base": 750.0, "size": 9.0}),
            ("and goes on here", {"base": 761.0, "size": 9.0}),
        ]
    )
    lines = lines_on(page)
    assert footnote_start(lines, (), 10.0) == 3
    assert footnote_start(lines, (), 9.0) is None
    assert footnote_start(lines, (), 10.0, below=790.0) is None
    assert footnote_start(lines[:3], (), 10.0) is None


def test_footnotes_without_a_number_begin_under_the_short_rule() -> None:
    page = page_of(
        [
            (BODY, {}),
            ("goes on from the page before", {"base": 750.0, "size": 9.0}),
            ("^13 Another one", {"base": 762.0, "size": 9.0}),
        ]
    )
    rule = Box(56.0, 735.0, 200.0, 735.7)
    assert footnote_start(lines_on(page), (rule,), 10.0) == 1
    assert footnote_start(lines_on(page), (), 10.0) == 2


def paragraphs(*lines: tuple[str, dict[str, object]]) -> list[str]:
    found = paragraphs_of(lines_on(page_of(lines)), 1.3)
    return [" / ".join(line.text for line in paragraph.lines) for paragraph in found]


def test_a_gap_ends_a_paragraph() -> None:
    assert paragraphs(
        (BODY, {"base": 100.0}), ("the next line.", {"base": 113.0}), (BODY, {"base": 135.0})
    ) == [f"{BODY} / the next line.", BODY]


def test_bullets_and_numbers_begin_items_and_hang() -> None:
    found = paragraphs(
        ("The following cannot apply:", {}),
        ("• natural persons, with the exception of self-employed persons of the countries", {}),
        ("that take part;", {"x": 66.0}),
        ("(a) the first case", {}),
        ("1. the second case.", {}),
        ("Not an item.", {}),
    )
    assert found == [
        "The following cannot apply:",
        "• natural persons, with the exception of self-employed persons of the countries"
        " / that take part;",
        "(a) the first case",
        "1. the second case.",
        "Not an item.",
    ]


def test_bold_lines_stand_apart_from_what_follows() -> None:
    assert paragraphs(("Grant agreement", {"bold": True}), (BODY, {})) == ["Grant agreement", BODY]


def test_bold_words_at_a_line_end_do_not_break_a_paragraph() -> None:
    page = page_of([(f"{BODY} and", {}), ("most appropriate lump sum", {"bold": True})])
    assert len(paragraphs_of(lines_on(page), 1.3)) == 1


def test_a_bold_line_inside_a_sentence_does_not_break_it() -> None:
    page = page_of([(BODY, {}), ("the most appropriate", {"bold": True}), ("lump sum.", {})])
    assert len(paragraphs_of(lines_on(page), 1.3)) == 1


def test_a_sentence_goes_on_over_a_wider_gap() -> None:
    found = paragraphs((BODY, {"base": 100.0}), ("goes on here.", {"base": 119.0}))
    assert len(found) == 1
    assert len(paragraphs((BODY, {"base": 100.0}), ("goes on here.", {"base": 160.0}))) == 2


def test_a_heading_of_two_lines_in_small_capitals_is_one_paragraph() -> None:
    found = paragraphs(
        ("TOP-UP AMOUNT TO THE INDIVIDUAL SUPPORT FOR SHORT-TERM", {"bold": True}),
        ("MOBILITY", {"bold": True, "size": 8.0}),
    )
    assert len(found) == 1


def test_usual_leading_is_the_smallest_frequent_one() -> None:
    lines = lines_on(page_of([(BODY, {"base": 100.0 + 13 * n}) for n in range(10)]))
    assert usual_leading([lines]) == 1.3
    assert usual_leading([]) == 1.2


def column_page(*, across: bool) -> list[Line]:
    """Two columns; the stream runs across them, or down the one and then the other."""
    left = [
        words_of(f"left column line {n:02d} with many words", base=100 + 12 * n, line=n)
        for n in range(12)
    ]
    right = [
        words_of(
            f"right column line {n:02d} with words",
            x=320,
            base=100 + 12 * n,
            line=n if across else 20 + n,
        )
        for n in range(12)
    ]
    order = (
        [w for pair in zip(left, right, strict=True) for w in pair] if across else [*left, *right]
    )
    head = words_of(
        "A title over both columns that is long enough to run across the gutter", base=80, line=99
    )
    return lines_of([w for words in [head, *order] for w in words], 1)


def test_columns_are_read_one_after_the_other() -> None:
    down = [line.text for line in column_page(across=False)]
    across = column_page(across=True)
    parts = split_at_gutters(across)
    assert parts is not None
    read = in_reading_order(parts, [line.box for line in parts], columns=True)
    assert [line.text for line in read] == down


def test_labels_beside_values_are_no_columns() -> None:
    lines = lines_of(
        [
            word
            for n in range(12)
            for word in [
                *words_of("ERC", base=100 + 12 * n, line=n),
                *words_of(
                    "European Research Council and more words", x=150, base=100 + 12 * n, line=n
                ),
            ]
        ],
        1,
    )
    assert split_at_gutters(lines) is None


def test_the_stream_order_is_kept_unless_it_jumps_upwards() -> None:
    lines = [one_line("first", base=100.0), one_line("second", base=120.0)]
    boxes = [line.box for line in lines]
    assert in_reading_order(lines, boxes) == lines
    assert in_reading_order(lines[::-1], boxes[::-1]) == lines


def test_boxes_go_back_to_the_page_as_displayed() -> None:
    box = Box(10.0, 20.0, 110.0, 32.0)
    for turns in range(4):
        page = RawPage(number=1, width=WIDTH, height=HEIGHT, quarter_turns=turns)
        shown = page.displayed(box)
        width, height = page.displayed_size
        assert 0 <= shown.x0 < shown.x1 <= width
        assert 0 <= shown.top < shown.bottom <= height
        back = RawPage(number=1, width=width, height=height, quarter_turns=-turns)
        assert back.displayed(shown) == box
