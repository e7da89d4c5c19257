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
