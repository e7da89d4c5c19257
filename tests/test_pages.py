from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant.pages import MAX_PIXELS, PageImages
from corpus.errors import DocumentError, QuestionError
from corpus.model import Document, Page, Span
from tests.web import BOXES, TEXT, Double, document

QUOTED = "EUR 30 000 and EUR 60 000"
WHITE = (255, 255, 255)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of the text of the double's guide, and a blank one."""
    path = tmp_path_factory.mktemp("pages") / "guide.pdf"
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawString(60, A4[1] - 110, TEXT.splitlines()[1])
    canvas.showPage()
    canvas.showPage()
    canvas.save()
    return path


def guide() -> Document:
    end = len(TEXT)
    pages = (
        Page(number=1, span=Span(0, end), label="i", width_pt=A4[0], height_pt=A4[1]),
        Page(number=2, span=Span(end, end), width_pt=A4[0], height_pt=A4[1]),
    )
    return replace(document(), pages=pages)


@pytest.fixture
def images(pdf: Path) -> PageImages:
    held = guide()
    return PageImages(Double(documents=(held,), pdfs={held.id: pdf}))


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_a_page_is_drawn_with_its_quote_marked(images: PageImages) -> None:
    plain = images.image(guide().id, 1)
    marked = images.image(guide().id, 1, quote=QUOTED)
    assert (marked.placed, marked.page, marked.pages, marked.label) == (True, 1, 2, "i")
    assert opened(marked.png).size == (round(A4[0] * 1.5), round(A4[1] * 1.5))
    assert marked.quote is not None
    assert plain.quote is None
    box = BOXES[1].box
    shares = (box.x0 / A4[0], box.top / A4[1], box.x1 / A4[0], box.bottom / A4[1])
    assert shares[0] < marked.quote[0] < marked.quote[2] <= shares[2]
    assert (marked.quote[1], marked.quote[3]) == pytest.approx((shares[1], shares[3]))
    differing = Image.eval(_difference(plain.png, marked.png), lambda v: 255 if v else 0).getbbox()
    assert differing is not None
    left, top, right, bottom = (value / 1.5 for value in differing)
    assert BOXES[1].box.x0 < left < right <= BOXES[1].box.x1 + 3
    assert BOXES[1].box.top - 3 <= top < bottom <= BOXES[1].box.bottom + 3


def _difference(one: bytes, other: bytes) -> Image.Image:
    from PIL import ImageChops

    return ImageChops.difference(opened(one), opened(other)).convert("L")


def test_a_quote_that_cannot_be_placed_leaves_the_page_as_it_is(images: PageImages) -> None:
    unplaced = images.image(guide().id, 2, quote=QUOTED)
    assert not unplaced.placed
    assert opened(unplaced.png).getcolors() == [
        (opened(unplaced.png).size[0] * opened(unplaced.png).size[1], WHITE)
    ]
    assert images.image(guide().id, 2).placed


def test_a_finished_image_is_kept_within_bounds(pdf: Path) -> None:
    held = guide()
    shelf = Double(documents=(held,), pdfs={held.id: pdf})
    images = PageImages(shelf)
    first = images.image(held.id, 1)
    assert images.image(held.id, 1) is first
    small = PageImages(shelf, cache_bytes=len(first.png))
    one = small.image(held.id, 1)
    small.image(held.id, 2)
    assert small.image(held.id, 1) is not one


def test_the_same_id_with_other_bytes_is_drawn_anew(pdf: Path) -> None:
    held = guide()
    shelf = Double(documents=(held,), pdfs={held.id: pdf})
    images = PageImages(shelf)
    first = images.image(held.id, 1)
    shelf.documents = (replace(held, sha256="1" * 64),)
    assert images.image(held.id, 1) is not first


def test_a_huge_scale_is_bounded(images: PageImages) -> None:
    width, height = opened(images.image(guide().id, 1, scale=50).png).size
    assert width * height <= MAX_PIXELS * 1.01


def test_pages_are_drawn_by_many_threads_at_once(images: PageImages) -> None:
    with ThreadPoolExecutor(8) as pool:
        drawn = list(
            pool.map(lambda n: images.image(guide().id, 1 + n % 2, scale=1 + n / 40), range(40))
        )
    assert [image.page for image in drawn] == [1 + n % 2 for n in range(40)]


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_page_that_is_not_there_is_named(images: PageImages, page: int) -> None:
    with pytest.raises(QuestionError, match="1 to 2"):
        images.image(guide().id, page)


def test_a_file_that_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing more")
    held = guide()
    images = PageImages(Double(documents=(held,), pdfs={held.id: broken}))
    with pytest.raises(DocumentError, match="Page 1"):
        images.image(held.id, 1)
