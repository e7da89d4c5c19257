"""Low windows, large letters, phones, the system's own colours: nothing is out of reach."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, ViewportSize, expect

from assistant.model import Filters
from assistant.ui_text import languages, load_messages
from tests.browser.scenes import DIFFERS, OLDER, QUESTION
from tests.browser.windows import TEXT, Site, ask, box

pytestmark = pytest.mark.browser

SHARE = """() => {
    const { innerHeight } = window;
    const box = document.querySelector("#question .input-container").getBoundingClientRect();
    const head = document.querySelector("#header").getBoundingClientRect();
    return (box.top - Math.max(0, head.bottom)) / innerHeight;
}"""
"""How much of the window is left for the answer."""
FADES = """() => ["#composer", "#composer > :has(#question)"].some((part) => {
    const over = getComputedStyle(document.querySelector(part), "::before");
    return over.content === '""' && /gradient/.test(over.backgroundImage)
        && parseFloat(over.height) >= 16 && parseFloat(over.bottom) >= 40;
})"""
"""Whether a fade lies above the box for the question."""
FITS = """e => {
    const style = getComputedStyle(e);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = style.font;
    const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return pen.measureText(e.selectedOptions?.[0].text ?? e.placeholder).width <= room;
}"""
"""Whether what is chosen, or the hint of a box, can be read whole."""
SEEN = """([left, top, right, bottom]) => {
    const page = document.querySelector("#page-view img").getBoundingClientRect();
    const view = document.querySelector("#page-view .sheet").getBoundingClientRect();
    const x = (share) => page.left + share * page.width - view.left;
    const y = (share) => page.top + share * page.height - view.top;
    const most = Math.min(x(right), x(left) + view.width - 24);
    return {
        seen: x(left) >= 0 && y(top) >= 0 && most <= view.width && y(bottom) <= view.height,
        middle: [(view.width / 2 - x(0)) / page.width, (view.height / 2 - y(0)) / page.height],
        letters: (y(bottom) - y(top)),
    };
}"""
"""Whether the mark, or as much of it as fits, is in view; what is in the middle of the view."""
SCROLLS = """() => ["#page-view", "#page-view .sheet"].map((part) => document.querySelector(part))
    .filter((e) => e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth).length"""


def mark_of(opener: Locator) -> list[float]:
    """Where the quote of a source stands on its page."""
    address = opener.evaluate("e => new URL(e.value, document.baseURI).href")
    return [
        float(share) for share in opener.page.request.get(address).headers["x-quote-box"].split(",")
    ]


@pytest.mark.parametrize(
    ("width", "height", "letters"), [(390, 844, 200), (320, 256, 100), (740, 360, 100)]
)
def test_the_answer_has_most_of_the_window(
    fresh: Page, width: int, height: int, letters: int
) -> None:
    fresh.set_viewport_size({"width": width, "height": height})
    fresh.evaluate("size => document.documentElement.style.fontSize = size", f"{letters}%")
    title = fresh.locator("#header h1")
    words = len(TEXT["title"].split())
    lines = title.evaluate("e => e.clientHeight / parseFloat(getComputedStyle(e).lineHeight)")
    assert lines <= words + 0.5, "no word of the title is broken"
    for _ in range(2):
        expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    expect(fresh.locator("#chat .asked").last).to_be_in_viewport(ratio=1)
    expect(box(fresh)).to_be_in_viewport(ratio=1)
    assert fresh.evaluate(SHARE) > 0.6
    assert fresh.evaluate(FADES), "what scrolls away fades above the box"
    wide = fresh.locator("html").evaluate("e => e.scrollWidth - e.clientWidth")
    assert wide <= 0
    # What was scrolled away can be come back to.
    fresh.get_by_role("button", name=TEXT["talks.short"]).click()
    expect(fresh.get_by_role("dialog")).to_be_visible()
    fresh.keyboard.press("Escape")
    if width < 480 * letters / 100:
        fresh.locator("#choices .fold").click()
    choices = fresh.get_by_role("combobox", name=TEXT["guide_language"])
    choices.focus()
    expect(choices).to_be_in_viewport(ratio=1)


def test_choices_beside_an_open_page_are_not_cut(fresh: Page) -> None:
    answer = ask(fresh, QUESTION)
    answer.locator("a.mark").first.click()
    expect(fresh.locator("#page-view img[src]")).to_be_visible()
    for width in (1100, 1280):
        fresh.set_viewport_size({"width": width, "height": 800})
        fold = fresh.locator("#choices .fold")
        if fold.get_attribute("aria-expanded") == "false":
            height = fresh.locator("#composer").evaluate("e => e.getBoundingClientRect().height")
            assert height < 170, "one row of what can be done, one of what is chosen"
            fold.click()
        for name in ("guide", "programme", "year", "guide_language"):
            choice = fresh.get_by_role("combobox", name=TEXT[name], exact=True)
            assert choice.evaluate(FITS), (width, name)


def test_on_a_phone_all_that_can_be_done_is_in_sight_and_large_enough(window: Page) -> None:
    for width in (360, 390):
        window.set_viewport_size({"width": width, "height": 740})
        answer = ask(window, DIFFERS)
        expect(answer.locator(".differs")).to_be_visible()
        gap = window.evaluate("""() => {
            const button = document.querySelector("#header .talks");
            const link = document.createElement("a");
            button.before(link);
            const [left, right] = [link, button].map((e) => e.getBoundingClientRect());
            link.remove();
            return right.left - left.right;
        }""")
        assert gap == 8, "what stands in the head keeps apart"
        more = window.locator("#act-more")
        expect(more).to_have_attribute("aria-expanded", "false")
        tops = "all => new Set(all.map((e) => Math.round(e.getBoundingClientRect().top))).size"
        assert window.locator("#actions button:visible").evaluate_all(tops) == 1
        more.press("Enter")
        expect(more).to_be_focused()
        expect(more).to_have_attribute("aria-expanded", "true")
        buttons = window.locator("#actions button:visible").all()
        assert len(buttons) == 5
        for button in (*buttons, window.locator("#choices").first):
            expect(button).to_be_in_viewport(ratio=1)
        more.press("Enter")
        expect(window.locator("#act-save")).to_be_hidden()
        for part in ("a.mark", ".tools button", ".links button", ".links a"):
            size = answer.locator(part).first.evaluate(
                "e => Math.min(e.getBoundingClientRect().height, e.getBoundingClientRect().width)"
            )
            assert size >= 24, part
        # The answer's own source first, then what others say.
        own = answer.locator(".sources").evaluate("e => e.getBoundingClientRect().top")
        assert own < answer.locator(".differs").evaluate("e => e.getBoundingClientRect().top")


def test_on_a_phone_the_choices_are_one_line_that_opens(fresh: Page, site: Site) -> None:
    fresh.set_viewport_size({"width": 360, "height": 640})
    fold = fresh.locator("#choices .fold")
    year = fresh.get_by_role("combobox", name=TEXT["year"])
    guide = fresh.get_by_role("combobox", name=TEXT["guide"], exact=True)
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    height = fresh.locator("#composer").evaluate("e => e.getBoundingClientRect().height")
    assert height < 170, "most of the window is left for the answer"
    newest = f"{TEXT['newest_guide']} · {TEXT['newest_year']}"
    expect(fold).to_have_text(TEXT["search_in"].format(choices=newest))
    expect(fresh.locator("#header h1")).to_have_text(TEXT["title_short"], use_inner_text=True)
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(year).to_be_hidden()
    fold.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fresh.keyboard.press("Tab")
    expect(guide).to_be_focused()
    year.select_option("2025")
    expect(fold).to_have_text(TEXT["search_in"].format(choices="2025"))
    year.press("Escape")
    expect(year).to_be_hidden()
    expect(fold).to_be_focused()
    expect(ask(fresh, QUESTION).locator(".source").first).to_be_visible()
    assert site.assistant.asked[-1][1] == Filters(year=2025)
    fold.click()
    guide.select_option(OLDER.id)
    expect(fold).to_have_text(TEXT["search_in"].format(choices=OLDER.edition.title))
    # What is asked has the window to itself again.
    more = fresh.locator("#act-more")
    more.click()
    expect(ask(fresh, QUESTION).locator(".source").first).to_be_visible()
    for opened in (fold, more):
        expect(opened).to_have_attribute("aria-expanded", "false")
    now = fresh.locator("#composer").evaluate("e => e.getBoundingClientRect().height")
    assert now < height + 24, "a long title takes a second line"
    fresh.reload()
    expect(fresh.locator("#chat .asked").first).to_be_visible()
    expect(fold).to_have_text(TEXT["search_in"].format(choices=OLDER.edition.title))
    # Where there is room the lists stand open.
    fresh.set_viewport_size({"width": 1280, "height": 800})
    expect(fold).to_be_hidden()
    expect(guide).to_have_value(OLDER.id)


def test_the_choices_are_not_looked_at_while_an_answer_streams(fresh: Page, site: Site) -> None:
    expect(fresh.locator("#choices .fold")).to_have_attribute("aria-expanded", "false")
    fresh.evaluate(
        """() => {
          const look = document.querySelector;
          window.looks = 0;
          document.querySelector = function (wanted) {
            if (wanted === "#choices .fold") window.looks += 1;
            return look.call(this, wanted);
          };
        }"""
    )
    expect(ask(fresh, QUESTION).locator(".source")).to_have_count(2)
    assert fresh.evaluate("window.looks") == 0
    fresh.locator("#choices select").first.select_option(OLDER.id, force=True)
    assert fresh.evaluate("window.looks") > 0


@pytest.mark.parametrize("language", languages())
def test_all_can_be_read_whole_in_every_language(
    chromium: Browser, site: Site, language: str
) -> None:
    text = load_messages(language)
    site.assistant.held.set()
    context = chromium.new_context(locale=language, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(site.address)
    for name in ("guide", "programme", "year", "guide_language"):
        choice = page.get_by_role("combobox", name=text[name], exact=True)
        assert choice.evaluate(FITS), name
    # As an admin sees it.
    page.evaluate(
        """names => document.querySelector("#header .talks").before(...names.map((name) => {
            const link = document.createElement("a");
            link.textContent = name;
            return link;
        }))""",
        [text["shelf.name"], text["evaluation.name"]],
    )
    title = page.locator("#header h1")
    lines = title.evaluate("e => e.clientHeight / parseFloat(getComputedStyle(e).lineHeight)")
    assert lines < 1.5
    page.set_viewport_size({"width": 360, "height": 640})
    assert box(page).evaluate(FITS), "the hint is not cut"
    fold = page.locator("#choices .fold")
    newest = f"{text['newest_guide']} · {text['newest_year']}"
    expect(fold).to_have_text(text["search_in"].format(choices=newest))
    assert fold.evaluate("e => e.scrollWidth <= e.clientWidth"), "nor what is chosen"
    assert fold.evaluate("e => e.clientHeight") < 56, "two lines at most"
    context.close()


def test_the_box_for_the_question_does_not_jump(window: Page, site: Site) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    tops = [box(window).evaluate("e => e.getBoundingClientRect().top")]
    site.assistant.held.clear()
    answer = ask(window, QUESTION)
    expect(answer.locator(".text")).to_be_visible()
    tops.append(box(window).evaluate("e => e.getBoundingClientRect().top"))
    site.assistant.held.set()
    expect(answer.locator(".source")).to_have_count(2)
    tops.append(box(window).evaluate("e => e.getBoundingClientRect().top"))
    assert tops == tops[:1] * 3


def test_in_the_colours_of_the_system_what_was_a_fill_is_a_line(window: Page) -> None:
    expect(ask(window, QUESTION).locator(".source")).to_have_count(2)
    window.emulate_media(forced_colors="active")
    try:
        for part in ("#chat .asked", "#chat .source", "#question .submit-button"):
            expect(window.locator(part).first).not_to_have_css("border-top-width", "0px")
            expect(window.locator(part).first).to_have_css("border-top-style", "solid")
        arrow = "e => getComputedStyle(e.parentElement, '::after').content"
        assert "▾" in window.locator("#choices select").first.evaluate(arrow)
        box(window).focus()
        expect(window.locator("#question .input-container")).to_have_css("outline-style", "solid")
    finally:
        window.emulate_media(forced_colors="none")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740), (320, 256)])
def test_the_quote_stays_in_view_while_its_page_is_enlarged(
    window: Page, width: int, height: int
) -> None:
    window.set_viewport_size({"width": width, "height": height})
    answer = ask(window, QUESTION)
    opener = answer.get_by_role("button", name=TEXT["show_page"]).nth(1)
    opener.click()
    mark = mark_of(opener)
    view = window.locator("#page-view")
    expect(view.get_by_role("button", name=TEXT["view.previous"])).to_be_disabled()
    expect(view.locator("img[src]")).to_be_visible()
    window.wait_for_function(f"mark => ({SEEN})(mark).seen", arg=mark)
    if width < 480:
        over = "e => e.getBoundingClientRect().top - e.parentElement.getBoundingClientRect().top"
        assert view.locator(".sheet").evaluate(over) < 90
        assert window.evaluate(SEEN, mark)["letters"] >= 11, "it can be read at once"
        assert window.evaluate(SCROLLS) == 1
    link = view.get_by_role("link", name=TEXT["open_pdf"])
    assert link.evaluate("e => e.getBoundingClientRect().height") >= 24
    for key in "+++++++-------":
        view.locator(".sheet").press(key)
        assert window.evaluate(SEEN, mark)["seen"], key
    # Where one has scrolled elsewhere, that stays.
    view.locator(".sheet").press("+")
    view.locator(".sheet").press("+")
    view.locator(".sheet").evaluate("e => e.scrollTo(e.scrollWidth, e.scrollHeight)")
    before = window.evaluate(SEEN, mark)["middle"]
    view.locator(".sheet").press("+")
    after = window.evaluate(SEEN, mark)["middle"]
    assert after == pytest.approx(before, abs=0.02)


def test_a_phone_that_is_turned_shows_the_quote_as_if_its_page_were_opened_now(
    window: Page,
) -> None:
    upright: ViewportSize = {"width": 390, "height": 844}
    turned: ViewportSize = {"width": 844, "height": 390}
    opener = ask(window, QUESTION).get_by_role("button", name=TEXT["show_page"]).nth(1)
    view = window.locator("#page-view")
    image = view.locator("img[src]")
    wide: dict[int, float] = {}
    mark = mark_of(opener)
    for size in (turned, upright):
        window.set_viewport_size(size)
        opener.click()
        expect(image).to_be_visible()
        window.wait_for_function(f"mark => ({SEEN})(mark).seen", arg=mark)
        wide[size["width"]] = image.evaluate("e => e.clientWidth")
        if size is turned:
            view.get_by_role("button", name=TEXT["view.close"]).click()
    shown = f"""([mark, width]) => ({SEEN})(mark).seen
        && Math.abs(document.querySelector("#page-view img").clientWidth / width - 1) < 0.02"""
    for size in (turned, upright):
        window.set_viewport_size(size)
        window.wait_for_function(shown, arg=[mark, wide[size["width"]]])
    # What was enlarged by hand keeps the size of its letters.
    view.locator(".sheet").press("+")
    view.locator(".sheet").press("+")
    by_hand = image.evaluate("e => e.clientWidth")
    for size in (turned, upright):
        window.set_viewport_size(size)
        window.wait_for_function(shown, arg=[mark, max(by_hand, wide[size["width"]])])


def test_a_page_stays_open_as_panel_or_sheet_whatever_the_width(window: Page) -> None:
    opener = ask(window, QUESTION).get_by_role("button", name=TEXT["show_page"]).first
    window.set_viewport_size({"width": 1000, "height": 800})
    opener.click()
    view = window.locator("#page-view")
    close = view.get_by_role("button", name=TEXT["view.close"])
    expect(view.locator("img[src]")).to_be_visible()
    for width, is_sheet in ((1300, False), (1000, True), (1300, False)):
        view.get_by_role("button", name=TEXT["view.larger"]).focus()
        window.set_viewport_size({"width": width, "height": 800})
        window.wait_for_function(
            """([width, isSheet]) => {
              const view = document.querySelector("#page-view");
              return view.open && view.matches(":modal") === isSheet
                && document.body.matches(".page-open") === !isSheet
                && (history.state?.over ?? 0) === Number(isSheet)
                && view.clientWidth < width === !isSheet;
            }""",
            arg=[width, is_sheet],
        )
        expect(view.get_by_role("button", name=TEXT["view.larger"])).to_be_focused()
    close.click()
    expect(view).to_be_hidden()
    expect(opener).to_be_focused()
    # As a sheet that was a panel it is closed by the way back, which leads no further.
    opener.click()
    expect(view).to_be_visible()
    window.set_viewport_size({"width": 1000, "height": 800})
    window.wait_for_function("() => document.querySelector('#page-view').matches(':modal')")
    window.wait_for_function("() => history.state?.over === 1")
    window.go_back()
    expect(view).to_be_hidden()
    expect(window.locator("#chat .asked")).to_have_text([QUESTION])
    expect(window.locator("body")).not_to_have_class(re.compile("page-open"))


def test_the_path_of_a_source_stands_over_its_own_page_alone(window: Page) -> None:
    opener = ask(window, QUESTION).get_by_role("button", name=TEXT["show_page"]).first

    def lengthen(route: Route) -> None:
        drawn = route.fetch(url=route.request.url.replace("/2.png", "/1.png"))
        route.fulfill(response=drawn, headers={**drawn.headers, "x-pages": "2"})

    window.route("**/pages/*.png*", lengthen)
    # No page that other tests have looked at.
    opener.evaluate("e => { e.value += '&long'; }")
    opener.click()
    view = window.locator("#page-view")
    path = view.locator(".path")
    expect(path).to_contain_text("Part B › Key Action 2")
    expect(path).to_be_visible()
    top = view.locator(".next").evaluate("e => e.getBoundingClientRect().top")
    view.get_by_role("button", name=TEXT["view.next"]).click()
    expect(view.get_by_text("Page 2 of 2")).to_be_visible()
    expect(path).to_be_hidden()
    assert view.locator(".next").evaluate("e => e.getBoundingClientRect().top") == top
    view.get_by_role("button", name=TEXT["view.previous"]).click()
    expect(path).to_be_visible()
    window.unroute("**/pages/*.png*")
