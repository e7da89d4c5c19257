"""The official guides as documents: editions, contents, sections, chunks and boxes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfWriter

from corpus.hashing import hash_file
from corpus.matching import comparable
from corpus.model import DocumentStatus
from corpus.settings import Settings
from ingest.contents import Entry, find_contents
from ingest.laying_out import lay_out
from ingest.pdf import open_pdf
from ingest.reading import DrawnFile, compose
from ingest.tables import find_tables
from tests.whole_files import Read, WordCounter, check, read, strangers

FIRST_PAGES = {
    "erasmus-plus-programme-guide-2021-v2_el.pdf": (
        "erasmus-plus-2021-v2-el", "el", 2021, "2", date(2021, 4, 8)
    ),
    "erasmus-plus-programme-guide-2023-v3_en.pdf": (
        "erasmus-plus-2023-v3-en", "en", 2023, "3", date(2023, 4, 4)
    ),
    "erasmus-plus-programme-guide-2025-v2_el.pdf": (
        "erasmus-plus-2025-v2-el", "el", 2025, "2", date(2025, 1, 20)
    ),
}  # fmt: skip


@pytest.mark.shared
@pytest.mark.parametrize("name", FIRST_PAGES)
def test_editions_are_read_from_the_cover(guides: Path, tmp_path: Path, name: str) -> None:
    writer = PdfWriter()
    writer.append(guides / name, pages=(0, 8))
    path = tmp_path / "front.pdf"
    writer.write(path)
    document, _ = read(path)
    edition = document.edition
    assert edition.programme == "Erasmus+"
    found = (document.id, edition.language, edition.year, edition.version, edition.date)
    assert found == FIRST_PAGES[name]


@pytest.mark.shared
def test_small_guides_whole(guides: Path) -> None:
    for name, title, version in (
        ("horizon-europe-programme-guide_en.pdf", "Horizon Europe Programme Guide", "5.1"),
        (
            "how-to-manage-your-lump-sum-grants_en.pdf",
            "EU Grants: How to manage your lump sum grants",
            "1.4",
        ),
        (
            "erasmus-blended-mobility-implementation-guide-ka131_en.pdf",
            "Blended mobility implementation guide for Erasmus+ higher education mobility KA131",
            None,
        ),
    ):
        document, boxes = read(guides / name)
        check(document, boxes)
        assert document.status is DocumentStatus.INDEXED
        assert document.warnings == ()
        edition = document.edition
        assert edition.title.startswith(title)
        assert (edition.language, edition.version, edition.year) == ("en", version, None)
        pages = range(3, len(document.pages) + 1, 9)
        assert strangers(document, pages, guides / name) == []


GUIDE_2026 = "erasmus-plus-programme-guide-2026_en.pdf"


@pytest.fixture(scope="module")
def composed(guides: Path, drawn_guide: Callable[[str], DrawnFile]) -> Callable[[str], Read]:
    """A real guide as document, by the name of its file."""
    settings = Settings(home=Path("nowhere"))

    def compose_guide(name: str) -> Read:
        path = guides / name
        sha256 = hash_file(path)
        drawn = drawn_guide(name)
        return compose(drawn, path, sha256=sha256, settings=settings, tokenizer=WordCounter())

    return cache(compose_guide)


@pytest.fixture(scope="module")
def guide_2026(composed: Callable[[str], Read]) -> Read:
    return composed(GUIDE_2026)


@pytest.mark.shared
def test_the_guide_of_2026(guide_2026: Read, guides: Path) -> None:
    document, boxes = guide_2026
    check(document, boxes)
    assert document.edition.title == "Erasmus+ Programme Guide 2026 (version 1, 12/11/2025)"
    assert [page.label for page in document.pages] == ["", *map(str, range(2, 457))]
    assert document.edition.official
    path = guides / GUIDE_2026
    assert strangers(document, (14, 64, 119, 164, 242, 387, 449), path) == []


@pytest.mark.shared
@pytest.mark.parametrize(
    ("page", "part"),
    [
        (93, "SHORT-TERM PROJECTS FOR MOBILITY OF LEARNERS"),
        (95, "ACCREDITED PROJECTS FOR MOBILITY OF LEARNERS"),
        (113, "SHORT-TERM PROJECTS FOR MOBILITY OF PUPILS"),
        (117, "ACCREDITED PROJECTS FOR MOBILITY OF PUPILS"),
        (133, "SHORT-TERM PROJECTS FOR MOBILITY OF LEARNERS"),
        (137, "ACCREDITED PROJECTS FOR MOBILITY OF LEARNERS"),
    ],
)
def test_short_term_projects_are_told_from_accredited_ones(
    guide_2026: Read, page: int, part: str
) -> None:
    document, _ = guide_2026
    durations = [
        section.headings
        for section in document.sections
        if section.headings[-1:] == ("Project duration",)
        and document.page_at(section.span.start).number == page
    ]
    assert len(durations) == 1
    assert durations[0][3].startswith(part)


@pytest.mark.shared
def test_the_funding_rules_are_of_both_parts_of_a_chapter(guide_2026: Read) -> None:
    document, _ = guide_2026
    for page in (98, 118, 138):
        paths = {
            section.headings
            for section in document.sections
            if "WHAT ARE THE FUNDING RULES?" in section.headings
            and document.page_at(section.span.start).number == page
        }
        assert paths
        assert all(path[3] == "WHAT ARE THE FUNDING RULES?" for path in paths)


def printed_contents(drawn: DrawnFile) -> tuple[Entry, ...]:
    front = drawn.pages[:5]
    return find_contents(lay_out(front, find_tables(front))).entries


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count"),
    [
        (GUIDE_2026, 55),
        ("erasmus-plus-programme-guide-2023-v3_en.pdf", 54),
        ("horizon-europe-programme-guide_en.pdf", 19),
    ],
)
def test_entries_of_the_contents_are_headings_on_their_pages(
    composed: Callable[[str], Read],
    drawn_guide: Callable[[str], DrawnFile],
    name: str,
    count: int,
) -> None:
    entries = printed_contents(drawn_guide(name))
    assert len(entries) == count  # counted by eye
    document, _ = composed(name)
    headings: dict[str, set[str]] = {}
    for section in document.sections:
        page = document.page_at(section.span.start)
        label = page.label or str(page.number)  # one page of 2023 prints no number
        headings.setdefault(label, set()).update(map(comparable, section.headings))
    missing = [e for e in entries if comparable(e.title) not in headings.get(e.label, ())]
    assert missing == []


@pytest.mark.shared
def test_chunks_of_part_b_name_their_action(
    guide_2026: Read, drawn_guide: Callable[[str], DrawnFile]
) -> None:
    document, _ = guide_2026
    entries = printed_contents(drawn_guide(GUIDE_2026))
    labels = [int(entry.label) for entry in entries]
    _, part_b, part_c, _ = (n for n, entry in enumerate(entries) if entry.level == 0)
    named, unnamed = 0, []
    for chunk in document.chunks:
        page = document.page_at(chunk.span.start).number
        if not labels[part_b] <= page < labels[part_c]:
            continue
        # What began last before this page, or begins on it.
        before = max(n for n, label in enumerate(labels) if label < page)
        begins = [n for n, label in enumerate(labels) if label == page]
        actions = {comparable(entries[n].title) for n in (before, *begins)}
        if actions & set(map(comparable, chunk.headings)):
            named += 1
        else:
            unnamed.append((page, chunk.text))
    assert named > 1500
    assert len(unnamed) <= 0.01 * (named + len(unnamed)), unnamed


@pytest.mark.shared
@pytest.mark.parametrize(
    ("page", "text", "headings", "context"),
    [
        (237, "minimum three organisations from three different",
         ("ELIGIBILITY CRITERIA", "Number and profile of participating organisations"), ""),
        (64, "125 EUR per participant", ("FUNDING RULES",), "Inclusion support for organisations"),
        (98, "10 – 99 km | 56 EUR | 28 EUR", ("WHAT ARE THE FUNDING RULES?",), "Green travel"),
        (242, "²⁴⁷ As decimal points are not applicable", (), "minimum 13 points²⁴⁷"),
        (444, "Blended mobility | A mobility activity that combines",
         ("PART D – GLOSSARY OF TERMS", "Common terms", "Blended mobility"), ""),
        (58, "between 5 and 30 days for learners",
         ("ELIGIBILITY CRITERIA FOR BLENDED INTENSIVE PROGRAMMES", "Duration of the activity"), ""),
    ],
)  # fmt: skip
def test_what_a_reader_of_one_chunk_knows(
    guide_2026: Read, page: int, text: str, headings: tuple[str, ...], context: str
) -> None:
    document, _ = guide_2026
    chunks = [
        chunk
        for chunk in document.chunks
        if text in chunk.text
        and document.page_range(chunk.span)[0].number <= page
        and document.page_range(chunk.span)[1].number >= page
    ]
    assert chunks
    assert any(
        set(headings) <= set(chunk.headings) and context in chunk.context for chunk in chunks
    )


@pytest.mark.shared
def test_boxes_lead_back_to_the_words_on_the_page(guide_2026: Read, guides: Path) -> None:
    document, boxes = guide_2026
    with open_pdf(guides / "erasmus-plus-programme-guide-2026_en.pdf") as pdf:
        page = pdf.page(242)
    span = document.page(242).span
    for box in boxes:
        if not span.contains(box.span):
            continue
        inside = "".join(
            word.text
            for word in page.words
            if box.box.x0 - 1 <= word.box.x0 <= box.box.x1
            and box.box.top - 4 <= word.base <= box.box.bottom
        )
        drawn = comparable(document.text[box.span.start : box.span.end])
        assert drawn in comparable(inside)
