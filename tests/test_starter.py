"""The starter guides: printed from their texts, marked unofficial, every figure with a source."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pypdf import PdfReader

from corpus.errors import GuideError
from corpus.starter.build import FOLDER, build
from corpus.starter.source import Grid, Heading, Items, Paragraph, read_guide

SOURCES = sorted(FOLDER.glob("*.md"))
NAMES = [source.stem for source in SOURCES]
BASES = {
    "official document read",
    "official EU page",
    "national agency or national contact point",
    "copy of official text",
    "secondary",
    "calculated",
    "made-up example",
}
# Numbers that are names: programme periods, call years, codes, parts, pages, laws, frameworks.
NAMED_NUMBERS = re.compile(
    r"""
      https?://\S+
    | \(version\s\d+,\s\d\d/\d\d/\d{4}\)
    | \b(?:19|20)\d\d(?:-(?:19|20)?\d\d)?\b
    | \bKA\s?\d+\b | \bK[A-Z]*\d\d\d(?:-[A-Z]+)?\b
    | \b(?:Key\sActions?|Part|PART|Annex|Articles?|[Vv]ersion|Volume|Step|VET\sPRIORITY)\s\d+
      (?:\sand\s\d+)?
    | \bpp?\.\s\d+(?:-\d+)? | \bET\s2020 | \bCOVID-19 | \bISCED[\s-]F? | \bISO\s\d+ | \bB1\.\d
    | \bEAC/A\d+/\d+ | \bSWD\(\d+\)\d+ | \b(?:No\s)?\d+/\d{4}\b | \b20\d\d/\d+\b
    | (?<=\[\^)\d+(?=\]) | ^\d+(?=\.\s)
    """,
    re.VERBOSE | re.MULTILINE,
)


class Figure(NamedTuple):
    guide: str
    section: str
    figure: str
    unit: str
    document: str
    edition: str
    place: str
    source: str
    basis: str


def figures() -> list[Figure]:
    with (FOLDER / "sources.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert next(rows) == list(Figure._fields)
        return [Figure(*row) for row in rows]


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"</?(?:b|i)>|<br/>", "", text)).strip()


@lru_cache
def sections(name: str) -> dict[str, str]:
    """The plain text below each heading, the heading itself included."""
    texts: dict[str, list[str]] = {}
    current: list[str] = []
    for block in read_guide(FOLDER / f"{name}.md").blocks:
        match block:
            case Heading(text=text):
                current = texts.setdefault(plain(text), [])
                current.append(text)
            case Paragraph(text=text):
                current.append(re.sub(r"<super>\d+</super>", "", text))
            case Items(items=items):
                current.extend(text for _, _, text in items)
            case Grid(rows=rows):
                current.extend(cell for row in rows for cell in row)
    return {
        heading: "\n".join(plain(re.sub(r"<super>\d+</super>", "", line)) for line in lines)
        for heading, lines in texts.items()
    }


def read(path: Path) -> list[str]:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache
def _read(path: Path, _changed: int) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


@pytest.mark.parametrize("name", NAMES)
def test_printing_a_guide_again_gives_the_committed_pages(name: str, tmp_path: Path) -> None:
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    build(FOLDER / f"{name}.md", first)
    build(FOLDER / f"{name}.md", second)
    assert first.read_bytes() == second.read_bytes()
    # Text and not bytes: another zlib packs the same page differently.
    assert read(first) == read(FOLDER / f"{name}.pdf"), "run: python -m corpus.starter.build"


def test_there_is_no_printed_guide_without_its_text() -> None:
    assert [path.stem for path in sorted(FOLDER.glob("*.pdf"))] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_page_says_that_it_is_unofficial_and_where_the_official_text_is(name: str) -> None:
    head = read_guide(FOLDER / f"{name}.md").head
    footer = head.footer.format(official=head.official)
    for number, text in enumerate(read(FOLDER / f"{name}.pdf"), start=1):
        assert footer in text, f"page {number}"


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_has_bookmarks_labels_language_and_embedded_fonts(name: str) -> None:
    path = FOLDER / f"{name}.pdf"
    reader = PdfReader(path)
    guide = read_guide(FOLDER / f"{name}.md")
    headings = [block.text for block in guide.blocks if isinstance(block, Heading)]
    assert _titles(reader.outline) == headings
    labels = reader.page_labels
    assert labels[0] == "i"
    assert "1" in labels
    assert labels[-1] == str(len(labels) - labels.index("1"))
    assert str(reader.root_object["/Lang"]) == guide.head.language == name[-2:]
    assert reader.metadata is not None
    assert reader.metadata.title == guide.head.title
    for page in reader.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            assert "/FontFile2" in font.get("/FontDescriptor", {}), font["/BaseFont"]
    assert path.stat().st_size < 300_000


def _titles(outline: Sequence[Any]) -> list[str]:
    titles: list[str] = []
    for entry in outline:
        if isinstance(entry, list):
            titles.extend(_titles(entry))
        else:
            titles.append(str(entry["/Title"]))
    return titles


@pytest.mark.parametrize("name", NAMES)
def test_the_cover_cannot_be_taken_for_an_official_edition(name: str) -> None:
    cover = read(FOLDER / f"{name}.pdf")[0]
    head = read_guide(FOLDER / f"{name}.md").head
    assert head.edition in cover
    # What the official covers print: "Version 3 (2023): 04-04-2023", "Version 1 12/11/2025 (2026)".
    assert not re.search(r"(?i)^version \d", cover, re.MULTILINE)


def test_the_english_guides_have_at_least_sixty_pages() -> None:
    assert sum(len(read(path)) for path in FOLDER.glob("*_en.pdf")) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_sources_stands_in_its_section(name: str) -> None:
    rows = [row for row in figures() if row.guide == name]
    assert rows
    texts = sections(name)
    assert not [row for row in rows if row.figure not in texts.get(row.section, "")]


@pytest.mark.parametrize("row", figures(), ids=lambda row: f"{row.guide}:{row.figure}")
def test_every_row_of_sources_is_complete(row: Figure) -> None:
    assert row.guide in NAMES
    assert row.basis in BASES
    assert row.unit
    assert row.document
    if row.basis not in ("calculated", "made-up example"):
        assert row.edition
        assert row.place
        assert row.source


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_a_row_in_sources(name: str) -> None:
    known: dict[str, list[str]] = {}
    for row in figures():
        if row.guide == name:
            known.setdefault(row.section, []).append(row.figure)
    missing = {}
    for heading, text in sections(name).items():
        for figure in sorted(known.get(heading, ()), key=len, reverse=True):
            text = re.sub(rf"(?<!\d){re.escape(figure)}(?!\d)", " ", text)
        text = NAMED_NUMBERS.sub(" ", text)
        if left := re.findall(r"[^\n]{0,30}\d[^\n]{0,20}", text):
            missing[heading] = left
    assert not missing


def test_a_guide_without_a_head_or_with_html_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "guide.md"
    path.write_text("# No head\n", encoding="utf-8")
    with pytest.raises(GuideError, match="is missing"):
        read_guide(path)
    path.write_text('+++\ntitle = "T"\n+++\n# Part\n', encoding="utf-8")
    with pytest.raises(GuideError, match="cannot be read"):
        read_guide(path)
    head = (FOLDER / f"{NAMES[0]}.md").read_text(encoding="utf-8").split("\n+++\n")[0]
    path.write_text(f"{head}\n+++\n# Part\n\n> quoted\n", encoding="utf-8")
    with pytest.raises(GuideError, match="blockquote"):
        read_guide(path)
