"""The tables of the real guides: every cell as it was checked by eye, and every amount."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest.drawn import RawPage
from ingest.pdf import open_pdf
from ingest.reading import DrawnFile
from ingest.tables import RawTable, find_tables
from tests.table_rows import Line, lines_of, read_lines, text_in

FROZEN = sorted((Path(__file__).parent / "data" / "tables").glob("*.tsv"))
AMOUNT = re.compile(r"(?:EUR|€)\s?\d|\d[\d .,]*\s?(?:EUR|€|[Ee]uro)")
GUIDE = "erasmus-plus-programme-guide-2026_en"

pytestmark = pytest.mark.shared


def _pages_of(lines: list[Line]) -> list[range]:
    """Runs of pages that hold the tables, each with the page before it."""
    runs: list[range] = []
    for page in sorted({number for line in lines for number in (line.page - 1, line.page)} - {0}):
        if runs and page == runs[-1].stop:
            runs[-1] = range(runs[-1].start, page + 1)
        else:
            runs.append(range(page, page + 1))
    return runs


@pytest.fixture(scope="module")
def guide(drawn_guide: Callable[[str], DrawnFile]) -> Sequence[RawPage]:
    """All pages of the guide of 2026."""
    return drawn_guide(f"{GUIDE}.pdf").pages


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)
def test_every_cell_is_as_checked_by_eye(
    frozen: Path, guides: Path, request: pytest.FixtureRequest
) -> None:
    expected = read_lines(frozen)
    wanted = {line.table for line in expected}
    if frozen.stem == GUIDE:
        runs = [request.getfixturevalue("guide")]
    else:
        with open_pdf(guides / f"{frozen.stem}.pdf") as pdf:
            runs = [[pdf.page(number) for number in run] for run in _pages_of(expected)]
    seen = [
        line
        for pages in runs
        for line in lines_of(pages, find_tables(pages))
        if line.table in wanted
    ]
    assert [line.loose() for line in seen] == [line.loose() for line in expected]


def test_at_least_60_tables_are_frozen() -> None:
    assert sum(len({line.table for line in read_lines(path)}) for path in FROZEN) >= 60


def test_amounts_know_their_row(guide: list[RawPage]) -> None:
    amounts = [
        (page.number, text, bool(row_headers), bool(column_headers) or table.layout)
        for page, tables in zip(guide, find_tables(guide), strict=True)
        for table in tables
        for row_headers, column_headers, text in _texts(page, table)
        for _ in AMOUNT.findall(text)
    ]
    assert len(amounts) > 500
    lost = [amount for amount in amounts if not amount[2]]
    assert len(lost) <= 0.01 * len(amounts), lost
    assert [amount for amount in amounts if not amount[3]] == []


def _texts(page: RawPage, table: RawTable) -> list[tuple[tuple[str, ...], tuple[str, ...], str]]:
    return [
        (cell.row_headers, cell.column_headers, text_in(cell.box, page)) for cell in table.cells
    ]
