"""Pages that are pictures, read by a program that stands for Tesseract."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import DocumentError, SettingsError
from corpus.model import Document, DocumentStatus
from corpus.settings import LimitSettings, OcrSettings, Settings
from ingest.ocr import PROGRAM, read_hocr
from ingest.pdf import open_pdf
from ingest.pipeline import ingest
from ingest.reading import read_document
from ingest.workers import Job, Read, Unread, open_reader
from tests.builders import WordEmbedder
from tests.whole_files import WordCounter, check

SCALE = 300 / 72

LINE = (
    "<span class='ocr_line' id='line_{n}' title=\"bbox {x0} {top} {x1} {bottom}; "
    'baseline 0.0 -{below}; x_size {size}">\n{words}\n</span>'
)
WORD = "<span class='ocrx_word' title='bbox {x0} {top} {x1} {bottom}; x_wconf {sure}'>{text}</span>"


def hocr(*lines: tuple[str, float], sure: int = 95) -> str:
    """What Tesseract writes for lines of text, each with its font size in points."""
    shown = []
    top = 200
    for n, (text, size) in enumerate(lines):
        height = round(size * 0.97 * SCALE)
        x, words = 300, []
        for word in text.split():
            width = round(len(word) * size * 0.5 * SCALE)
            words.append(
                WORD.format(x0=x, top=top, x1=x + width, bottom=top + height, sure=sure, text=word)
            )
            x += width + round(size * 0.5 * SCALE)
        shown.append(
            LINE.format(
                n=n, x0=300, top=top, x1=x, bottom=top + height, size=height,
                below=round(0.22 * size * SCALE), words="\n".join(words),
            )
        )  # fmt: skip
        top += height + 20
    body = "".join(shown)
    return f"<?xml version='1.0'?>\n<html><body><div class='ocr_page'>{body}</div></body></html>"


SCANNED = hocr(
    ("Award criteria", 16),
    ("The grant is 60 000 EUR at most &amp; 12 months.", 10),
    ("Applicants submit their proposal before the deadline.", 10.6),
)


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program on PATH that knows two languages and sees the same page in every picture."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "page.hocr").write_text(SCANNED)
    program = folder / PROGRAM
    program.write_text(
        f"""#!/bin/sh
case "$*" in
  *--list-langs*) printf 'List of available languages (3):\\nell\\neng\\nosd\\n' ;;
  *) head -c 2 > {folder}/seen; echo "$*" >> {folder}/calls; cat > /dev/null
     test ! -e {folder}/fails || exit 3
     cat {folder}/page.hocr ;;
esac
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


@pytest.fixture
def no_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))


def scan(path: Path, *, written: int = 0, pictures: int = 2, height: float = 800.0) -> Path:
    """A PDF with pages of text, then pages that are pictures."""
    picture = ImageReader(Image.new("L", (60, 80), 200))
    canvas = Canvas(str(path), pagesize=(600, height))
    for number in range(written):
        for row in range(4):
            canvas.drawString(40, 500 - 14 * row, f"Written sentence {number} {row} that is here.")
        canvas.showPage()
    for _ in range(pictures):
        canvas.drawImage(picture, 0, 0, 600, height)
        canvas.showPage()
    canvas.save()
    return path


def read(path: Path, mode: str = "auto", *, languages: str = "", timeout_s: int = 900) -> Document:
    document, boxes = read_document(
        path,
        settings=Settings(
            home=Path("nowhere"),
            ocr=OcrSettings(mode=mode, languages=languages),
            limits=LimitSettings(file_timeout_s=timeout_s),
        ),
        tokenizer=WordCounter(),
    )
    check(document, boxes)
    return document


def read_in_this_process(
    jobs: Sequence[Job],
    *,
    settings: Settings,
    workers: int,
    on_pages: Callable[[Job, int, int], None],
) -> Iterator[tuple[Job, Read | Unread]]:
    """The product's reader, without the start of other processes."""
    read_file = open_reader(settings)
    for job in jobs:
        document, boxes = read_file(job, partial(on_pages, job))
        yield job, Read(document=document, boxes=boxes, seconds=0.1)


def test_a_scan_is_read(tesseract: Path, tmp_path: Path) -> None:
    document = read(scan(tmp_path / "scan.pdf"))
    assert document.status is DocumentStatus.INDEXED
    assert document.warnings == (
        "2 of 2 pages (1, 2) have been read by OCR: hold their figures against the page.",
    )
    assert "The grant is 60 000 EUR at most & 12 months." in document.page_text(2)
    assert document.chunks[0].headings == ("Award criteria",)
    calls = (tesseract / "calls").read_text().splitlines()
    assert calls == ["stdin stdout -l eng+ell --dpi 300 hocr"] * 2
    assert (tesseract / "seen").read_text() == "P5"


