"""What is typed and sent while the server has not heard the question before, or the reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.scenes import COMPARE, QUESTION, REFUSAL, SUM
from tests.browser.windows import JOIN, TALKS, TEXT, Site, ask, box, on_a_cable, slow

pytestmark = pytest.mark.browser

KEPT = r"\"records\""


def coming_back(request: Request) -> bool:
    """Whether it asks for a conversation that the browser kept."""
    return KEPT in (request.post_data or "")


def reload_held(page: Page) -> None:
    """Reloads, and waits until what the browser kept is asked for, which is held."""
    with page.expect_request(coming_back):
        page.reload()


@pytest.mark.parametrize("way", ["Enter", "button"])
def test_what_is_typed_after_a_question_was_sent_stays(window: Page, way: str) -> None:
    box(window).fill(QUESTION)
    with slow(window, QUESTION):
        if way == "Enter":
            box(window).press("Enter")
        else:
            window.get_by_role("button", name=TEXT["ask"], exact=True).click()
        expect(box(window)).to_have_value("")
        box(window).press_sequentially("What comes next")
    expect(window.locator("#chat .source")).to_have_count(2)
    box(window).press_sequentially("?")
    expect(box(window)).to_have_value("What comes next?")
    expect(window.locator("#chat .asked")).to_have_text([QUESTION])


def test_a_starting_point_leaves_what_is_typed(window: Page) -> None:
    start = window.locator("#chat .empty button.ask").first
    box(window).fill("What comes next")
    start.click()
    expect(window.locator("#chat .answer.done")).to_have_count(1)
    expect(box(window)).to_have_value("What comes next")


@pytest.mark.parametrize("typed", ["", "What comes next"])
def test_a_question_that_is_refused_comes_back_before_what_was_typed(
    window: Page, typed: str
) -> None:
    long = "x" * 5000
    box(window).fill(long)
    with slow(window, long):
        box(window).press("Enter")
        expect(box(window)).to_have_value("")
        box(window).fill(typed)
    expect(window.get_by_role("alert")).to_contain_text("5000 characters")
    expect(box(window)).to_have_value(f"{long}\n\n{typed}" if typed else long)


def test_a_question_that_is_sent_right_after_another_stays_and_that_is_said(
    window: Page, site: Site
) -> None:
    told = window.locator("#told")
    box(window).fill(QUESTION)
    with slow(window, QUESTION):
        box(window).press("Enter")
        box(window).fill(SUM)
        box(window).press("Enter")
        expect(told).to_have_text(TEXT["wait"])
        expect(box(window)).to_have_value(SUM)
    expect(window.locator("#chat .source")).to_have_count(2)
    expect(told).to_be_hidden()
    expect(box(window)).to_have_value(SUM)
    box(window).press("Enter")
    expect(window.locator("#chat .working")).to_be_visible()
    expect(window.locator("#chat .asked")).to_have_text([QUESTION, SUM])
    assert [asked[0] for asked in site.assistant.asked] == [QUESTION, SUM]


def test_a_question_that_is_asked_again_is_on_its_way_at_once(window: Page, site: Site) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    box(window).fill(SUM)
    site.assistant.asked.clear()
    with slow(window, ""):
        window.get_by_role("button", name=TEXT["again"]).click()
        for name in ("new", "edit", "again"):
            expect(window.locator(f"#act-{name}")).to_be_hidden()
        box(window).press("Enter")
        expect(window.locator("#told")).to_have_text(TEXT["wait"])
        expect(box(window)).to_have_value(SUM)
    expect(window.get_by_role("button", name=TEXT["again"])).to_be_visible()
    expect(window.locator("#chat .source")).to_have_count(2)
    box(window).press("Enter")
    expect(window.locator("#chat .working")).to_be_visible()
    expect(window.locator("#chat .asked")).to_have_text([QUESTION, SUM])
    assert [asked[0] for asked in site.assistant.asked] == [QUESTION, SUM]


def test_a_question_on_its_way_is_not_lost_by_a_reload(fresh: Page) -> None:
    expect(ask(fresh, QUESTION).locator(".tools")).to_be_visible()
    fresh.route(JOIN, lambda route: None)
    box(fresh).fill(SUM)
    with fresh.expect_request(JOIN):
        box(fresh).press("Enter")
    fresh.unroute(JOIN)
    fresh.reload()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION])
    # Back in the box where the window has seen that its way was cut, else offered.
    fresh.wait_for_function(
        """question => question === document.querySelector("#question textarea").value
          || question === document.querySelector("#tab-note .offered")?.textContent""",
        arg=SUM,
    )


def test_what_is_there_can_be_saved_where_the_server_is_lost_for_a_question(
    chromium: Browser, site: Site
) -> None:
    with on_a_cable(chromium, site) as (page, cable):
        expect(ask(page, QUESTION).locator(".source")).to_have_count(2)
        box(page).fill(SUM)
        with slow(page, SUM):
            box(page).press("Enter")
            box(page).fill("What comes next")
            cable.cut()
        expect(page.locator("#tab-note")).to_have_text(TEXT["lost.now"])
        assert page.locator("body.sending").count() == 1
        expect(page.locator("#act-save")).to_be_visible()
        expect(page.locator("#actions")).to_have_css("visibility", "visible")
        expect(page.locator("#act-again")).to_be_hidden()


def test_what_is_asked_before_the_conversation_is_back_goes_on_with_it(
    fresh: Page, site: Site
) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".tools")).to_be_visible()
    box(fresh).fill("Later")
    site.assistant.asked.clear()
    with slow(fresh, KEPT):
        reload_held(fresh)
        expect(fresh.locator("#chat .empty")).to_be_hidden()
        box(fresh).fill(SUM)
        box(fresh).press("Enter")
        expect(box(fresh)).to_have_value("")
        box(fresh).fill("What comes next")
    expect(fresh.locator("#chat .working")).to_be_visible()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION, SUM])
    expect(box(fresh)).to_have_value("What comes next")
    assert [turn.content for turn in site.assistant.asked[0][2]][::2] == [QUESTION]
    assert fresh.evaluate(TALKS) == [[QUESTION, SUM]]


@pytest.mark.parametrize("sent", [False, True])
def test_what_is_typed_as_a_question_begins_to_be_changed_stays(
    fresh: Page, site: Site, sent: bool
) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    box(fresh).fill("What comes next")
    with slow(fresh, ""):
        fresh.locator("#act-edit").click()
        expect(box(fresh)).to_have_value(QUESTION)
        box(fresh).fill(COMPARE)
        if sent:
            box(fresh).press("Enter")
    if not sent:
        expect(fresh.get_by_role("alert")).to_have_text(TEXT["editing"])
        expect(box(fresh)).to_have_value(COMPARE)
        box(fresh).press("Enter")
    expect(fresh.locator("#chat .compared")).to_be_visible()
    expect(fresh.locator("#chat .asked")).to_have_text([COMPARE])
    assert [asked[0] for asked in site.assistant.asked] == [QUESTION, COMPARE]


def test_a_question_that_is_sent_before_every_script_is_there_is_asked_then(
    page: Page, site: Site
) -> None:
    held: list[Route] = []
    page.route("**/ui/tab.js*", lambda route: held.append(route))
    page.goto(site.address, wait_until="commit")
    box(page).fill(QUESTION)
    box(page).press("Enter")
    expect(box(page)).to_have_value("")
    held[0].continue_()
    expect(page.locator("#chat .source")).to_have_count(2)
    expect(page.locator("#chat .asked")).to_have_text([QUESTION])


def test_what_is_typed_and_sent_before_the_window_is_whole_is_kept(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".tools")).to_be_visible()
    box(fresh).fill("Before")
    with slow(fresh, ""):
        with fresh.expect_request(JOIN):
            fresh.reload()
        # The last of the scripts is there, which keeps what is typed.
        expect(fresh.locator("body.restoring")).to_have_count(1)
        box(fresh).fill(SUM)
        box(fresh).press("Enter")
        expect(box(fresh)).to_have_value("")
        box(fresh).fill("After")
        # As a second reload has it kept.
        fresh.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
        kept = fresh.evaluate("JSON.parse(sessionStorage.getItem('guide-tab'))")
        assert kept["typed"] == "Before\n\nAfter"
        assert [offer["question"] for offer in kept["offers"]] == [SUM]
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION, SUM])
    expect(box(fresh)).to_have_value("Before\n\nAfter")


def two_talks(page: Page) -> None:
    """Leaves the second of them open; both are kept once their answers have their tools."""
    page.evaluate("localStorage.clear()")
    expect(ask(page, REFUSAL).locator(".tools")).to_be_visible()
    page.locator("#act-new").click()
    expect(page.locator("#chat .asked")).to_have_count(0)
    expect(ask(page, QUESTION).locator(".tools")).to_be_visible()


def open_first(page: Page) -> None:
    page.locator("#header .talks").click()
    page.locator("#talks").get_by_role("button", name=REFUSAL).click()
    expect(page.locator("#talks")).to_be_hidden()


def test_a_conversation_is_opened_once_a_question_on_its_way_is_heard(
    fresh: Page, site: Site
) -> None:
    two_talks(fresh)
    box(fresh).fill(SUM)
    with slow(fresh, SUM):
        with fresh.expect_request(JOIN):
            box(fresh).press("Enter")
        open_first(fresh)
    expect(fresh.locator("#chat .asked")).to_have_text([REFUSAL])
    expect(box(fresh)).to_have_value("")
    assert [asked[0] for asked in site.assistant.asked] == [REFUSAL, QUESTION, SUM]
    assert [turn.content for turn in site.assistant.asked[-1][2]][::2] == [QUESTION]
    expect(ask(fresh, COMPARE).locator(".compared")).to_be_visible()
    assert sorted(fresh.evaluate(TALKS)) == sorted([[QUESTION, SUM], [REFUSAL, COMPARE]])


def test_a_question_that_waits_goes_back_where_another_conversation_is_opened(
    fresh: Page, site: Site
) -> None:
    two_talks(fresh)
    with slow(fresh, KEPT):
        reload_held(fresh)
        box(fresh).fill(SUM)
        box(fresh).press("Enter")
        expect(box(fresh)).to_have_value("")
        box(fresh).fill("What comes next")
        open_first(fresh)
        expect(box(fresh)).to_have_value(f"{SUM}\n\nWhat comes next")
    expect(fresh.locator("#chat .asked")).to_have_text([REFUSAL])
    box(fresh).fill(COMPARE)
    box(fresh).press("Enter")
    expect(fresh.locator("#chat .compared")).to_be_visible()
    expect(fresh.locator("#chat .asked")).to_have_text([REFUSAL, COMPARE])
    assert [asked[0] for asked in site.assistant.asked] == [REFUSAL, QUESTION, COMPARE]
    assert sorted(fresh.evaluate(TALKS)) == sorted([[QUESTION], [REFUSAL, COMPARE]])


def test_where_a_conversation_cannot_come_back_the_start_is_there(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".tools")).to_be_visible()
    fresh.evaluate(
        """() => {
          const [name] = Object.keys(localStorage).filter((key) => key.startsWith("guide-talk:"));
          const talk = JSON.parse(localStorage[name]);
          talk.records[0].language = 7;
          localStorage[name] = JSON.stringify(talk);
        }"""
    )
    fresh.reload()
    expect(fresh.get_by_role("alert")).to_be_visible()
    expect(fresh.locator("#chat .empty")).to_be_visible()


def test_a_long_question_leaves_room_for_its_answer(window: Page) -> None:
    window.set_viewport_size({"width": 390, "height": 844})
    long = "\n".join(f"Line {number} of what is asked: {'word ' * 12}" for number in range(20))
    answer = ask(window, long)
    expect(answer.locator(".status")).to_be_in_viewport(ratio=1)
    asked = window.locator("#chat .asked")
    expect(asked).to_have_js_property("scrollTop", 0)
    lines = "e => e.clientHeight / parseFloat(getComputedStyle(e).lineHeight)"
    assert 6 < asked.evaluate(lines) < 8
    # All of it can be read, also by keyboard; on paper it is whole.
    asked.focus()
    window.keyboard.press("End")
    window.wait_for_function(
        "() => (e => e.scrollTop + e.clientHeight >= e.scrollHeight - 1)"
        "(document.querySelector('#chat .asked'))"
    )
    assert asked.evaluate("e => e.scrollWidth <= e.clientWidth")
    window.emulate_media(media="print")
    assert asked.evaluate("e => e.clientHeight >= e.scrollHeight")
    window.emulate_media(media="screen")
    # A short one is nothing to stop at.
    ask(window, QUESTION)
    expect(asked).to_have_count(2)
    expect(asked.last).not_to_have_attribute("tabindex", "0")
    assert asked.last.evaluate("e => e.scrollHeight <= e.clientHeight")
