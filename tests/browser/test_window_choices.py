"""Choices of guide, programme, call year and language, in a real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from assistant.model import Filters
from tests.browser.scenes import GUIDE, LEFT_OUT, OLDER, QUESTION, answers
from tests.browser.windows import TEXT, Site, ask, box, choose
from tests.test_ui_starts import guide
from tests.web import Double, edition, serving

pytestmark = pytest.mark.browser


def test_choices_come_from_the_library_and_hold(fresh: Page, site: Site) -> None:
    choose(fresh, "year", "2025")
    for _ in range(2):
        expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
        assert site.assistant.asked[-1][1] == Filters(year=2025)
    choose(fresh, "guide", OLDER.edition.title)
    expect(fresh.get_by_role("combobox", name=TEXT["programme"])).to_have_value("Erasmus+")
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    assert site.assistant.asked[-1][1] == Filters(document_id=OLDER.id)
    choose(fresh, "year", "2026")
    expect(fresh.get_by_role("combobox", name=TEXT["guide"], exact=True)).to_have_value("")
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    assert site.assistant.asked[-1][1] == Filters(programme="Erasmus+", year=2026, language="en")


def test_what_the_choices_leave_out_is_asked_without_them_by_a_press(
    fresh: Page, site: Site
) -> None:
    choose(fresh, "year", "2026")
    choose(fresh, "guide_language", "English")
    refused = ask(fresh, LEFT_OUT)
    expect(refused.locator(".note.left_out")).to_be_visible()
    refused.get_by_role("button", name=TEXT["unchosen"]).click()
    expect(fresh.locator("#chat .answer.done")).to_have_count(2)
    asked = [asked[:2] for asked in site.assistant.asked[-2:]]
    # The rules of another year are not what was asked for.
    assert asked == [
        (LEFT_OUT, Filters(year=2026, language="en")),
        (LEFT_OUT, Filters(year=2026)),
    ]
    expect(fresh.get_by_role("combobox", name=TEXT["year"])).to_have_value("2026")
    expect(fresh.get_by_role("combobox", name=TEXT["guide_language"])).to_have_value("")
    expect(fresh.locator("#chat .unchosen:visible")).to_have_count(1)


def test_what_is_offered_to_begin_with_follows_the_choices(page: Page) -> None:
    """Also where they were made long ago: a new conversation, a reload."""
    new, old = (
        replace(guide(edition(year), f"{kind} PARTNERSHIPS"), chunks=GUIDE.chunks)
        for year, kind in ((2026, "SMALL-SCALE"), (2025, "COOPERATION"))
    )
    offered = page.locator("#chat .empty .starts")
    with serving(Double(documents=(new, old), answers=answers())) as address:
        page.goto(address)
        expect(offered).to_contain_text("Small-scale")
        choose(page, "year", "2025")
        expect(offered).to_contain_text("Cooperation")
        expect(offered).not_to_contain_text("Small-scale")
        expect(ask(page, QUESTION).locator(".source")).to_have_count(2)
        page.locator("#act-new").click()
        expect(offered).not_to_contain_text("Small-scale")
        expect(offered).to_contain_text("Cooperation")
        page.reload()
        expect(offered).to_contain_text("Cooperation")
        expect(offered).not_to_contain_text("Small-scale")
        choose(page, "guide", new.edition.title)
        expect(offered).to_contain_text("Small-scale")
        choose(page, "guide", TEXT["newest_guide"])
        choose(page, "year", TEXT["newest_year"])
        expect(offered).to_contain_text("Small-scale")
        page.close()  # before its server goes


def test_choices_that_no_guide_fits_are_said_and_can_be_changed(page: Page) -> None:
    greek = replace(
        guide(replace(edition(2026), language="el"), "COOPERATION PARTNERSHIPS"),
        id="greek",
        chunks=GUIDE.chunks,
    )
    old = replace(guide(edition(2025), "SMALL-SCALE PARTNERSHIPS"), chunks=GUIDE.chunks)
    empty = page.locator("#chat .empty")
    with serving(Double(documents=(greek, old), answers=answers())) as address:
        page.goto(address)
        expect(empty.locator(".starts")).to_be_visible()
        choose(page, "year", "2025")
        choose(page, "guide_language", "ελληνικά")
        expect(empty).to_contain_text(TEXT["no_guide_fits"])
        expect(empty.locator(".starts")).to_be_hidden()
        choose(page, "guide_language", TEXT["any_language"])
        expect(empty).not_to_contain_text(TEXT["no_guide_fits"])
        expect(empty.locator(".starts")).to_be_visible()
        page.close()  # before its server goes


def test_a_choice_that_is_made_while_an_answer_grows_leaves_it(fresh: Page, site: Site) -> None:
    site.assistant.held.clear()
    answer = ask(fresh, QUESTION)
    expect(answer).to_contain_text("EUR 30 000")
    with fresh.expect_response("**/gradio_api/queue/join*"):
        choose(fresh, "year", "2025")
    site.assistant.held.set()
    expect(answer.locator(".source")).to_have_count(2)
    expect(fresh.locator("#chat .asked")).to_have_count(1)


def test_passing_the_choices_by_keyboard_opens_and_changes_nothing(fresh: Page) -> None:
    choose(fresh, "guide", OLDER.edition.title)
    box(fresh).fill(QUESTION)
    box(fresh).focus()
    names = ("guide", "programme", "year", "guide_language")
    fresh.keyboard.press("Tab")  # the button that asks
    for name in names:
        fresh.keyboard.press("Tab")
        expect(fresh.get_by_role("combobox", name=TEXT[name], exact=True)).to_be_focused()
        top = box(fresh).evaluate(
            """e => { const { left, top, width, height } = e.getBoundingClientRect();
                return document.elementFromPoint(left + width / 2, top + height / 2) === e; }"""
        )
        assert top, "nothing covers the question"
    expect(fresh.locator("[aria-expanded=true]")).to_have_count(0)
    values = [fresh.get_by_role("combobox", name=TEXT[n], exact=True).input_value() for n in names]
    assert values == [OLDER.id, "Erasmus+", "2025", "en"]
