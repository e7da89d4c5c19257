"""The chat window in a real browser, around a small assistant that can be made to wait."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from assistant.ui_theme import DARK, LIGHT
from tests.browser.scenes import GUIDE, QUESTION, REFUSAL, SUM
from tests.browser.windows import TEXT, Site, ask, box, stop
from tests.web import HOSTILE

pytestmark = pytest.mark.browser


STAGES = """() => {
    const seen = new Set();
    new MutationObserver(() => {
        document.querySelectorAll("#chat .stage").forEach((s) => seen.add(s.innerText));
    }).observe(document.body, { subtree: true, childList: true });
    return seen;
}"""


def test_an_answer_streams_in_and_ends_with_its_sources(window: Page, site: Site) -> None:
    seen = window.evaluate_handle(STAGES)
    site.assistant.held.clear()
    # A starting point is asked by a click.
    window.locator("#chat .empty button.ask", has_text=QUESTION).click()
    answer = window.locator("#chat .answer")
    expect(window.locator("#chat .asked")).to_have_text(QUESTION)
    expect(answer.locator(".text")).to_have_text("A lump sum of EUR 30 000. [1]")
    expect(answer.locator(".status")).to_have_text(TEXT["stages.answer"])
    expect(answer.locator(".source")).to_have_count(0)
    # What was searched and found is told before the answer is there, and quietly.
    expect(answer.locator(".text + .searched")).to_contain_text(
        "Searched: Small-scale Partnerships, 2026 — in Erasmus+ Programme Guide 2026"
    )
    expect(answer.locator(".searched")).to_contain_text(TEXT["found.one"])
    before = answer.locator(".text p").first.evaluate("e => e.getBoundingClientRect().top")
    site.assistant.held.set()
    expect(answer.locator(".text")).to_have_text(
        "A lump sum of EUR 30 000. [1]Or one of EUR 60 000. [2]"
    )
    expect(answer.locator(".status")).to_have_text(TEXT["status.answered"])
    after = answer.locator(".text p").first.evaluate("e => e.getBoundingClientRect().top")
    assert abs(after - before) < 1, "nothing moves when an answer ends"
    expect(answer.locator(".source")).to_have_count(2)
    expect(answer.locator(".source").first).to_contain_text("Erasmus+ Programme Guide 2026, p. 1")
    expect(answer.locator(".source").first).to_contain_text("Part B › Key Action 2")
    expect(answer.locator("blockquote").first).to_have_text("EUR 30 000")
    expect(answer.locator(".note").first).to_have_class(re.compile("warning older_edition"))
    expect(answer.locator(".note").nth(1)).to_contain_text("language of the guide")
    expect(answer.locator(".searched")).to_contain_text(
        "Searched: Small-scale Partnerships, 2026 — in Erasmus+ Programme Guide 2026"
    )
    # Gradio names a message by its source text; a screen reader must get the message itself.
    expect(window.locator("#chat [aria-label*='<div']")).to_have_count(0)
    stages = seen.evaluate("seen => [...seen]")
    assert TEXT["stages.answer"] in stages


def test_from_a_marker_to_the_source_its_pdf_and_a_copy(
    window: Page, context: BrowserContext, site: Site
) -> None:
    answer = ask(window, QUESTION)
    answer.locator("a.mark", has_text="[2]").click()
    expect(answer.locator(".source").nth(1)).to_be_focused()
    assert window.url.rstrip("/").count("/") == 2, "the window must not move to another address"
    with context.expect_page() as opened:
        answer.get_by_role("link", name=TEXT["open_pdf"]).first.click()
    address = opened.value.url
    opened.value.close()
    assert address.endswith(f"/documents/{GUIDE.id}.pdf#page=1")
    response = window.request.get(address)
    assert response.headers["content-type"] == "application/pdf"
    assert response.body().startswith(b"%PDF-")

    window.bring_to_front()
    answer.get_by_role("button", name=TEXT["tools.copy"]).click()
    expect(answer.locator("button.copied")).to_be_visible()
    copied = window.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert "[2] Erasmus+ Programme Guide 2026, p. 1\n" in copied
    assert "“EUR 60 000”" in copied
    assert f"{site.address}/documents/{GUIDE.id}.pdf#page=1" in copied


def test_nothing_from_documents_or_askers_is_markup(window: Page) -> None:
    answer = ask(window, "hostile")
    expect(answer.locator(".status")).to_have_text(TEXT["status.partly"])
    for part in (".text", "blockquote", ".note", ".searched"):
        expect(answer.locator(part)).to_contain_text(HOSTILE)
    assert answer.locator("img, script, b, a[href*='example.org']").count() == 0
    answer.get_by_role("button", name=TEXT["show_page"]).click()
    expect(window.get_by_text(TEXT["view.unplaced"])).to_be_visible()
    ask(window, HOSTILE)
    expect(window.locator("#chat .asked").last).to_have_text(HOSTILE)


def test_what_cannot_be_asked_is_said_and_stays_typed(window: Page) -> None:
    for typed, said in (("   ", "The question is blank"), ("x" * 5000, "5000 characters")):
        box(window).fill(typed)
        box(window).press("Enter")
        expect(window.get_by_role("alert")).to_contain_text(said)
        expect(box(window)).to_have_value(typed)
    assert window.locator("#chat .asked").count() == 0
    expect(ask(window, QUESTION).locator(".tools")).to_be_visible()
    expect(window.get_by_role("alert")).to_have_count(0)
    # A fault of ours goes into the log, not before the asker.
    box(window).fill("fault")
    box(window).press("Enter")
    expect(window.get_by_role("alert").filter(has_text=TEXT["failed"])).to_be_visible()
    expect(box(window)).to_have_value("fault")
    expect(window.get_by_text("a fault of ours")).to_have_count(0)


def test_stop_keeps_what_was_there_and_the_talk_goes_on(window: Page, site: Site) -> None:
    site.assistant.held.clear()
    answer = ask(window, QUESTION)
    expect(answer).to_contain_text("EUR 30 000")
    stop(window, site)
    site.assistant.held.set()
    expect(answer.locator(".status")).to_have_text(TEXT["stopped"])
    expect(answer).to_contain_text("EUR 30 000")
    expect(window.get_by_role("button", name=TEXT["again"])).to_have_count(1)
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    expect(window.get_by_role("alert")).to_have_count(0)
    expect(answer.locator(".status")).to_have_text(TEXT["stopped"])
    assert site.assistant.asked[-1][2] == (), "an unfinished answer is no history"


@pytest.mark.parametrize("size", [(1280, 800), (390, 844), (740, 360)])
def test_what_is_asked_while_an_answer_is_made_waits_and_that_is_said(
    window: Page, site: Site, size: tuple[int, int]
) -> None:
    window.set_viewport_size({"width": size[0], "height": size[1]})
    told = window.locator("#told")
    expect(ask(window, QUESTION).locator(".suggestions")).to_be_visible()
    site.assistant.held.clear()
    answer = ask(window, QUESTION)
    expect(answer).to_contain_text("EUR 30 000")
    box(window).press("Enter")
    expect(told).to_be_hidden()
    box(window).fill(SUM)
    box(window).press("Enter")
    expect(told).to_have_text(TEXT["wait"])
    expect(told).to_be_in_viewport(ratio=1)
    expect(window.locator("#spoken")).to_have_text(TEXT["wait"])
    expect(box(window)).to_have_value(SUM)
    site.assistant.held.set()
    expect(answer.locator(".source")).to_have_count(2)
    expect(told).to_be_hidden()
    expect(box(window)).to_have_value(SUM)
    # So does what is pressed.
    site.assistant.held.clear()
    answer = ask(window, QUESTION)
    expect(answer).to_contain_text("EUR 30 000")
    window.locator("#chat .suggestions button").first.click()
    expect(told).to_have_text(TEXT["wait"])
    site.assistant.held.set()
    expect(told).to_be_hidden()


def test_stop_is_answered_at_once_while_the_server_is_not(fresh: Page, site: Site) -> None:
    site.assistant.held.clear()
    answer = ask(fresh, QUESTION)
    expect(answer).to_contain_text("EUR 30 000")
    # Whatever is sent from now on waits.
    waiting: list[Route] = []
    fresh.route("**/gradio_api/queue/join*", lambda route: waiting.append(route))
    with fresh.expect_request("**/gradio_api/queue/join*"):
        fresh.get_by_role("button", name=TEXT["stop"], exact=True).click()
    expect(fresh.get_by_role("button", name=TEXT["stopping"])).to_be_visible()
    expect(fresh.locator("#spoken")).to_have_text(TEXT["stopping"])
    assert len(waiting) == 1
    waiting[0].continue_()
    fresh.unroute("**/gradio_api/queue/join*")
    site.assistant.held.set()
    expect(fresh.get_by_role("button", name=TEXT["ask"], exact=True)).to_be_visible()
    site.assistant.held.clear()
    expect(ask(fresh, QUESTION)).to_contain_text("EUR 30 000")
    expect(fresh.get_by_role("button", name=TEXT["stop"], exact=True)).to_be_visible()
    site.assistant.held.set()


def test_what_can_be_pressed_depends_on_the_answer(window: Page, site: Site) -> None:
    send = window.get_by_role("button", name=TEXT["ask"], exact=True)
    stop = window.get_by_role("button", name=TEXT["stop"], exact=True)
    new = window.get_by_role("button", name=TEXT["new"])
    notice = window.locator("#notice")
    expect(send).to_be_visible()
    for hidden in (stop, new, notice):
        expect(hidden).to_be_hidden()
    site.assistant.held.clear()
    expect(ask(window, QUESTION)).to_contain_text("EUR 30 000")
    expect(stop).to_be_visible()
    for hidden in (send, new, notice):
        expect(hidden).to_be_hidden()
    box(window).fill("What comes next")
    site.assistant.held.set()
    expect(new).to_be_visible()
    expect(send).to_be_visible()
    expect(stop).to_be_hidden()
    expect(box(window)).to_have_value("What comes next")


def test_the_question_can_be_asked_again_edited_and_left_behind(window: Page, site: Site) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    site.assistant.held.clear()
    window.get_by_role("button", name=TEXT["again"]).click()
    expect(window.locator("#chat .source")).to_have_count(0)
    site.assistant.held.set()
    expect(window.locator("#chat .source")).to_have_count(2)
    expect(window.locator("#chat .asked")).to_have_count(1)
    expect(window.get_by_role("button", name=TEXT["edit"])).to_be_visible()
    assert [asked[0] for asked in site.assistant.asked] == [QUESTION, QUESTION]

    window.get_by_role("button", name=TEXT["edit"]).click()
    expect(box(window)).to_have_value(QUESTION)
    box(window).fill(SUM)
    box(window).press("Enter")
    expect(window.locator("#chat .working")).to_be_visible()
    expect(window.locator("#chat .asked")).to_have_text([SUM])
    assert site.assistant.asked[-1][2] == ()
    window.get_by_role("button", name=TEXT["new"]).click()
    expect(window.locator("#chat .asked")).to_have_count(0)
    expect(box(window)).to_have_value("")
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    assert site.assistant.asked[-1][2] == ()


def test_a_question_that_is_edited_keeps_its_answer_until_another_is_asked(
    window: Page, site: Site
) -> None:
    edit = window.get_by_role("button", name=TEXT["edit"])
    cancel = window.get_by_role("button", name=TEXT["leave"])
    for question in (REFUSAL, QUESTION):
        expect(ask(window, question).locator(".tools")).to_be_visible()
    expect(cancel).to_be_hidden()
    box(window).fill("What comes next")
    for place, key in ((box(window), "Escape"), (cancel, "Enter")):
        edit.click()
        expect(box(window)).to_have_value(QUESTION)
        expect(window.get_by_role("alert")).to_have_text(TEXT["editing"])
        expect(edit).to_be_hidden()
        expect(window.locator("#chat .suggestions").last).to_be_hidden()
        box(window).fill("")
        place.press(key)
        expect(cancel).to_be_hidden()
        expect(edit).to_be_visible()
        expect(box(window)).to_have_value("What comes next")
        expect(box(window)).to_be_focused()
        expect(window.locator("#chat .asked")).to_have_text([REFUSAL, QUESTION])
        expect(window.locator("#chat .source")).to_have_count(2)
    # What cannot be asked takes nothing away, and can still be left.
    edit.click()
    expect(box(window)).to_have_value(QUESTION)
    box(window).fill("   ")
    box(window).press("Enter")
    expect(window.get_by_role("alert")).to_contain_text("The question is blank")
    expect(window.locator("#chat .source")).to_have_count(2)
    expect(cancel).to_be_visible()
    box(window).fill(SUM)
    box(window).press("Enter")
    expect(window.locator("#chat .working")).to_be_visible()
    expect(window.locator("#chat .asked")).to_have_text([REFUSAL, SUM])
    expect(window.locator("#chat .asked").last).to_be_in_viewport(ratio=1)
    assert [turn.content for turn in site.assistant.asked[-1][2]][::2] == [REFUSAL]
    # Leaving is over with the question that was asked.
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    expect(window.locator("#chat .asked")).to_have_text([REFUSAL, SUM, QUESTION])


def test_two_windows_have_their_own_conversations(
    window: Page, context: BrowserContext, site: Site
) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    other = context.new_page()
    other.goto(site.address)
    expect(ask(other, QUESTION).locator(".source")).to_have_count(2)
    assert site.assistant.asked[-1][2] == ()
    assert window.locator("#chat .asked").count() == 1
    expect(ask(other, "And how long?").locator(".status.abstains")).to_be_visible()
    _, _, turns = site.assistant.asked[-1]
    assert [turn.role for turn in turns] == ["user", "assistant"]


def test_nothing_is_wider_than_the_window(window: Page) -> None:
    for question in (QUESTION, "hostile", "w" * 300):
        expect(ask(window, question).locator(".tools")).to_be_visible()
    for width in (360, 390, 1280):
        window.set_viewport_size({"width": width, "height": 740})
        for selector in ("html", "#chat [role=log]"):
            wide = window.locator(selector).evaluate("e => e.scrollWidth - e.clientWidth")
            assert wide <= 0, (width, selector)
        expect(box(window)).to_be_in_viewport()


def test_light_and_dark_follow_the_system(page: Page, site: Site) -> None:
    grounds = []
    for scheme, colours in (("light", LIGHT), ("dark", DARK)):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(site.address)
        expect(page.locator("#chat .empty")).to_contain_text("2 guides")
        shown = page.locator("#header h1").evaluate("e => getComputedStyle(e).color")
        assert shown == _rgb(colours["text"])
        grounds.append(page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor"))
    assert grounds == [_rgb(LIGHT["ground"]), _rgb(DARK["ground"])]


def _rgb(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


def test_the_window_works_by_keyboard_alone(window: Page) -> None:
    box(window).focus()
    window.keyboard.type(QUESTION)
    window.keyboard.press("Enter")
    mark = window.locator("#chat a.mark").first
    expect(mark).to_be_visible()
    mark.focus()
    window.keyboard.press("Enter")
    expect(window.locator("#chat .source").first).to_be_focused()
    for name in ("show_page", "open_pdf"):
        window.keyboard.press("Tab")
        assert window.evaluate("document.activeElement.innerText") == TEXT[name]


def test_the_page_opens_beside_the_conversation_with_its_quote(fresh: Page) -> None:
    answer = ask(fresh, QUESTION)
    with fresh.expect_response("**/pages/1.png?quote=EUR%2030%20000&*") as shown:
        answer.locator("a.mark", has_text="[1]").click()
    assert shown.value.headers["x-quote-placed"] == "yes"
    view = fresh.get_by_role("dialog", name=GUIDE.edition.title)
    expect(view.get_by_role("img", name=f"{GUIDE.edition.title}, Page 1 of 1")).to_be_visible()
    expect(view.get_by_role("button", name=TEXT["view.previous"])).to_be_disabled()
    expect(view.get_by_role("button", name=TEXT["view.next"])).to_be_disabled()
    expect(view.get_by_role("link", name=TEXT["open_pdf"])).to_have_attribute(
        "href", f"documents/{GUIDE.id}.pdf#page=1"
    )
    # Beside, not over: the conversation stays in use.
    left = view.evaluate("e => e.getBoundingClientRect().left")
    assert box(fresh).evaluate("e => e.getBoundingClientRect().right") <= left
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)

    image = view.get_by_role("img")
    before = image.evaluate("e => e.clientWidth")
    view.get_by_role("button", name=TEXT["view.larger"]).click()
    expect(image).to_have_css("width", re.compile(rf"^(?!{before}px)"))
    fresh.keyboard.press("Escape")
    expect(view).to_be_hidden()


def test_on_a_phone_the_page_opens_as_a_sheet_over_the_conversation(window: Page) -> None:
    window.set_viewport_size({"width": 390, "height": 800})
    answer = ask(window, QUESTION)
    answer.locator("a.mark", has_text="[2]").click()
    expect(answer.locator(".source").nth(1)).to_be_focused()
    opener = answer.get_by_role("button", name=TEXT["show_page"]).nth(1)
    opener.click()
    view = window.get_by_role("dialog", name=GUIDE.edition.title)
    expect(view.get_by_role("img")).to_be_visible()
    assert view.evaluate("e => e.matches(':modal')")
    assert view.evaluate("e => e.scrollWidth <= e.clientWidth")
    expect(view.get_by_role("button", name=TEXT["view.close"])).to_be_in_viewport(ratio=1)
    view.get_by_role("button", name=TEXT["view.close"]).click()
    expect(view).to_be_hidden()
    expect(opener).to_be_focused()


def test_an_empty_library_says_what_to_do(page: Page, site: Site) -> None:
    held, site.assistant.documents = site.assistant.documents, ()
    try:
        page.goto(site.address)
        expect(page.locator("#chat .empty")).to_contain_text("guide ingest")
        box(page).fill(QUESTION)
        box(page).press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("guide ingest")
        expect(box(page)).to_have_value(QUESTION)
    finally:
        site.assistant.documents = held
