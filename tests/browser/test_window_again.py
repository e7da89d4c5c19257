"""A finished answer gives way only to a whole one; what runs is stopped for what is opened."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from corpus.errors import LibraryError, UnknownDocumentError
from tests.browser.scenes import COMPARE, QUESTION, REFUSAL, SUM
from tests.browser.windows import TALKS, TEXT, Site, ask, box, on_a_cable, slow, stop

pytestmark = pytest.mark.browser

IDS = """() => Object.values(localStorage).filter((value) => value.includes("records"))
    .map((value) => JSON.parse(value).records.map((record) => record.id))"""


@pytest.fixture
def bare(fresh: Page) -> Page:
    """A window whose browser keeps no conversation."""
    fresh.evaluate("localStorage.clear()")
    return fresh


def unfinished(page: Page) -> Locator:
    return page.locator("#chat .answer.unfinished .text")


def begin_another(page: Page, site: Site) -> None:
    """Changes the last question and asks it; its answer is not made yet."""
    page.locator("#act-edit").click()
    expect(box(page)).to_have_value(QUESTION)
    site.assistant.held.clear()
    box(page).fill(COMPARE)
    box(page).press("Enter")
    expect(unfinished(page)).to_be_visible()


@pytest.mark.parametrize("before", [[], [REFUSAL]])
def test_asked_again_and_stopped_or_refused_the_answer_stays(
    bare: Page, site: Site, before: list[str]
) -> None:
    for question in (*before, QUESTION):
        expect(ask(bare, question).locator(".tools")).to_be_visible()
    (ids,) = bare.evaluate(IDS)
    again = bare.locator("#act-again")
    box(bare).fill("What comes next")

    site.assistant.held.clear()
    again.click()
    expect(unfinished(bare)).to_be_visible()
    assert bare.evaluate(IDS) == [ids]
    stop(bare, site)
    site.assistant.held.set()
    expect(bare.get_by_role("alert")).to_have_text(f"{TEXT['stopped']}. {TEXT['kept_before']}")
    expect(bare.locator("#chat .source")).to_have_count(2)
    expect(bare.locator("#chat .asked")).to_have_text([*before, QUESTION])

    site.assistant.error = UnknownDocumentError("gone")
    again.click()
    gone = f"{TEXT['refused.gone_document']} {TEXT['kept_before']}"
    expect(bare.get_by_role("alert")).to_have_text(gone)
    site.assistant.error, site.assistant.late_error = None, LibraryError("later")
    again.click()
    expect(bare.get_by_role("alert")).to_have_text(f"later {TEXT['kept_before']}")
    site.assistant.late_error = None
    expect(bare.locator("#chat .asked")).to_have_text([*before, QUESTION])
    expect(bare.locator("#chat .source")).to_have_count(2)
    expect(box(bare)).to_have_value("What comes next")
    assert bare.evaluate(IDS) == [ids]

    again.click()
    expect(bare.get_by_role("alert")).to_have_count(0)
    bare.wait_for_function(f"old => String(({IDS})()) !== old", arg=",".join(ids))
    assert bare.evaluate(TALKS) == [[*before, QUESTION]]
    expect(box(bare)).to_have_value("What comes next")


def test_a_changed_question_that_is_stopped_leaves_the_answer(bare: Page, site: Site) -> None:
    expect(ask(bare, QUESTION).locator(".source")).to_have_count(2)
    begin_another(bare, site)
    box(bare).fill("What comes next")
    stop(bare, site)
    site.assistant.held.set()
    # What is asked now, whatever it is, takes the place of the answer: that is said.
    still = f"{TEXT['stopped']}. {TEXT['kept_before']} {TEXT['replaces']}"
    expect(bare.get_by_role("alert")).to_have_text(still)
    expect(bare.get_by_role("button", name=TEXT["leave"])).to_be_visible()
    expect(bare.locator("#chat .asked")).to_have_text([QUESTION])
    expect(bare.locator("#chat .source")).to_have_count(2)
    expect(bare.locator("#chat .suggestions")).to_be_hidden()
    expect(box(bare)).to_have_value(COMPARE)
    bare.reload()
    expect(bare.get_by_role("alert")).to_have_text(still)
    expect(box(bare)).to_have_value(COMPARE)
    box(bare).press("Escape")
    expect(bare.get_by_role("alert")).to_have_count(0)
    expect(box(bare)).to_have_value("What comes next")
    assert bare.evaluate(TALKS) == [[QUESTION]]


def test_reloaded_while_it_is_asked_again_the_answer_stays(bare: Page, site: Site) -> None:
    for question in (REFUSAL, QUESTION):
        expect(ask(bare, question).locator(".tools")).to_be_visible()
    site.assistant.held.clear()
    bare.locator("#act-again").click()
    expect(unfinished(bare)).to_be_visible()
    bare.reload()
    site.assistant.held.set()
    expect(bare.locator("#chat .asked")).to_have_text([REFUSAL, QUESTION])
    assert bare.evaluate(TALKS) == [[REFUSAL, QUESTION]]
    box(bare).fill("What comes next")
    (ids,) = bare.evaluate(IDS)
    bare.locator("#tab-note .offered").click()
    bare.wait_for_function(f"old => String(({IDS})()) !== old", arg=",".join(ids))
    expect(bare.locator("#chat .asked")).to_have_text([REFUSAL, QUESTION])
    expect(bare.locator("#tab-note")).to_be_hidden()
    expect(box(bare)).to_have_value("What comes next")
    assert bare.evaluate(TALKS) == [[REFUSAL, QUESTION]]


def test_editing_and_the_draft_come_back_after_a_reload(bare: Page, site: Site) -> None:
    for question in (REFUSAL, QUESTION):
        expect(ask(bare, question).locator(".tools")).to_be_visible()
    box(bare).fill("What comes next")
    bare.locator("#act-edit").click()
    expect(box(bare)).to_have_value(QUESTION)
    box(bare).fill(SUM)
    bare.reload()
    expect(bare.get_by_role("alert")).to_have_text(TEXT["editing"])
    expect(box(bare)).to_have_value(SUM)
    expect(bare.locator("#chat .asked")).to_have_text([REFUSAL, QUESTION])
    box(bare).press("Escape")
    expect(bare.get_by_role("alert")).to_have_count(0)
    expect(box(bare)).to_have_value("What comes next")

    begin_another(bare, site)
    bare.reload()
    site.assistant.held.set()
    expect(bare.locator("#chat .asked")).to_have_text([REFUSAL, QUESTION])
    bare.locator("#tab-note .offered").click()
    expect(bare.locator("#chat .compared")).to_be_visible()
    expect(bare.locator("#chat .asked")).to_have_text([REFUSAL, COMPARE])
    assert bare.evaluate(TALKS) == [[REFUSAL, COMPARE]]
    assert [turn.content for turn in site.assistant.asked[-1][2]][::2] == [REFUSAL]


def open_talk(page: Page, question: str) -> None:
    page.locator("#header .talks").click()
    page.locator("#talks").get_by_role("button", name=question).click()
    expect(page.locator("#talks")).to_be_hidden()


def test_a_conversation_that_is_opened_while_a_question_is_changed_loses_nothing(
    bare: Page,
) -> None:
    expect(ask(bare, REFUSAL).locator(".place")).to_have_count(2)
    bare.locator("#act-new").click()
    expect(bare.locator("#chat .asked")).to_have_count(0)
    expect(ask(bare, QUESTION).locator(".source")).to_have_count(2)
    box(bare).fill("What comes next")
    for changed in ("", SUM):
        bare.locator("#act-edit").click()
        expect(box(bare)).to_have_value(QUESTION)
        if changed:
            box(bare).fill(changed)
        # The one that is there already stays as it stands.
        open_talk(bare, QUESTION)
        expect(box(bare)).to_have_value(changed or QUESTION)
        expect(bare.get_by_role("alert")).to_have_text(TEXT["editing"])
        open_talk(bare, REFUSAL)
        expect(bare.locator("#chat .asked")).to_have_text([REFUSAL])
        expect(bare.get_by_role("alert")).to_have_text(TEXT["edit_left"])
        expect(box(bare)).to_have_value("\n\n".join(filter(None, ("What comes next", changed))))
        open_talk(bare, QUESTION)
        expect(bare.locator("#chat .asked")).to_have_text([QUESTION])
        expect(bare.get_by_role("alert")).to_have_count(0)
    assert sorted(bare.evaluate(TALKS)) == sorted([[QUESTION], [REFUSAL]])


def test_a_new_conversation_begins_and_one_is_saved_while_a_question_is_changed(
    bare: Page, site: Site
) -> None:
    leave, new = (bare.get_by_role("button", name=TEXT[name]) for name in ("leave", "new"))
    for width in (1280, 360):
        bare.set_viewport_size({"width": 1280, "height": 740})
        expect(ask(bare, QUESTION).locator(".source")).to_have_count(2)
        box(bare).fill("What comes next")
        begin_another(bare, site)
        stop(bare, site)
        site.assistant.held.set()
        expect(bare.get_by_role("alert")).to_contain_text(TEXT["replaces"])
        bare.set_viewport_size({"width": width, "height": 740})
        bare.reload()
        expect(bare.get_by_role("alert")).to_contain_text(TEXT["replaces"])
        expect(leave).to_be_visible()
        expect(new).to_be_visible()
        if width == 360:
            bare.get_by_role("button", name=TEXT["more"]).click()
        for name in ("edit", "again"):
            expect(bare.locator(f"#act-{name}")).to_be_hidden()
        bare.get_by_role("button", name=TEXT["talks.save"]).click()
        expect(bare.locator("#save-talk")).to_be_visible()
        bare.keyboard.press("Escape")
        expect(box(bare)).to_have_value(COMPARE)
        new.click()
        expect(bare.locator("#chat .asked")).to_have_count(0)
        expect(bare.get_by_role("alert")).to_have_text(TEXT["edit_left"])
        expect(box(bare)).to_have_value(f"What comes next\n\n{COMPARE}")
        expect(leave).to_be_hidden()
        assert bare.evaluate(TALKS) == [[QUESTION]] * (1 if width == 1280 else 2)


def test_a_conversation_that_is_removed_while_its_question_is_changed_leaves_what_was_typed(
    bare: Page,
) -> None:
    expect(ask(bare, QUESTION).locator(".source")).to_have_count(2)
    box(bare).fill("What comes next")
    bare.locator("#act-edit").click()
    expect(box(bare)).to_have_value(QUESTION)
    box(bare).fill(SUM)
    bare.locator("#header .talks").click()
    bare.locator("#talks .remove").click()
    bare.keyboard.press("Escape")
    expect(bare.locator("#chat .asked")).to_have_count(0)
    expect(box(bare)).to_have_value(f"What comes next\n\n{SUM}")
    expect(bare.get_by_role("alert")).to_have_count(0)


def test_a_conversation_that_is_opened_stops_what_is_being_answered(bare: Page, site: Site) -> None:
    expect(ask(bare, REFUSAL).locator(".place")).to_have_count(2)
    bare.locator("#act-new").click()
    expect(bare.locator("#chat .asked")).to_have_count(0)
    expect(ask(bare, QUESTION).locator(".source")).to_have_count(2)
    site.assistant.held.clear()
    expect(ask(bare, SUM)).to_contain_text("EUR")
    bare.locator("#header .talks").click()
    bare.locator("#talks").get_by_role("button", name=REFUSAL).click()
    expect(bare.get_by_role("button", name=TEXT["stopping"])).to_be_visible()
    site.assistant.held.set()
    expect(bare.locator("#chat .asked")).to_have_text([REFUSAL])
    expect(bare.get_by_role("button", name=TEXT["ask"], exact=True)).to_be_visible()
    # Nothing of the other comes later, and the talk goes on where it was opened.
    expect(ask(bare, COMPARE).locator(".compared")).to_be_visible()
    expect(bare.locator("#chat .asked")).to_have_text([REFUSAL, COMPARE])
    kept = sorted(bare.evaluate(TALKS), key=str)
    assert kept == [[QUESTION, SUM], [REFUSAL, COMPARE]]
    assert [turn.content for turn in site.assistant.asked[-1][2]][::2] == [REFUSAL]


def test_what_was_only_stopped_is_no_history(bare: Page, site: Site) -> None:
    site.assistant.held.clear()
    expect(ask(bare, QUESTION)).to_contain_text("EUR 30 000")
    stop(bare, site)
    site.assistant.held.set()
    expect(bare.locator("#chat .answer.stopped")).to_be_visible()
    bare.locator("#header .talks").click()
    expect(bare.locator("#talks")).to_contain_text(TEXT["talks.none"])
    expect(bare.locator("#talks .open")).to_have_count(0)
    bare.keyboard.press("Escape")
    bare.locator("#chat .answer.stopped").get_by_role("button", name=TEXT["again"]).click()
    expect(bare.locator("#chat .source")).to_have_count(2)
    assert bare.evaluate(TALKS) == [[QUESTION]]


def test_what_was_typed_before_a_question_is_changed_is_back_as_that_is_sent(
    bare: Page, site: Site
) -> None:
    expect(ask(bare, QUESTION).locator(".source")).to_have_count(2)
    box(bare).fill("What comes next")
    begin_another(bare, site)
    expect(box(bare)).to_have_value("What comes next")
    site.assistant.held.set()
    expect(bare.locator("#chat .compared")).to_be_visible()
    expect(bare.locator("#chat .asked")).to_have_text([COMPARE])
    expect(box(bare)).to_have_value("What comes next")


def test_a_changed_question_that_is_on_its_way_as_the_server_is_lost_comes_back(
    chromium: Browser, site: Site
) -> None:
    with on_a_cable(chromium, site) as (page, cable):
        expect(ask(page, QUESTION).locator(".source")).to_have_count(2)
        page.locator("#act-edit").click()
        expect(page.get_by_role("alert")).to_have_text(TEXT["editing"])
        box(page).fill(COMPARE)
        with slow(page, COMPARE):
            box(page).press("Enter")
            expect(box(page)).to_have_value("")
            box(page).fill("What comes next")
            cable.cut()
        expect(page.locator("#tab-note")).to_have_text(TEXT["lost.now"])
        expect(box(page)).to_have_value(COMPARE)
        cable.mend()
        expect(page.locator("#tab-note")).to_be_hidden()
        expect(page.get_by_role("alert")).to_have_text(TEXT["editing"])
        expect(box(page)).to_have_value(COMPARE)
        box(page).press("Escape")
        expect(box(page)).to_have_value("What comes next")


def test_a_changed_question_that_only_waits_goes_back_once_where_another_is_opened(
    bare: Page, site: Site
) -> None:
    expect(ask(bare, REFUSAL).locator(".place")).to_have_count(2)
    bare.locator("#act-new").click()
    expect(bare.locator("#chat .asked")).to_have_count(0)
    expect(ask(bare, QUESTION).locator(".source")).to_have_count(2)
    with slow(bare, ""):
        bare.locator("#act-edit").click()
        box(bare).fill(COMPARE)
        box(bare).press("Enter")
        expect(box(bare)).to_have_value("")
        box(bare).fill("What comes next")
        open_talk(bare, REFUSAL)
        expect(box(bare)).to_have_value(f"What comes next\n\n{COMPARE}")
    expect(bare.locator("#chat .asked")).to_have_text([REFUSAL])
    assert [asked[0] for asked in site.assistant.asked] == [REFUSAL, QUESTION]
