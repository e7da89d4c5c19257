"""The PDF reader on files made here and on awkward real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.constants import PageLabelStyle
from pypdf.generic import NumberObject
from reportlab.lib.colors import black, lightgrey, white
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import DocumentError
from corpus.matching import comparable
from corpus.model import DocumentStatus
from ingest.pdf import open_pdf
from tests.raw_pdf import LINES, upright, write_pdf


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages: fonts, a superscript, rulings, shades, doubled and off-page words; bookmarks."""
    path = tmp_path_factory.mktemp("pdf") / "drawn.pdf"
    canvas = Canvas(str(path), pagesize=(400, 600))
    canvas.setTitle("A title that lies")
    canvas.setFont("Helvetica-Bold", 14)
    canvas.drawString(50, 550, "Award criteria")
    canvas.setFont("Helvetica", 10)
    canvas.drawString(50, 500, "minimum 13 points")
    text = canvas.beginText(50, 480)
    text.setFont("Helvetica", 10)
    text.textOut("points")
    text.setFont("Helvetica", 6.5)
    text.setRise(3.5)
    text.textOut("247")
    text.setFont("Helvetica", 10)
    text.setRise(0)
    text.textOut(" for all")
    canvas.drawText(text)
    for shift in (0, 0.3):
        canvas.drawString(50 + shift, 450, "twice")
    canvas.drawString(50, 700, "invisible")
    canvas.setFont("Helvetica-Oblique", 10)
    canvas.drawString(50, 430, "slanted")
    canvas.setStrokeColor(black)
    canvas.rect(40, 300, 200, 50, fill=0, stroke=1)
    canvas.setFillColor(lightgrey)
    canvas.rect(40, 200, 200, 50, fill=1, stroke=0)
    canvas.setFillColor(white)
    canvas.rect(40, 100, 200, 50, fill=1, stroke=0)
    canvas.bookmarkPage("a")
    canvas.addOutlineEntry("Award criteria", "a", 0)
    canvas.showPage()
    canvas.bookmarkPage("b")
    canvas.addOutlineEntry("Inside", "b", 1)
    canvas.drawString(50, 500, "second page")
    canvas.save()
    return path


def test_words_have_text_size_weight_and_place(drawn: Path) -> None:
    with open_pdf(drawn) as pdf:
        assert pdf.page_count == 2
        page = pdf.page(1)
    assert (page.width, page.height, page.quarter_turns) == (400, 600, 0)
    by_text = {word.text: word for word in page.words}
    award = by_text["Award"]
    assert (award.size, award.bold, award.italic) == (14, True, False)
    assert award.base == pytest.approx(50, abs=0.1)
    assert award.box.x0 == pytest.approx(50, abs=1.5)
    assert award.box.top < award.base < award.box.bottom
    assert by_text["slanted"].italic
    assert by_text["minimum"].line == by_text["13"].line != award.line


def test_a_superscript_is_a_word_of_its_own_glued_to_the_one_before(drawn: Path) -> None:
    with open_pdf(drawn) as pdf:
        words = pdf.page(1).words
    at = next(i for i, word in enumerate(words) if word.text == "247")
    mark, before = words[at], words[at - 1]
    assert (before.text, mark.glued, mark.size) == ("points", True, 6.5)
    assert mark.base == pytest.approx(before.base - 3.5, abs=0.1)
    assert not words[at + 1].glued


def test_words_drawn_twice_count_once_and_those_off_the_page_not_at_all(drawn: Path) -> None:
    with open_pdf(drawn) as pdf:
        texts = [word.text for word in pdf.page(1).words]
    assert texts.count("twice") == 1
    assert "invisible" not in texts


def test_rulings_and_shades_are_what_is_seen(drawn: Path) -> None:
    with open_pdf(drawn) as pdf:
        page = pdf.page(1)
    assert len(page.rulings) == 4
    assert all(min(b.x1 - b.x0, b.bottom - b.top) < 2.5 for b in page.rulings)
    (shade,) = page.shades
    assert (shade.x0, shade.top, shade.x1, shade.bottom) == pytest.approx((40, 350, 240, 400))


def test_structure(drawn: Path) -> None:
    with open_pdf(drawn) as pdf:
        marks = [(mark.title, mark.level, mark.page) for mark in pdf.outline()]
        assert marks == [("Award criteria", 0, 1), ("Inside", 1, 2)]
        assert pdf.labels() == ()
        assert pdf.title == "A title that lies"
        assert pdf.attachments == ()
        assert [page.number for page in pdf.pages()] == [1, 2]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_rotated_page_is_read_upright_and_its_boxes_go_back(
    drawn: Path, tmp_path: Path, turns: int
) -> None:
    writer = PdfWriter(clone_from=drawn)
    writer.pages[0].rotate(90 * turns)
    path = tmp_path / "rotated.pdf"
    writer.write(path)
    with open_pdf(drawn) as pdf:
        upright = pdf.page(1)
    with open_pdf(path) as pdf:
        page = pdf.page(1)
    assert [word.text for word in page.words] == [word.text for word in upright.words]
    assert [word.base for word in page.words] == [word.base for word in upright.words]
    assert page.quarter_turns == turns
    assert page.displayed_size == ((600, 400) if turns % 2 else (400, 600))
    shown = page.displayed(page.words[0].box)
    middle = ((shown.x0 + shown.x1) / 2, (shown.top + shown.bottom) / 2)
    expected = {1: (550, 75), 2: (325, 550), 3: (50, 325)}[turns]
    assert middle == pytest.approx(expected, abs=25)


