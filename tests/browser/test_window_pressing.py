"""What is pressed twice, as by a double click, where the first press changes what stands there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.scenes import COMPARE, QUESTION
from tests.browser.windows import TALKS, TEXT, Site, ask, box, slow

pytestmark = pytest.mark.browser


HEAR = "addEventListener('click', (e) => { window.at = e.timeStamp; }, {capture: true, once: true})"
PRESS = """([x, y]) => {
    const press = { bubbles: true, cancelable: true, detail: 2, clientX: x, clientY: y };
    const event = new MouseEvent("click", press);
    Object.defineProperty(event, "timeStamp", { value: window.at + 200 });
    document.elementFromPoint(x, y).dispatchEvent(event);
}"""
"""As if it came so soon, however slow the machine is."""


def twice(page: Page, button: Locator, changed: Locator) -> None:
    """Presses a button, and the place again once something else is there."""
    place = button.bounding_box()
    assert place is not None
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.evaluate(HEAR)
    page.mouse.click(x, y)
    expect(changed).to_be_visible()
    page.evaluate(PRESS, [x, y])


def test_ask_that_is_pressed_twice_does_not_stop_the_answer(window: Page, site: Site) -> None:
    site.assistant.held.clear()
    box(window).fill(QUESTION)
    send, stop = (
        window.get_by_role("button", name=TEXT[name], exact=True) for name in ("ask", "stop")
    )
    twice(window, send, stop)
    assert window.get_by_role("button", name=TEXT["stopping"]).count() == 0
    site.assistant.held.set()
    expect(window.locator("#chat .answer.done")).to_have_count(1)
    expect(window.locator("#chat .source")).to_have_count(2)


def test_ask_again_that_is_pressed_twice_begins_no_new_conversation(
    window: Page, site: Site
) -> None:
    window.set_viewport_size({"width": 390, "height": 844})
    # What goes is there for a moment still.
    window.emulate_media(reduced_motion="no-preference")
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    window.get_by_role("button", name=TEXT["more"]).click()
    site.assistant.held.clear()
    with slow(window, ""):
        twice(window, window.locator("#act-again"), window.locator("body.sending"))
    expect(window.locator("#chat .answer.unfinished")).to_have_count(1)
    site.assistant.held.set()
    expect(window.locator("#chat .answer.done")).to_have_count(1)
    window.emulate_media(reduced_motion="reduce")
    expect(ask(window, COMPARE).locator(".compared")).to_be_visible()
    expect(window.locator("#chat .asked")).to_have_text([QUESTION, COMPARE])
    assert [asked[0] for asked in site.assistant.asked] == [QUESTION, QUESTION, COMPARE]


def test_the_history_that_is_opened_by_a_double_press_stays_open(window: Page) -> None:
    talks = window.locator("#talks")
    twice(window, window.locator("#header .talks"), talks)
    expect(talks).to_be_visible()
    # Elsewhere it is another one.
    talks.locator(".close").click()
    expect(talks).to_be_hidden()


def test_a_question_that_begins_to_be_changed_by_a_double_press_loses_nothing(window: Page) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    box(window).fill("What comes next")
    with slow(window, ""):
        window.locator("#act-edit").dblclick()
        expect(box(window)).to_have_value(QUESTION)
    expect(window.get_by_role("alert")).to_have_text(TEXT["editing"])
    box(window).press("Escape")
    expect(window.get_by_role("alert")).to_have_count(0)
    expect(box(window)).to_have_value("What comes next")


def test_all_conversations_are_not_removed_by_a_double_press(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".tools")).to_be_visible()
    fresh.locator("#header .talks").click()
    sure = fresh.locator("#talks .remove-all.sure")
    twice(fresh, fresh.locator("#talks .remove-all"), sure)
    expect(sure).to_be_visible()
    assert fresh.evaluate(TALKS) == [[QUESTION]]
    sure.press("Enter")
    assert fresh.evaluate(TALKS) == []


def test_the_same_pressed_twice_is_two_presses(window: Page) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    window.locator("#chat button.show").first.click()
    view = window.locator("#page-view")
    image = view.locator("img")
    expect(image).to_be_visible()
    expect(view.locator(".place")).not_to_be_empty()
    view.locator(".larger").dblclick()
    expect(image).to_have_attribute("style", "width: 156.25%;")
    view.locator(".close").click()
