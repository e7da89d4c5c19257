"""What comes out of a printer: the whole conversation, and nothing to press."""

from __future__ import annotations

from contextlib import closing

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from assistant.ui_theme import LIGHT
from tests.browser.scenes import CONDITIONS, DEADLINE, DIFFERS, QUESTION
from tests.browser.windows import TEXT, Site, ask, box

pytestmark = pytest.mark.browser


def printed(page: Page) -> tuple[int, str]:
    """How many pages, and what they say."""
    with closing(pypdfium2.PdfDocument(page.pdf(format="A4"))) as paper:
        said = " ".join(sheet.get_textpage().get_text_range() for sheet in paper)
        return len(paper), " ".join(said.split())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_whole_conversation_is_printed_and_nothing_to_press(
    page: Page, site: Site, scheme: str
) -> None:
    site.assistant.held.set()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(site.address)
    questions = (QUESTION, CONDITIONS, DIFFERS, DEADLINE)
    for _ in range(2):
        for question in questions:
            expect(ask(page, question).locator(".tools")).to_be_visible()
    box(page).fill("What comes next")
    ask_again, sources = TEXT["again"], TEXT["sources"]
    sheets, text = printed(page)
    assert sheets > 1
    assert all(text.count(question) == 2 for question in questions)
    assert text.count(sources) == 8
    assert text.count("Two rounds") == 4, "a quote that is folded is printed whole, and once"
    for hidden in (ask_again, TEXT["tools.copy"], TEXT["show_page"], TEXT["any_language"]):
        assert hidden not in text
    assert "What comes next" not in text
    page.emulate_media(media="print", color_scheme="dark" if scheme == "dark" else "light")
    edges = """() => ["#header h1", "#chat .text", "#chat .conditions", "#chat .source"]
        .map((part) => [...document.querySelectorAll(part)].pop().getBoundingClientRect())
        .map(({ left, right }) => [Math.round(left), Math.round(right)])"""
    head, *parts = page.evaluate(edges)
    assert len({tuple(part) for part in parts}) == 1, parts
    assert head[0] == parts[0][0]
    ink = page.locator("#chat .text").first.evaluate("e => getComputedStyle(e).color")
    red, green, blue = (int(LIGHT["text"][i : i + 2], 16) for i in (1, 3, 5))
    assert ink == f"rgb({red}, {green}, {blue})"


def test_a_kept_answer_is_printed_without_what_can_be_pressed(window: Page, page: Page) -> None:
    window.bring_to_front()
    answer = ask(window, QUESTION)
    answer.get_by_role("button", name=TEXT["tools.link"]).click()
    expect(answer.locator("button.copied")).to_be_visible()
    page.goto(window.evaluate("navigator.clipboard.readText()"))
    _, text = printed(page)
    assert QUESTION in text
    assert TEXT["sources"] in text
    assert TEXT["show_page"] not in text
    assert TEXT["title"] not in text
