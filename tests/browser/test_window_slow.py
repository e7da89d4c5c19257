"""The window where the server is far away, or slow to say that it has heard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scenes import COMPARE, QUESTION, REFUSAL
from tests.browser.windows import TEXT, ask, box, slow

pytestmark = pytest.mark.browser

SOON_MS = 10_000
"""Less than a question waits for what may never come."""


def test_after_a_question_was_changed_the_next_one_goes_out_at_once(fresh: Page) -> None:
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    fresh.locator("#act-edit").click()
    expect(fresh.get_by_role("alert")).to_have_text(TEXT["editing"])
    box(fresh).fill(COMPARE)
    box(fresh).press("Enter")
    expect(fresh.locator("#chat .compared")).to_be_visible()
    ask(fresh, REFUSAL)
    expect(fresh.locator("#chat .place")).to_have_count(2, timeout=SOON_MS)


@pytest.mark.parametrize("left", [False, True])
def test_a_new_conversation_is_begun_before_the_server_knows_that_a_question_is_changed(
    fresh: Page, left: bool
) -> None:
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    box(fresh).fill("What comes next")
    with slow(fresh, ""):
        fresh.locator("#act-edit").click()
        expect(box(fresh)).to_have_value(QUESTION)
        if not left:
            fresh.locator("#act-new").click()
    if left:
        expect(fresh.get_by_role("alert")).to_have_text(TEXT["editing"])
        with slow(fresh, ""):
            fresh.locator("#act-cancel").click()
            fresh.locator("#act-new").click()
    expect(fresh.locator("#chat .empty")).to_be_visible()
    expect(box(fresh)).to_have_value("What comes next")
    ask(fresh, REFUSAL)
    expect(fresh.locator("#chat .place")).to_have_count(2, timeout=SOON_MS)


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (740, 360)])
def test_a_question_that_is_long_on_its_way_is_seen_and_nothing_jumps(
    window: Page, size: tuple[int, int]
) -> None:
    window.set_viewport_size({"width": size[0], "height": size[1]})
    way = window.locator("#question .way")
    for before, question in enumerate((QUESTION, "x" * 4000)):
        box(window).fill(question)
        with slow(window, question):
            box(window).press("Enter")
            expect(box(window)).to_have_value("")
            top = box(window).evaluate("e => e.getBoundingClientRect().top")
            expect(way).to_be_visible()
            expect(way).to_be_in_viewport(ratio=1)
            said = TEXT["on_its_way"].format(question=question[:200])
            expect(way).to_have_text(said)
            expect(window.locator("#spoken")).to_have_text(said)
            assert way.evaluate("e => e.offsetHeight < 40")
            assert box(window).evaluate("e => e.getBoundingClientRect().top") == top
        expect(window.locator("#chat .asked")).to_have_count(before + 1)
        expect(way).to_have_count(0)


def test_that_a_question_is_asked_again_is_said_with_its_words(window: Page) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    with slow(window, ""):
        window.locator("#act-again").click()
        way = window.locator("#question .way")
        expect(way).to_have_text(TEXT["on_its_way"].format(question=QUESTION))
        # What else is to be said has the place.
        box(window).fill(REFUSAL)
        box(window).press("Enter")
        expect(window.locator("#told")).to_have_text(TEXT["wait"])
        expect(way).to_be_hidden()
    expect(way).to_have_count(0)
    expect(window.locator("#chat .source")).to_have_count(2)
