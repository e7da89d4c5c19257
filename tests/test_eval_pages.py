from __future__ import annotations

import multiprocessing
from contextlib import closing
from pathlib import Path

import pytest

from eval.pages import PdfPages
from eval.pages_ahead import PagesAhead


def draw(path: Path, texts: tuple[str, ...], password: str | None = None) -> Path:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), encrypt=password)
    for text in texts:
        canvas.drawString(40, 700, text)
        canvas.showPage()
    canvas.save()
    return path


def test_texts_of_pages_and_quotes_on_them(tmp_path: Path) -> None:
    path = draw(tmp_path / "guide.pdf", ("At least 60 points.", "EUR 309 a head."))
    pages = PdfPages({"guide.pdf": path, "gone.pdf": tmp_path / "gone.pdf"})
    assert pages.count("guide.pdf") == 2
    assert "60 points" in (pages.text("guide.pdf", 1) or "")
    assert pages.stands("guide.pdf", 2, "EUR 309 a head") is True
    assert pages.stands("guide.pdf", 1, "EUR 309 a head") is False
    assert pages.stands("guide.pdf", 3, "EUR 309 a head") is False
    assert pages.stands("guide.pdf", 0, "EUR 309 a head") is False
    assert pages.stands("gone.pdf", 1, "anything") is None
    assert pages.stands("unknown.pdf", 1, "anything") is None
    assert pages.count("gone.pdf") == 0


def test_files_with_passwords_and_damaged_ones(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 9 0 R >>\nnothing more")
    paths = {
        "open.pdf": draw(tmp_path / "open.pdf", ("Read me.",), password=""),
        "closed.pdf": draw(tmp_path / "closed.pdf", ("Read me.",), password="secret"),
        "damaged.pdf": damaged,
    }
    pages = PdfPages(paths)
    assert pages.stands("open.pdf", 1, "Read me.") is True
    assert pages.text("closed.pdf", 1) is None
    assert pages.text("damaged.pdf", 1) is None


def test_pages_read_ahead_in_another_process_are_the_same(tmp_path: Path) -> None:
    texts = tuple(f"Page {number} of the guide. " * 200 for number in range(1, 31))
    paths = {"guide.pdf": draw(tmp_path / "guide.pdf", texts), "gone.pdf": tmp_path / "gone.pdf"}
    here = PdfPages(paths)
    with closing(PagesAhead(paths)) as ahead:
        for number in range(1, 21):
            ahead.want([("guide.pdf", number), ("guide.pdf", 1), ("gone.pdf", 1)])
        for number in (20, 1, 25, 31):  # wanted or not, and in any order
            assert ahead.text("guide.pdf", number) == here.text("guide.pdf", number)
        assert ahead.stands("guide.pdf", 7, "Page 7 of the guide.") is True
        assert ahead.stands("gone.pdf", 1, "Page 7") is None
        ahead.want([("guide.pdf", 26)])
        [child] = [p for p in multiprocessing.active_children() if p.name == "pages"]
        child.kill()
        child.join()
        # A PDF that ends the process takes nothing along: the rest is read here.
        assert ahead.text("guide.pdf", 26) == here.text("guide.pdf", 26)
        assert ahead.stands("guide.pdf", 27, "Page 27 of the guide.") is True


@pytest.mark.shared
def test_no_awkward_file_ends_a_run(shared: Path) -> None:
    found = sorted((shared / "awkward").glob("*.pdf"))
    paths = {path.name: path for path in found if path.stat().st_size < 60_000}
    pages = PdfPages(paths)
    for name in paths:
        pages.text(name, 1)
    assert pages.text("zero_bytes.pdf", 1) is None
    assert pages.text("encrypted_r3_empty_user_password.pdf", 1)