def test_page_labels_only_where_the_file_has_them(drawn: Path, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=drawn)
    writer.set_page_label(0, 0, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(1, 1, style=PageLabelStyle.DECIMAL)
    writer.add_attachment("rates.xlsx", b"x")
    path = tmp_path / "labelled.pdf"
    writer.write(path)
    with open_pdf(path) as pdf:
        assert pdf.labels() == ("i", "1")
        assert pdf.attachments == ("rates.xlsx",)


def test_the_empty_password_first_then_the_one_given(drawn: Path, tmp_path: Path) -> None:
    owner, user = tmp_path / "owner.pdf", tmp_path / "user.pdf"
    for path, password in ((owner, ""), (user, "secret")):
        writer = PdfWriter(clone_from=drawn)
        writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
        writer.write(path)
    with open_pdf(owner, password="not needed") as pdf:
        assert pdf.page(2).words[0].text == "second"
    with open_pdf(user, password="secret") as pdf:
        assert pdf.page(2).words[0].text == "second"
    for password, says in (("", "A password is needed"), ("wrong", "does not open")):
        with pytest.raises(DocumentError, match=says) as caught:
            open_pdf(user, password=password)
        assert caught.value.status == DocumentStatus.NEEDS_PASSWORD


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", DocumentStatus.NOT_A_PDF),
        (b"<html>Not found</html>", DocumentStatus.NOT_A_PDF),
        (b"%PDF-1.7\nnothing else", DocumentStatus.DAMAGED),
    ],
)
def test_what_is_no_pdf_says_so(tmp_path: Path, content: bytes, status: DocumentStatus) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=r"file\.pdf") as caught:
        open_pdf(path)
    assert caught.value.status == status


def test_a_broken_page_does_not_lose_the_file(drawn: Path, tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=drawn)
    writer._pages.get_object()["/Kids"][0] = NumberObject(7)  # type: ignore[index]
    path = tmp_path / "broken.pdf"
    writer.write(path)
    with open_pdf(path) as pdf:
        pages = list(pdf.pages())
    assert any(word.text == "second" for page in pages for word in page.words)


def test_form_values_stand_behind_their_labels(tmp_path: Path) -> None:
    path = tmp_path / "form.pdf"
    canvas = Canvas(str(path), pagesize=(400, 600))
    canvas.drawString(50, 500, "Name of the organisation")
    canvas.acroForm.textfield(name="org", x=200, y=495, width=150, height=16, value="Alpha School")
    canvas.drawString(50, 460, "Accredited")
    canvas.acroForm.checkbox(name="acc", x=200, y=455, size=14, checked=True)
    canvas.drawString(50, 420, "Coordinator")
    canvas.acroForm.checkbox(name="coo", x=200, y=415, size=14, checked=False)
    canvas.save()
    with open_pdf(path) as pdf:
        texts = [word.text for word in pdf.page(1).words]
    assert texts == [
        *["Name", "of", "the", "organisation", "Alpha", "School"],
        *["Accredited", "☒", "Coordinator"],
    ]


@pytest.mark.parametrize(
    ("drawing", "turns"),
    [
        (upright("-14", 540), 2),  # letters and lines run upside down
        (
            "BT /F1 -14 Tf "
            + " ".join(
                f"-1 0 0 -1 72 {700 - 20 * n} Tm ({line}) Tj" for n, line in enumerate(LINES)
            )
            + " ET",
            0,
        ),
    ],
)
def test_a_negative_font_size_is_the_size_seen(tmp_path: Path, drawing: str, turns: int) -> None:
    with open_pdf(write_pdf(tmp_path / "negative.pdf", drawing=drawing)) as pdf:
        page = pdf.page(1)
    assert {word.size for word in page.words} == {14.0}
    assert (page.quarter_turns, page.height) == (turns, 842)
    read = [word.text for word in page.words]
    assert read == [word for line in LINES for word in line.split()]
    assert all(word.box.top < word.base < word.box.bottom for word in page.words)
    first = page.words[0]
    assert first.base == pytest.approx(700 if turns else 142, abs=0.1)


@pytest.mark.shared
def test_real_pages_read_as_another_reader_reads_them(guides: Path) -> None:
    path = guides / "horizon-europe-programme-guide_en.pdf"
    other = PdfReader(path)
    with open_pdf(path) as pdf:
        for number in (6, 20, 45):
            ours = comparable(" ".join(word.text for word in pdf.page(number).words))
            theirs = comparable(other.pages[number - 1].extract_text())
            assert sorted(ours) == sorted(theirs)
