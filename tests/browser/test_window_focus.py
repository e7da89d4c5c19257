"""Where the keyboard goes on, and what closes the page view."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.scenes import QUESTION, SUM
from tests.browser.windows import TEXT, Site, ask, box, stop

pytestmark = pytest.mark.browser


def test_what_goes_away_leaves_the_focus_at_the_question(window: Page, site: Site) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    expect(ask(window, SUM).locator(".working")).to_be_visible()
    site.assistant.held.clear()
    window.get_by_role("button", name=TEXT["again"]).press("Enter")
    expect(window.locator("#chat .answer.unfinished .text")).to_be_visible()
    expect(box(window)).to_be_focused()
    site.assistant.held.set()
    expect(window.locator("#chat .answer.unfinished")).to_have_count(0)
    window.get_by_role("button", name=TEXT["edit"]).press("Enter")
    expect(box(window)).to_have_value(SUM)
    expect(box(window)).to_be_focused()
    box(window).fill(QUESTION)
    site.assistant.held.clear()
    window.get_by_role("button", name=TEXT["ask"], exact=True).press("Enter")
    expect(box(window)).to_be_focused()
    stop(window, site)
    site.assistant.held.set()
    expect(window.get_by_role("alert")).to_contain_text(TEXT["kept_before"])
    expect(box(window)).to_be_focused()
    window.keyboard.press("Escape")
    expect(window.get_by_role("alert")).to_have_count(0)
    expect(box(window)).to_be_focused()
    window.get_by_role("button", name=TEXT["new"]).press("Enter")
    expect(window.locator("#chat .asked")).to_have_count(0)
    expect(box(window)).to_be_focused()


def test_a_new_conversation_closes_the_page_of_the_old_one(window: Page) -> None:
    ask(window, QUESTION).locator("a.mark").first.click()
    view = window.locator("#page-view")
    expect(view.locator("img[src]")).to_be_visible()
    window.get_by_role("button", name=TEXT["new"]).press("Enter")
    expect(view).to_be_hidden()
    expect(window.locator("#chat .asked")).to_have_count(0)
    expect(box(window)).to_be_focused()


def test_from_a_marker_to_the_page_and_back_to_the_marker(window: Page) -> None:
    mark = ask(window, QUESTION).locator("a.mark", has_text="[2]")
    mark.press("Enter")
    expect(window.locator("#page-view img[src]")).to_be_visible()
    window.keyboard.press("Escape")
    expect(mark).to_be_focused()


def test_what_cannot_be_pressed_any_more_keeps_the_focus(window: Page) -> None:
    ask(window, QUESTION).get_by_role("button", name=TEXT["show_page"]).first.click()
    view = window.locator("#page-view")
    image = view.locator("img[src]")
    expect(image).to_be_visible()
    smallest = image.evaluate("e => e.clientWidth")
    for name, other in (("larger", "smaller"), ("smaller", "larger")):
        button = view.get_by_role("button", name=TEXT[f"view.{name}"])
        button.focus()
        for _ in range(9):
            window.keyboard.press("Enter")
        expect(button).to_be_disabled()
        expect(button).to_be_focused()
        expect(view.get_by_role("button", name=TEXT[f"view.{other}"])).to_be_enabled()
    assert image.evaluate("e => e.clientWidth") == smallest
    # On the last page too, and the keys go on working from there.
    last = view.get_by_role("button", name=TEXT["view.next"])
    last.focus()
    for key in ("Enter", "PageDown", "+"):
        window.keyboard.press(key)
    expect(last).to_be_focused()
    expect(view.get_by_text("Page 1 of 1")).to_be_visible()
    assert image.evaluate("e => e.clientWidth") > smallest


def test_on_a_phone_no_line_of_the_quote_is_cut(window: Page) -> None:
    window.set_viewport_size({"width": 390, "height": 800})
    wide = {"x-quote-box": "0.10,0.40,0.92,0.45"}  # as wide as the text of a page

    def widen(route: Route) -> None:
        drawn = route.fetch()
        route.fulfill(response=drawn, headers={**drawn.headers, **wide})

    window.route("**/pages/*.png*", widen)
    # No page that other tests have looked at.
    opener = ask(window, QUESTION).get_by_role("button", name=TEXT["show_page"]).first
    opener.evaluate("e => { e.value += '&wide'; }")
    opener.click()
    expect(window.locator("#page-view img[src]")).to_be_visible()
    window.wait_for_function(
        """([left, right]) => {
          const page = document.querySelector("#page-view img").getBoundingClientRect();
          return page.width > innerWidth && page.left + left * page.width >= 0
            && page.left + right * page.width <= innerWidth;
        }""",
        arg=[0.10, 0.92],
    )
    window.unroute("**/pages/*.png*")


def test_the_way_back_of_a_phone_closes_the_page_and_leaves_nothing_else(fresh: Page) -> None:
    fresh.set_viewport_size({"width": 390, "height": 800})
    opener = ask(fresh, QUESTION).get_by_role("button", name=TEXT["show_page"]).first
    view = fresh.locator("#page-view")
    opener.click()
    expect(view.locator("img[src]")).to_be_visible()
    fresh.go_back()
    expect(view).to_be_hidden()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION])
    opener.click()
    expect(view).to_be_visible()
    view.get_by_role("button", name=TEXT["view.close"]).click()
    expect(view).to_be_hidden()
    expect(opener).to_be_focused()
    # Each opening was taken back from the history: the way back leads out again.
    fresh.wait_for_function("() => history.state === null")
    # Boxes are alike, also one over another.
    talks = fresh.get_by_role("dialog", name=TEXT["talks.title"])
    saving = fresh.get_by_role("dialog", name=TEXT["talks.save"])
    fresh.locator("#header .talks").click()
    talks.get_by_role("button", name=TEXT["shelf.save"]).first.click()
    expect(saving).to_be_visible()
    fresh.go_back()
    expect(saving).to_be_hidden()
    expect(talks).to_be_visible()
    fresh.go_back()
    expect(talks).to_be_hidden()
    expect(fresh.locator("#header .talks")).to_be_focused()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION])
    fresh.locator("#header .talks").click()
    talks.get_by_role("button", name=TEXT["shelf.save"]).first.click()
    saving.get_by_role("button", name=TEXT["view.close"]).click()
    talks.get_by_role("button", name=TEXT["view.close"]).click()
    fresh.wait_for_function("() => history.state === null")


def test_reasons_are_sent_once_each_and_the_focus_stays(window: Page) -> None:
    answer = ask(window, QUESTION)
    answer.get_by_role("button", name=TEXT["tools.down"]).click()
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.noted"])
    wrong, missing = (
        answer.get_by_role("button", name=TEXT[f"feedback.{name}"]) for name in ("wrong", "missing")
    )
    for reason in (wrong, missing, wrong, wrong):
        reason.click()
    expect(wrong).to_have_attribute("aria-pressed", "true")
    missing.click()
    answer.get_by_role("textbox").fill("See p. 3")
    with window.expect_request("**/api/v1/feedback") as sent:
        answer.get_by_role("button", name=TEXT["feedback.send"]).press("Enter")
    assert json.loads(sent.value.post_data or "")["reason"] == f"{TEXT['feedback.wrong']}; See p. 3"
    expect(answer.get_by_role("button", name=TEXT["tools.down"])).to_be_focused()


def test_on_a_touch_screen_a_starting_point_raises_no_keyboard(
    chromium: Browser, site: Site
) -> None:
    site.assistant.held.set()
    context = chromium.new_context(
        has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(site.address)
    card = page.locator("#chat .empty button.ask", has_text=QUESTION)
    expect(card).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    card.tap()
    expect(page.locator("#chat .source")).to_have_count(2)
    expect(box(page)).not_to_be_focused()
    # No pointer leaves there: the room of what was filled in goes by itself.
    page.get_by_role("button", name=TEXT["tools.down"]).tap()
    page.locator(".feedback [type=submit]").tap()
    expect(page.locator("#chat").get_by_role("status")).to_have_text(TEXT["feedback.thanks"])
    page.wait_for_function("() => !document.querySelector('.feedback').style.minHeight")
    context.close()


def test_a_page_that_cannot_be_fetched_is_not_said_to_be_broken(
    chromium: Browser, site: Site
) -> None:
    site.assistant.held.set()
    context = chromium.new_context()
    page = context.new_page()
    page.goto(site.address)
    expect(page.locator("#chat .empty")).to_be_visible()
    answer = ask(page, QUESTION)
    expect(answer.locator(".source")).to_have_count(2)
    context.set_offline(True)
    answer.get_by_role("button", name=TEXT["show_page"]).first.click()
    expect(page.locator("#page-view .note")).to_have_text(TEXT["view.offline"])
    context.close()


FIRST = """() => [...document
    .querySelectorAll("a[href], button, input, select, textarea, [tabindex]")]
    .find((part) => part.tabIndex >= 0 && part.getClientRects().length).textContent"""


def test_the_first_stop_of_the_keyboard_leads_to_the_question(window: Page) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    skip = window.get_by_role("link", name=TEXT["skip"])
    assert window.evaluate(FIRST) == TEXT["skip"]
    seen = "e => getComputedStyle(e).clipPath === 'none'"
    assert not skip.evaluate(seen)
    window.locator("#header .talks").focus()
    window.keyboard.press("Shift+Tab")
    while window.locator("#header .bar a:focus").count():
        window.keyboard.press("Shift+Tab")
    expect(skip).to_be_focused()
    assert skip.evaluate(seen)
    expect(skip).to_be_in_viewport(ratio=1)
    before = window.url
    skip.press("Enter")
    expect(box(window)).to_be_focused()
    assert window.url == before