def test_only_the_pages_that_need_it_are_read(tesseract: Path, tmp_path: Path) -> None:
    path = scan(tmp_path / "mixed.pdf", written=3)
    document = read(path, languages="ell")
    assert document.status is DocumentStatus.INDEXED
    assert document.warnings[0].startswith("2 of 5 pages (4, 5) have been read by OCR")
    assert "Written sentence 1" in document.page_text(2)
    assert "60 000 EUR" in document.page_text(5)
    assert (tesseract / "calls").read_text().count("-l ell") == 2
    forced = read(path, "force")
    assert "Written sentence" not in forced.text
    assert forced.text.count("60 000 EUR") == 5
    never = read(path, "never")
    assert never.status is DocumentStatus.PARTLY_INDEXED
    assert "--ocr auto" in never.warnings[0]


def test_without_the_program_it_is_said_what_to_install(no_tesseract: None, tmp_path: Path) -> None:
    path = scan(tmp_path / "scan.pdf")
    for mode, said in (
        ("auto", "2 of 2 pages of scan.pdf have no text. Either install Tesseract"),
        ("never", "Allow OCR"),
        ("force", "OCR was asked for, but tesseract is not there"),
    ):
        with pytest.raises(DocumentError, match=said) as caught:
            read(path, mode)
        assert caught.value.status == DocumentStatus.NEEDS_OCR
    partly = read(scan(tmp_path / "mixed.pdf", written=3))
    assert partly.status is DocumentStatus.PARTLY_INDEXED
    assert partly.warnings[0].startswith("2 of 5 pages (4, 5) have no text and are left out.")
    assert "tesseract-ocr-ell" in partly.warnings[0]


def test_pages_that_cannot_be_read_are_said(tesseract: Path, tmp_path: Path) -> None:
    path = scan(tmp_path / "mixed.pdf", written=3)
    (tesseract / "fails").touch()
    assert "OCR found no text there" in read(path).warnings[0]
    (tesseract / "fails").unlink()
    (tesseract / "page.hocr").write_text(hocr(("specks", 10), sure=3))
    blank = read(path)  # a photograph: nothing is missing
    assert blank.status is DocumentStatus.INDEXED
    assert blank.page_text(5) == ""


def test_a_language_that_is_not_there_is_named(tesseract: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no data for the language hrv.*It has: eng, ell"):
        read(scan(tmp_path / "scan.pdf"), languages="eng+hrv")


def test_a_program_that_does_not_work_is_none(tesseract: Path, tmp_path: Path) -> None:
    (tesseract / PROGRAM).write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(DocumentError, match="does not work"):
        read(scan(tmp_path / "scan.pdf"), "force")


def test_the_picture_of_a_huge_page_is_smaller(tmp_path: Path) -> None:
    with open_pdf(scan(tmp_path / "huge.pdf", pictures=1, height=14_400)) as pdf:
        picture, dpi = pdf.picture(1, dpi=300)
    assert dpi == pytest.approx(30)
    assert picture.startswith(b"P5 250 6000 255\n")
    assert len(picture) == len(b"P5 250 6000 255\n") + 250 * 6000


def test_a_known_document_gains_what_ocr_finds(
    tesseract: Path, tmp_path: Path, model_home: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (model_home / "models").mkdir(exist_ok=True)
    (home / "models").symlink_to(model_home / "models")
    settings = Settings(home=home)
    mixed = scan(tmp_path / "mixed.pdf", written=3)

    def run(ocr: str | None) -> list[tuple[str, int]]:
        report = ingest(
            [mixed], settings=settings, embedder=WordEmbedder(), ocr=ocr, read=read_in_this_process
        )
        return [(file.status, file.chunks) for file in report.files]

    ((status, few),) = run("never")
    assert status == "partly indexed"
    assert run(None) == [("unchanged", few)]
    ((status, more),) = run("auto")
    assert status == "indexed"
    assert more > few
    assert run("auto") == [("unchanged", more)]
    assert run("force")[0][0] == "indexed"


@given(st.text(max_size=200))
def test_whatever_the_program_writes_gives_words(text: str) -> None:
    for shown in (text, SCANNED.replace("60", text), SCANNED[: len(text) * 7]):
        for word in read_hocr(shown, points=0.24):
            assert word.text
            assert not any(map(str.isspace, word.text))
            assert word.box.top < word.base < word.box.bottom


@pytest.mark.shared
@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="Tesseract is not installed")
def test_a_guide_as_pictures_is_read_by_the_real_program(shared: Path) -> None:
    path = shared / "awkward" / "derived_erasmus2026_p72-75_image_only.pdf"
    document = read(path, languages="eng")
    assert "400 EUR per participant, with a minimum of 10" in document.text
    assert "E) FUNDING RULES APPLICABLE TO BLENDED INTENSIVE PROGRAMMES" in {
        heading for chunk in document.chunks for heading in chunk.headings
    }
