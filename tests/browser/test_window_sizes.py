"""Low windows, much enlarged pages, large letters: the answer can be read in all of them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scenes import QUESTION
from tests.browser.windows import TEXT, ask, box

pytestmark = pytest.mark.browser

SHARE = """() => {
    const { innerHeight } = window;
    const box = document.querySelector("#question .input-container").getBoundingClientRect();
    const head = document.querySelector("#header").getBoundingClientRect();
    return (box.top - Math.max(0, head.bottom)) / innerHeight;
}"""
"""How much of the window is left for the answer."""
FITS = """e => {
    const style = getComputedStyle(e);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = style.font;
    const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return pen.measureText(e.selectedOptions[0].text).width <= room;
}"""
"""Whether what is chosen can be read whole."""


@pytest.mark.parametrize(
    ("width", "height", "letters"), [(390, 844, 200), (320, 256, 100), (740, 360, 100)]
)
def test_the_answer_has_most_of_the_window(
    fresh: Page, width: int, height: int, letters: int
) -> None:
    fresh.set_viewport_size({"width": width, "height": height})
    fresh.evaluate("size => document.documentElement.style.fontSize = size", f"{letters}%")
    title = fresh.locator("#header h1")
    words = len(TEXT["title"].split())
    lines = title.evaluate("e => e.clientHeight / parseFloat(getComputedStyle(e).lineHeight)")
    assert lines <= words + 0.5, "no word of the title is broken"
    for _ in range(2):
        expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    expect(fresh.locator("#chat .asked").last).to_be_in_viewport(ratio=1)
    expect(box(fresh)).to_be_in_viewport(ratio=1)
    assert fresh.evaluate(SHARE) > 0.6
    wide = fresh.locator("html").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wide <= 0
    # What was scrolled away can be come back to.
    fresh.get_by_role("button", name=TEXT["talks.short"]).click()
    expect(fresh.get_by_role("dialog")).to_be_visible()
    fresh.keyboard.press("Escape")
    choices = fresh.get_by_role("combobox", name=TEXT["guide_language"])
    choices.focus()
    expect(choices).to_be_in_viewport(ratio=1)


def test_choices_beside_an_open_page_are_not_cut(fresh: Page) -> None:
    fresh.set_viewport_size({"width": 1100, "height": 800})
    answer = ask(fresh, QUESTION)
    answer.locator("a.mark").first.click()
    expect(fresh.locator("#page-view img[src]")).to_be_visible()
    for name in ("guide", "programme", "year", "guide_language"):
        choice = fresh.get_by_role("combobox", name=TEXT[name], exact=True)
        assert choice.evaluate(FITS), name
