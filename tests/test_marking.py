from __future__ import annotations

from dataclasses import replace

from assistant.marking import find_marks
from corpus.model import Box, Cell, Document, Page, Span, Table, TextBox
from tests.web import BOXES, document

QUOTED = "EUR 30 000 and EUR 60 000"


def table() -> tuple[Document, tuple[TextBox, ...]]:
    """Distances and amounts; the amount of two bands is the same."""
    cells = ["Distance", "Amount", "100 km", "EUR 20", "500 km", "EUR 20", "900 km", "EUR 99"]
    text = ""
    held, boxes = [], []
    for index, words in enumerate(cells):
        row, column = divmod(index, 2)
        span = Span(len(text), len(text) + len(words))
        text += words + ("\n" if column else " | ")
        box = Box(100.0 * column, 20.0 * row, 100.0 * column + 90, 20.0 * row + 15)
        boxes.append(TextBox(span=span, box=box))
        heads = (cells[column],) if row else ()
        held.append(Cell(span=span, row=row, column=column, column_headers=heads))
    page = Page(number=1, span=Span(0, len(text)), width_pt=200, height_pt=200)
    whole = Table(span=Span(0, len(text)), cells=tuple(held))
    return replace(document(), text=text, pages=(page,), tables=(whole,), sections=()), tuple(boxes)


def test_cells_are_marked_in_their_row_with_their_heads() -> None:
    held, boxes = table()
    marks = find_marks(held, boxes, 1, "500 km | EUR 20")
    assert marks.quote == (boxes[4].box, boxes[5].box)
    assert marks.headers == (boxes[0].box, boxes[1].box)
    whole = find_marks(held, boxes, 1, "Amount … EUR 99")
    assert whole.quote == (boxes[1].box, boxes[7].box)
    assert whole.headers == ()


def test_a_head_is_marked_at_its_table_and_as_a_whole() -> None:
    lines = ["The amount of the distance.", "Distance", "Amount", "Non-\nAmount", "Amounts"]
    lines += ["500 km", "EUR 20"]
    text, boxes = "", []
    for number, line in enumerate(lines):
        span = Span(len(text), len(text) + len(line))
        boxes.append(TextBox(span=span, box=Box(0, 20.0 * number, 90, 20.0 * number + 15)))
        text += f"{line}\n"
    page = Page(number=1, span=Span(0, len(text)), width_pt=200, height_pt=200)
    held = replace(document(), text=text, pages=(page,), sections=())
    marks = find_marks(held, boxes, 1, "Distance | Amount … 500 km | EUR 20")
    assert marks.quote == tuple(boxes[index].box for index in (1, 2, 5, 6))


def test_only_the_quoted_part_of_a_line_is_marked() -> None:
    marks = find_marks(document(), BOXES, 1, QUOTED)
    (box,) = marks.quote
    line = BOXES[1].box
    assert line.x0 < box.x0 < line.x1
    assert (box.top, box.bottom) == (line.top, line.bottom)


def test_nothing_is_marked_where_a_piece_is_missing() -> None:
    assert find_marks(document(), BOXES, 1, "EUR 30 000 … EUR 70 000").quote == ()
    assert find_marks(document(), (), 1, QUOTED).quote == ()
    assert find_marks(document(), BOXES, 1, "").quote == ()


def test_lines_in_scripts_that_may_run_from_the_right_are_marked_whole() -> None:
    text = "שלום עולם\n"
    span = Span(0, len(text) - 1)
    page = Page(number=1, span=Span(0, len(text)), width_pt=200, height_pt=200)
    held = replace(document(), text=text, pages=(page,), sections=())
    line = TextBox(span=span, box=Box(0, 0, 90, 10))
    assert find_marks(held, (line,), 1, "עולם").quote == (line.box,)
