"""The window where the server is far away, or slow to say that it has heard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.scenes import COMPARE, FOLLOW_UPS, QUESTION, REFUSAL, SUM
from tests.browser.windows import JOIN, TALKS, TEXT, Site, ask, box, slow

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


@pytest.mark.parametrize("script", ["window.js", "choices.js", "tab.js"])
def test_a_conversation_comes_back_where_the_scripts_come_after_all_else(
    fresh: Page, script: str
) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".tools")).to_be_visible()
    held: list[Route] = []
    fresh.route(f"**/ui/{script}*", lambda route: held.append(route))
    fresh.reload(wait_until="commit")
    expect(fresh.locator("#choices select")).to_have_count(4)
    expect(fresh.locator("#chat .empty")).to_be_attached()
    held[0].continue_()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION])
    expect(fresh.locator("#choices .fold")).to_contain_text("Newest call year")
    expect(fresh.locator("#act-more")).to_have_text(TEXT["more"])


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
    line = box(window).evaluate("e => e.offsetHeight")
    for before, question in enumerate((QUESTION, "x" * 4000)):
        box(window).fill(question)
        with slow(window, question):
            box(window).press("Enter")
            expect(box(window)).to_have_value("")
            expect(box(window)).to_have_js_property("offsetHeight", line)
            top = box(window).evaluate("e => e.getBoundingClientRect().top")
            expect(way).to_be_visible()
            expect(way).to_be_in_viewport(ratio=1)
            said = TEXT["on_its_way"].format(question=question[:200])
            expect(way).to_have_text(said)
            expect(window.locator("#spoken")).to_have_text(said)
            assert way.evaluate("e => e.offsetHeight < 40")
            assert box(window).evaluate("e => e.getBoundingClientRect().top") == top
        # Until its answer is whole, the next one has to wait.
        expect(window.locator("#chat .answer.done")).to_have_count(before + 1)
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


def open_talk(page: Page, question: str) -> None:
    page.locator("#header .talks").click()
    page.locator("#talks").get_by_role("button", name=question).click()
    expect(page.locator("#talks")).to_be_hidden()


def remove_talk(page: Page, question: str) -> None:
    page.locator("#header .talks").click()
    item = page.locator("#talks li", has=page.get_by_role("button", name=question))
    item.get_by_role("button", name=TEXT["talks.remove"], exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator("#talks")).to_be_hidden()


@pytest.mark.parametrize("removed_first", [True, False])
def test_a_conversation_that_is_removed_and_left_while_a_question_is_on_its_way_stays_removed(
    fresh: Page, removed_first: bool
) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, REFUSAL).locator(".place")).to_have_count(2)
    fresh.locator("#act-new").click()
    expect(fresh.locator("#chat .asked")).to_have_count(0)
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    box(fresh).fill(SUM)
    with slow(fresh, SUM):
        with fresh.expect_request(JOIN):
            box(fresh).press("Enter")
        if removed_first:
            remove_talk(fresh, QUESTION)
            open_talk(fresh, REFUSAL)
        else:
            open_talk(fresh, REFUSAL)
            remove_talk(fresh, QUESTION)
    expect(fresh.locator("#chat .asked")).to_have_text([REFUSAL], timeout=SOON_MS)
    expect(ask(fresh, COMPARE).locator(".compared")).to_be_visible()
    assert fresh.evaluate(TALKS) == [[REFUSAL, COMPARE]]


def test_what_two_tabs_keep_at_the_same_moment_is_both_kept(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    before = fresh.evaluate(
        "Object.entries(localStorage).find(([k]) => k.startsWith('guide-talk:'))"
    )
    expect(ask(fresh, SUM).locator(".working")).to_be_visible()
    # As where the other has written before it could see what this one wrote.
    fresh.evaluate(
        """([key, oldValue, question]) => {
          const talk = JSON.parse(oldValue);
          talk.records.push({ ...talk.records[0], id: "other", question });
          const newValue = JSON.stringify(talk);
          localStorage.setItem(key, newValue);
          dispatchEvent(new StorageEvent("storage", { key, oldValue, newValue }));
        }""",
        [*before, COMPARE],
    )
    assert sorted(fresh.evaluate(TALKS)) == sorted([[QUESTION, SUM], [QUESTION, COMPARE]])
    # And each goes on by itself.
    expect(ask(fresh, REFUSAL).locator(".place")).to_have_count(2)
    kept = [[QUESTION, SUM, REFUSAL], [QUESTION, COMPARE]]
    assert sorted(fresh.evaluate(TALKS)) == sorted(kept)


def test_a_question_that_begins_to_be_changed_outlives_a_reload(fresh: Page) -> None:
    expect(ask(fresh, QUESTION).locator(".tools")).to_be_visible()
    with slow(fresh, ""):
        fresh.locator("#act-edit").click()
        box(fresh).fill(COMPARE)
        fresh.reload()
    expect(fresh.get_by_role("alert")).to_have_text(TEXT["editing"])
    expect(box(fresh)).to_have_value(COMPARE)


def test_escape_changes_nothing_of_a_changed_question_that_is_on_its_way(fresh: Page) -> None:
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    fresh.locator("#act-edit").click()
    expect(fresh.get_by_role("alert")).to_have_text(TEXT["editing"])
    box(fresh).fill(COMPARE)
    with slow(fresh, COMPARE):
        with fresh.expect_request(JOIN):
            box(fresh).press("Enter")
        box(fresh).fill("What comes next")
        box(fresh).press("Escape")
    expect(fresh.locator("#chat .compared")).to_be_visible()
    expect(fresh.locator("#chat .asked")).to_have_text([COMPARE])
    expect(box(fresh)).to_have_value("What comes next")


def test_a_follow_up_that_has_to_wait_leaves_what_is_typed(window: Page) -> None:
    answer = ask(window, QUESTION)
    offered = answer.locator(".suggestions button")
    expect(offered).to_have_count(len(FOLLOW_UPS))
    box(window).fill(SUM)
    with slow(window, SUM):
        box(window).press("Enter")
        for follow_up, button in zip(FOLLOW_UPS, offered.all(), strict=True):
            button.click()
            expect(box(window)).to_have_value(follow_up)
        box(window).fill("What comes next")
        offered.first.click()
        expect(window.locator("#told")).to_have_text(TEXT["wait"])
        expect(box(window)).to_have_value("What comes next")
    expect(window.locator("#chat .working")).to_be_visible()
    expect(box(window)).to_have_value("What comes next")


def test_a_follow_up_that_is_pressed_twice_is_asked_once(fresh: Page, site: Site) -> None:
    follow_up = ask(fresh, QUESTION).locator(".suggestions button").first
    with slow(fresh, FOLLOW_UPS[0]):
        follow_up.dblclick()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION, FOLLOW_UPS[0]])
    expect(fresh.locator("#chat .answer.unfinished")).to_have_count(0)
    expect(box(fresh)).to_have_value("", timeout=SOON_MS)
    assert [asked[0] for asked in site.assistant.asked] == [QUESTION, FOLLOW_UPS[0]]
