"""Conversations that the browser keeps, what is saved of them, links and feedback."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.scenes import QUESTION, REFUSAL, SUM
from tests.browser.windows import TALKS, TEXT, Site, ask, stop

pytestmark = pytest.mark.browser


def test_a_conversation_is_kept_and_goes_on(window: Page, site: Site) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    expect(ask(window, SUM).locator(".working")).to_be_visible()
    window.locator("#act-new").click()
    expect(window.locator("#chat .asked")).to_have_count(0)

    window.locator("#header .talks").click()
    talks = window.get_by_role("dialog", name=TEXT["talks.title"])
    expect(talks.get_by_text(TEXT["talks.kept"])).to_be_visible()
    talks.get_by_role("button", name=QUESTION).first.click()
    expect(talks).to_be_hidden()
    expect(window.locator("#chat .asked")).to_have_text([QUESTION, SUM])
    expect(window.locator("#chat .source")).to_have_count(3)

    site.assistant.asked.clear()
    expect(ask(window, REFUSAL).locator(".place")).to_have_count(2)
    assert [turn.content for turn in site.assistant.asked[0][2]][::2] == [QUESTION, SUM]
    # It is the same conversation, not another one.
    window.locator("#header .talks").click()
    kept = talks.locator("li", has_text=TEXT["talks.now"])
    expect(kept).to_have_count(1)
    count = talks.locator("li").count()
    kept.get_by_role("button", name=TEXT["talks.remove"], exact=True).click()
    expect(talks.locator("button.open")).to_have_count(count - 1)
    window.keyboard.press("Escape")
    expect(window.locator("#chat .asked")).to_have_count(0)


def test_conversations_of_one_second_stand_in_the_order_in_which_they_began(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".source").first).to_be_visible()
    fresh.locator("#act-new").click()
    expect(fresh.locator("#chat .asked")).to_have_count(0)
    fresh.evaluate(
        """() => {
          const [name, kept] = Object.entries(localStorage)
            .find(([name]) => name.startsWith("guide-talk:"));
          localStorage.removeItem(name);
          const talk = JSON.parse(kept);
          for (const id of ["3", "6", "1", "5", "2", "4"]) {
            const records = [{ ...talk.records[0], question: id }];
            localStorage.setItem(`guide-talk:${id}`, JSON.stringify({ ...talk, id, records }));
          }
        }"""
    )
    fresh.locator("#header .talks").click()
    talks = fresh.get_by_role("dialog", name=TEXT["talks.title"])
    expect(talks.locator("button.open")).to_have_text(["6", "5", "4", "3", "2", "1"])


def test_what_is_removed_can_be_taken_back(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    for question in (QUESTION, SUM):
        expect(ask(fresh, question).locator(".source").first).to_be_visible()
        fresh.locator("#act-new").click()
        expect(fresh.locator("#chat .asked")).to_have_count(0)
    fresh.locator("#header .talks").click()
    talks = fresh.get_by_role("dialog", name=TEXT["talks.title"])
    undo = talks.get_by_role("button", name=TEXT["talks.undo"])
    remove_all = talks.locator(".remove-all")

    talks.get_by_role("button", name=TEXT["talks.remove"], exact=True).first.click()
    expect(talks.get_by_role("button", name=QUESTION)).to_be_visible()
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(talks.get_by_role("button", name=SUM)).to_be_focused()

    remove_all.click()
    expect(talks.locator("button.open")).to_have_count(2)
    expect(remove_all).to_have_text(TEXT["talks.sure"])
    remove_all.click()
    expect(talks.get_by_text(TEXT["talks.none"])).to_be_visible()
    expect(remove_all).to_be_hidden()
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(talks.locator("button.open")).to_have_text([SUM, QUESTION])
    for _ in range(2):
        talks.get_by_role("button", name=TEXT["talks.remove"], exact=True).first.click()
    expect(remove_all).to_be_hidden()
    fresh.keyboard.press("Escape")
    fresh.locator("#header .talks").click()
    expect(talks.get_by_text(TEXT["talks.none"])).to_be_visible()
    expect(undo).to_have_count(0)


def test_removing_what_is_shown_begins_a_new_conversation(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    for question in (QUESTION, SUM):
        expect(ask(fresh, question).locator(".source").first).to_be_visible()
    talks = fresh.get_by_role("dialog", name=TEXT["talks.title"])
    remove = talks.get_by_role("button", name=TEXT["talks.remove"], exact=True)
    fresh.locator("#question textarea").fill("What comes next")
    fresh.locator("#header .talks").click()
    remove.click()
    talks.get_by_role("button", name=TEXT["talks.undo"]).click()
    fresh.keyboard.press("Escape")
    expect(talks).to_be_hidden()
    expect(fresh.locator("#chat .asked")).to_have_text([QUESTION, SUM])
    fresh.locator("#header .talks").click()
    remove.click()
    fresh.keyboard.press("Escape")
    expect(fresh.locator("#chat .asked")).to_have_count(0)
    expect(fresh.locator("#question textarea")).to_have_value("What comes next")
    expect(ask(fresh, REFUSAL).locator(".place")).to_have_count(2)
    assert fresh.evaluate(TALKS) == [[REFUSAL]]


def test_a_conversation_is_saved_with_its_sources(window: Page, tmp_path: Path) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    dialog = window.get_by_role("dialog", name=TEXT["talks.save"])
    save, more = window.locator("#act-save"), window.locator("#act-more")
    for form in ("markdown", "pdf", "json"):
        if form == "json":
            window.set_viewport_size({"width": 390, "height": 800})
            more.press("Enter")
        save.click()
        with window.expect_download() as download:
            dialog.get_by_role("button", name=TEXT[f"talks.{form}"]).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        content = path.read_bytes()
        expect(dialog).to_be_hidden()
        expect(more if form == "json" else save).to_be_focused()
        expect(window.locator("#spoken")).to_have_text(TEXT["talks.saved"])
        if form == "pdf":
            assert content.startswith(b"%PDF-")
        elif form == "json":
            quotes = [c["quote"] for c in json.loads(content)["answers"][0]["citations"]]
            assert quotes == ["EUR 30 000", "EUR 60 000"]
        else:
            assert b"> EUR 60 000" in content


def test_a_kept_conversation_is_saved_by_one_press_more(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    fresh.locator("#header .talks").click()
    item = fresh.locator("#talks li")
    expect(item.locator(".forms button")).to_have_text([TEXT["shelf.save"], TEXT["talks.remove"]])
    item.get_by_role("button", name=TEXT["shelf.save"]).click()
    saving = fresh.get_by_role("dialog", name=TEXT["talks.save"])
    expect(saving.get_by_text(QUESTION)).to_be_visible()
    with fresh.expect_download() as download:
        saving.get_by_role("button", name=TEXT["talks.json"]).click()
    assert download.value.suggested_filename.endswith(".json")
    expect(saving).to_be_hidden()
    expect(fresh.locator("#talks [role=status]")).to_have_text(TEXT["talks.saved"])
    expect(item.get_by_role("button", name=TEXT["shelf.save"])).to_be_focused()


def test_a_browser_that_keeps_nothing_says_so(page: Page, site: Site) -> None:
    site.assistant.held.set()
    page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
    )
    page.goto(site.address)
    expect(ask(page, QUESTION).locator(".source")).to_have_count(2)
    page.locator("#header .talks").click()
    expect(page.locator("#talks")).to_contain_text(TEXT["talks.shut"])
    expect(page.locator("#talks")).not_to_contain_text(TEXT["talks.none"])


def test_what_was_stopped_is_nothing_to_save_and_that_is_said(window: Page, site: Site) -> None:
    site.assistant.held.clear()
    answer = ask(window, QUESTION)
    expect(answer).to_contain_text("EUR 30 000")
    stop(window, site)
    site.assistant.held.set()
    expect(answer.locator(".status")).to_have_text(TEXT["stopped"])
    window.locator("#act-save").click()
    dialog = window.get_by_role("dialog", name=TEXT["talks.save"])
    dialog.get_by_role("button", name=TEXT["talks.markdown"]).click()
    expect(dialog).to_contain_text(TEXT["talks.nothing"])


def test_an_answer_is_judged_with_a_reason(window: Page) -> None:
    answer = ask(window, QUESTION)
    with window.expect_response("**/api/v1/feedback") as said:
        answer.get_by_role("button", name=TEXT["tools.down"]).click()
    assert said.value.status == 204
    assert json.loads(said.value.request.post_data or "")["up"] is False
    pressed = answer.get_by_role("button", name=TEXT["tools.down"])
    expect(pressed).to_have_attribute("aria-pressed", "true")
    answer.get_by_role("button", name=TEXT["feedback.source"]).click()
    with window.expect_response("**/api/v1/feedback") as said:
        answer.get_by_role("button", name=TEXT["feedback.send"]).click()
    sent = json.loads(said.value.request.post_data or "")
    assert sent["reason"] == TEXT["feedback.source"]
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.thanks"])


@pytest.mark.parametrize(
    ("width", "height", "place"),
    [(1280, 800, "end"), (360, 640, "end"), (1280, 420, "end"), (740, 360, "center")],
)
def test_the_reasons_open_in_sight_and_in_line(
    window: Page, width: int, height: int, place: str
) -> None:
    window.set_viewport_size({"width": width, "height": height})
    answer = ask(window, QUESTION)
    button = answer.get_by_role("button", name=TEXT["tools.down"])
    expect(button).to_be_visible()
    # As low as it can be and still be pressed, or in the middle.
    button.evaluate(
        """(e, block) => {
            e.scrollIntoView({ block });
            const top = document.querySelector("#question").getBoundingClientRect().top;
            const covered = e.getBoundingClientRect().bottom + 4 - top;
            if (covered > 0) document.querySelector("main > .column").scrollTop += covered;
        }""",
        place,
    )
    top = "e => e.getBoundingClientRect().top"
    before = button.evaluate(top)
    button.click()
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.noted"])
    assert button.evaluate(top) == pytest.approx(before, abs=1), (
        "what is pressed stays under the pointer"
    )
    expect(answer.locator(".feedback")).to_be_in_viewport(ratio=1)
    covered = answer.locator(".feedback").evaluate("""e => e.getBoundingClientRect().bottom
        > (document.querySelector("#composer").getBoundingClientRect().top
            || document.querySelector("#question").getBoundingClientRect().top)""")
    assert not covered
    box_of = "e => { const { top, height } = e.getBoundingClientRect(); return [top, height]; }"
    field = answer.get_by_role("textbox").evaluate(box_of)
    assert answer.locator("[type=submit]").evaluate(box_of) == pytest.approx(field, abs=1)
    tops = answer.locator(".reasons button").evaluate_all(
        "all => all.map((e) => Math.round(e.getBoundingClientRect().top))"
    )
    rows = sorted(set(tops))
    assert all(low - high >= 20 for high, low in pairwise(rows)), rows
    # A reason that is chosen moves nothing.
    reasons = answer.locator(".reasons button")
    places = "all => all.map((e) => e.getBoundingClientRect()).map(({ x, y }) => [x, y]).flat()"
    still = [reasons.evaluate_all(places), button.evaluate(top)]
    for reason in reasons.all():
        reason.click()
    assert [reasons.evaluate_all(places), button.evaluate(top)] == still
    # What was sent, or taken back, brings nothing else under the pointer until it has left.
    following = answer.locator(".suggestions button").first
    tops = [button.evaluate(top), following.evaluate(top)]
    answer.locator("[type=submit]").click()
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.thanks"])
    assert [button.evaluate(top), following.evaluate(top)] == pytest.approx(tops, abs=1)
    card = answer.locator(".feedback")
    expect(card).to_have_css("background-color", "rgba(0, 0, 0, 0)")
    expect(card).to_have_css("border-top-style", "solid")
    middles = """e => [e, e.firstChild].map((part) => part.getBoundingClientRect())
        .map(({ x, y, width, height }) => [x + width / 2, y + height / 2]).flat()"""
    x, y, *of_words = card.evaluate(middles)
    assert of_words == pytest.approx([x, y], abs=1), "a quiet card, no gap, and no grey box"
    take_back(window, button)
    assert [button.evaluate(top), following.evaluate(top)] == pytest.approx(tops, abs=1)
    window.mouse.move(1, 1)
    window.wait_for_function("() => !document.querySelector('.feedback').style.minHeight")
    assert button.evaluate(top) == pytest.approx(tops[0], abs=2)
    gap = following.evaluate(
        "e => e.closest('.suggestions').getBoundingClientRect().top"
        " - e.closest('.answer').querySelector('.judged').getBoundingClientRect().bottom"
    )
    assert gap < 30, "room is made at the end, and only there"


def take_back(page: Page, pressed: Locator) -> None:
    """Presses what is pressed once more."""
    with page.expect_response("**/api/v1/feedback/*") as said:
        pressed.click()
    assert (said.value.request.method, said.value.status) == ("DELETE", 204)
    expect(pressed).to_have_attribute("aria-pressed", "false")


def test_what_was_said_of_an_answer_is_taken_back_by_a_second_press(window: Page) -> None:
    answer = ask(window, QUESTION)
    button = answer.get_by_role("button", name=TEXT["tools.up"], exact=True)
    with window.expect_response("**/api/v1/feedback"):
        button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    take_back(window, button)
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.withdrawn"])
    expect(answer.get_by_role("textbox")).to_have_count(0)


def test_what_was_said_of_an_answer_stands_after_a_reload(fresh: Page) -> None:
    fresh.evaluate("localStorage.clear()")
    answer = ask(fresh, QUESTION)
    up, down = (
        answer.get_by_role("button", name=TEXT[f"tools.{name}"], exact=True)
        for name in ("up", "down")
    )
    expect(down).to_have_attribute("aria-pressed", "false")
    down.click()
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.noted"])
    answer.get_by_role("textbox").fill("See p. 3")
    answer.get_by_role("button", name=TEXT["feedback.send"]).click()
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.thanks"])
    fresh.reload()
    expect(down).to_have_attribute("aria-pressed", "true")
    # The other word drops the reason, and says so.
    up.click()
    gone = TEXT["feedback.replaced"].format(reason="See p. 3")
    expect(answer.get_by_role("status")).to_have_text(f"{TEXT['feedback.noted']} {gone}")
    expect(down).to_have_attribute("aria-pressed", "false")
    fresh.reload()
    expect(up).to_have_attribute("aria-pressed", "true")
    take_back(fresh, up)
    # A browser that knows nothing of it takes no reason away.
    with fresh.expect_request("**/api/v1/feedback") as sent:
        down.click()
    assert "reason" not in json.loads(sent.value.post_data or "")


def test_the_hint_of_a_reason_does_not_look_typed(window: Page) -> None:
    answer = ask(window, QUESTION)
    answer.get_by_role("button", name=TEXT["tools.down"]).click()
    field = answer.get_by_role("textbox")
    typed, hint = field.evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(e, '::placeholder').color]"
    )
    quiet = window.evaluate("""() => { const made = document.createElement("p");
        made.style.color = "var(--guide-quiet)"; document.body.append(made);
        const { color } = getComputedStyle(made); made.remove(); return color; }""")
    assert hint == quiet != typed


def test_a_kept_answer_has_a_link_that_shows_it(window: Page, site: Site, page: Page) -> None:
    window.bring_to_front()
    answer = ask(window, QUESTION)
    answer.get_by_role("button", name=TEXT["tools.link"]).click()
    expect(answer.locator("button.copied")).to_be_visible()
    address = window.evaluate("navigator.clipboard.readText()")
    assert address.startswith(f"{site.address}/answers/")
    sizes = """() => [
        ...["width", "boxSizing"].map((name) =>
            getComputedStyle(document.querySelector("#chat .status"), "::before")[name]),
        document.querySelector("#chat .source .number").offsetWidth,
        ...[".text p", ".path", ".status", ".title"].map((part) =>
            getComputedStyle(document.querySelector(`#chat ${part}`)).lineHeight)]"""
    shown = window.evaluate(sizes)
    page.goto(address)
    assert page.evaluate(sizes) == shown, "signs are as large as in the window"
    expect(page.locator("#chat .asked")).to_have_text(QUESTION)
    expect(page.get_by_text(TEXT["record.holds"])).to_be_visible()
    page.locator("a.mark").first.click()
    expect(page.locator("#page-view img[src]")).to_be_visible()
    assert page.evaluate("localStorage.length") == window.evaluate("localStorage.length")
