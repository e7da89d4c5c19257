"""A window that was reloaded, left, or lost its server holds what it held before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from assistant.ui_text import load_messages
from tests.browser.cable import cable_to
from tests.browser.conftest import Watch
from tests.browser.scenes import COMPARE, GUIDE, OLDER, QUESTION, REFUSAL, SUM, answers
from tests.browser.windows import TALKS, TEXT, Site, ask, box, stop
from tests.web import Double, serving

pytestmark = pytest.mark.browser


@pytest.fixture
def alone(chromium: Browser) -> Iterator[Page]:
    """A German window with a profile of its own: what Gradio says of cut streams is no fault."""
    context = chromium.new_context(locale="de-DE", reduced_motion="reduce")
    yield context.new_page()
    context.close()


def test_a_lost_server_is_said_and_nothing_is_lost(alone: Page, site: Site) -> None:
    page, text = alone, load_messages("de")
    site.assistant.held.set()
    with cable_to(site.address) as cable:
        page.goto(cable.address)
        expect(page.locator("#chat .empty")).to_be_visible()
        expect(ask(page, QUESTION).locator(".source")).to_have_count(2)
        page.get_by_role("combobox", name=text["year"]).select_option("2025")
        site.assistant.held.clear()
        expect(ask(page, SUM).locator(".status")).to_have_text(text["stages.answer"])
        box(page).fill("What comes next")
        cable.cut()
        expect(page.locator("#tab-note")).to_have_text(text["lost.now"])
        broken = page.locator("#chat .answer").last
        expect(broken.locator(".status")).to_have_text(text["lost.broken"])
        expect(page.get_by_text("Connection to the server")).to_be_hidden()
        for name in ("stop", "ask", "again"):
            expect(page.get_by_role("button", name=text[name], exact=True)).to_be_hidden()
        box(page).press("Enter")
        expect(box(page)).to_have_value("What comes next")
        # What is there can be copied and saved as far as the browser alone can.
        page.locator("#chat button.copy").click()
        expect(page.locator("#chat button.copied")).to_be_visible()
        page.get_by_role("button", name=text["talks.save"]).click()
        saving = page.get_by_role("dialog", name=text["talks.save"])
        expect(saving).to_contain_text(text["lost.save"])
        with page.expect_download() as saved:
            saving.get_by_role("button", name=text["talks.text"]).click()
        assert "“EUR 60 000”" in saved.value.path().read_text(encoding="utf-8")
        page.keyboard.press("Escape")

        site.assistant.held.set()
        cable.mend()
        expect(page.locator("#tab-note")).to_contain_text(text["lost.unanswered"])
        expect(page.locator("#chat .asked")).to_have_text([QUESTION])
        expect(page.locator("#chat .source")).to_have_count(2)
        expect(box(page)).to_have_value("What comes next")
        expect(page.get_by_role("combobox", name=text["year"])).to_have_value("2025")
        page.locator("#tab-note").get_by_role("button", name=SUM).click()
        expect(page.locator("#chat .working")).to_be_visible()
        expect(page.locator("#tab-note")).to_be_hidden()
        expect(box(page)).to_have_value("What comes next")
        assert [turn.content for turn in site.assistant.asked[-1][2]][::2] == [QUESTION]
        assert page.evaluate(TALKS) == [[QUESTION, SUM]]


def test_a_reload_and_the_way_back_bring_the_conversation(alone: Page, site: Site) -> None:
    page, text = alone, load_messages("de")
    site.assistant.held.set()
    page.goto(site.address)
    expect(page.locator("#chat .empty")).to_be_visible()
    expect(ask(page, QUESTION).locator(".tools")).to_be_visible()
    page.get_by_role("combobox", name=text["guide"], exact=True).select_option(OLDER.id)
    page.reload()
    expect(page.locator("#chat .asked")).to_have_text([QUESTION])
    expect(page.get_by_role("combobox", name=text["year"])).to_have_value("2025")
    site.assistant.held.clear()
    expect(ask(page, SUM).locator(".status")).to_have_text(text["stages.answer"])
    page.goto(f"{site.address}/healthz")
    site.assistant.held.set()
    page.go_back()
    expect(page.locator("#chat .asked")).to_have_text([QUESTION])
    expect(page.locator("#tab-note")).to_contain_text(SUM)
    # A conversation that was left does not come back.
    page.locator("#act-new").click()
    expect(page.locator("#chat .asked")).to_have_count(0)
    page.reload()
    expect(page.locator("#chat .empty")).to_be_visible()
    expect(page.locator("#chat .asked")).to_have_count(0)


def test_a_question_that_waits_stays_until_it_is_asked_or_dismissed(
    fresh: Page, site: Site
) -> None:
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    offered = fresh.locator("#tab-note .offered")
    for waiting in (SUM, COMPARE):
        site.assistant.held.clear()
        expect(ask(fresh, waiting).locator(".status")).to_have_text(TEXT["stages.answer"])
        fresh.reload()
        site.assistant.held.set()
        expect(offered.last).to_have_text(waiting)
        expect(fresh.locator("#chat .source")).to_have_count(2)
    expect(offered).to_have_text([SUM, COMPARE])
    # What is asked meanwhile takes nothing away, nor does another reload.
    expect(ask(fresh, REFUSAL).locator(".place")).to_have_count(2)
    expect(offered).to_have_text([SUM, COMPARE])
    fresh.reload()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION, REFUSAL])
    expect(offered).to_have_text([SUM, COMPARE])
    offered.first.click()
    expect(fresh.locator("#chat .working")).to_be_visible()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION, REFUSAL, SUM])
    expect(offered).to_have_text([COMPARE])
    fresh.locator("#tab-note").get_by_role("button", name=TEXT["shelf.dismiss"]).click()
    expect(fresh.locator("#tab-note")).to_be_hidden()
    expect(box(fresh)).to_be_focused()
    fresh.reload()
    expect(fresh.locator("#chat .asked")).to_have_count(3)
    expect(fresh.locator("#tab-note")).to_be_hidden()


def test_what_was_to_take_the_place_of_another_takes_none_that_came_later(
    fresh: Page, site: Site
) -> None:
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    site.assistant.held.clear()
    fresh.locator("#act-edit").click()
    expect(box(fresh)).to_have_value(QUESTION)
    expect(ask(fresh, SUM)).to_have_count(0)
    expect(fresh.locator("#chat .answer.unfinished")).to_be_visible()
    fresh.reload()
    site.assistant.held.set()
    expect(fresh.locator("#tab-note .offered")).to_have_text(SUM)
    expect(fresh.locator("#chat .source")).to_have_count(2)
    expect(ask(fresh, REFUSAL).locator(".place")).to_have_count(2)
    fresh.locator("#tab-note .offered").click()
    expect(fresh.locator("#chat .working")).to_be_visible()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION, REFUSAL, SUM])


def test_a_stopped_answer_comes_back_and_is_asked_again(fresh: Page, site: Site) -> None:
    fresh.evaluate("localStorage.clear()")
    for before in ([], [QUESTION]):
        for question in before:
            expect(ask(fresh, question).locator(".source")).to_have_count(2)
        site.assistant.held.clear()
        expect(ask(fresh, COMPARE)).to_contain_text("The lump sums are")
        stop(fresh, site)
        site.assistant.held.set()
        left = fresh.locator("#chat .answer").last
        expect(left.locator(".status")).to_have_text(TEXT["stopped"])
        text = left.inner_text()
        fresh.reload()
        expect(fresh.locator("#chat .asked")).to_have_text([*before, COMPARE])
        expect(left.locator(".status")).to_have_text(TEXT["stopped"])
        assert left.inner_text() == text
        expect(fresh.locator("#tab-note .offered")).to_have_count(0)
        # Alone it is no history; the tab holds it.
        assert fresh.evaluate(TALKS) == ([[*before, COMPARE]] if before else [])

        site.assistant.asked.clear()
        fresh.locator("#chat button.again").click()
        expect(left.locator(".compared")).to_be_visible()
        assert [turn.content for turn in site.assistant.asked[-1][2]][::2] == before
        assert fresh.evaluate(TALKS) == [[*before, COMPARE]]
        fresh.locator("#act-new").click()
        expect(fresh.locator("#chat .asked")).to_have_count(0)
        fresh.evaluate("localStorage.clear()")


def test_two_tabs_with_one_conversation_keep_the_turns_of_both(
    fresh: Page, context: BrowserContext, site: Site
) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    other = context.new_page()
    other.goto(site.address)
    other.get_by_role("button", name=TEXT["talks.short"]).click()
    other.locator("#talks button.open").click()
    expect(other.locator("#chat .asked")).to_have_text([QUESTION])
    expect(ask(other, SUM).locator(".working")).to_be_visible()
    expect(ask(fresh, "And how long?").locator(".status.abstains")).to_be_visible()
    kept = sorted(fresh.evaluate(TALKS), key=str)
    assert kept == [[QUESTION, "And how long?"], [QUESTION, SUM]]
    # They can be told apart.
    fresh.get_by_role("button", name=TEXT["talks.short"]).click()
    told = [TEXT["talks.last"].format(count=2, question=of) for of in ("And how long?", SUM)]
    expect(fresh.locator("#talks .last")).to_have_text(told)
    # What one tab removes the other does not bring back, and goes on showing.
    fresh.evaluate("addEventListener('storage', () => { window.heard = true; })")
    other.get_by_role("button", name=TEXT["talks.short"]).click()
    for question in [QUESTION] * 2:
        item = other.locator("#talks li", has=other.get_by_role("button", name=question)).first
        item.get_by_role("button", name=TEXT["talks.remove"], exact=True).click()
    fresh.wait_for_function("() => window.heard")
    fresh.keyboard.press("Escape")
    expect(ask(fresh, COMPARE).locator(".compared")).to_be_visible()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION, "And how long?", COMPARE])
    expect(ask(fresh, SUM).locator(".working")).to_be_visible()
    assert fresh.evaluate(TALKS) == [[COMPARE, SUM]]


def test_what_another_tab_removed_is_said(fresh: Page, context: BrowserContext, site: Site) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    other = context.new_page()
    other.goto(site.address)
    told = fresh.locator("#told")
    for again in (True, False):
        other.get_by_role("button", name=TEXT["talks.short"]).click()
        other.locator("#talks .remove").first.click()
        expect(told).to_have_text(f"{TEXT['talks.elsewhere']} {TEXT['talks.still_here']}")
        if again:
            other.locator("#talks .undo").click()
            expect(told).to_be_hidden()
        other.keyboard.press("Escape")
    fresh.reload()
    expect(fresh.locator("#chat .empty")).to_be_visible()
    expect(told).to_have_text(TEXT["talks.elsewhere"])
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    expect(told).to_be_hidden()
    assert fresh.evaluate(TALKS) == [[QUESTION]]
    # What was removed here is no news.
    fresh.get_by_role("button", name=TEXT["talks.short"]).click()
    fresh.locator("#talks .remove").first.click()
    expect(fresh.locator("#talks .undo")).to_be_visible()
    fresh.reload()
    expect(fresh.locator("#chat .empty")).to_be_visible()
    expect(fresh.locator("#choices select").first).to_be_visible()
    expect(told).to_have_count(0)


def test_a_server_that_forgot_the_conversation_does_not_shorten_what_is_kept(alone: Page) -> None:
    with ExitStack() as first, ExitStack() as second:
        double = Double(documents=(GUIDE,), answers=answers())
        cable = first.enter_context(cable_to(first.enter_context(serving(double))))
        alone.goto(cable.address)
        expect(alone.locator("#chat .empty")).to_be_visible()
        expect(ask(alone, QUESTION).locator(".source")).to_have_count(2)
        cable.cut()
        cable.lead_to(second.enter_context(serving(double)))
        cable.mend()
        box(alone).fill(SUM)
        box(alone).press("Enter")
        expect(alone.locator("#chat .working")).to_be_visible()
        assert [QUESTION] in alone.evaluate(TALKS)
        alone.goto("about:blank")


def test_what_comes_of_a_stream_as_its_page_is_left_is_no_error(fresh: Page, watch: Watch) -> None:
    fault = "console.error('Unexpected client exception', new TypeError('undefined'))"
    fresh.evaluate(f"dispatchEvent(new Event('beforeunload')); {fault}")
    fresh.evaluate("dispatchEvent(new Event('pageshow'))")
    assert watch.faults == []
    with fresh.expect_console_message(lambda message: message.type == "error"):
        fresh.evaluate(fault)
    assert len(watch.faults) == 1
    watch.faults.clear()
