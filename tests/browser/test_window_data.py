"""What an answer holds as data, in the window; questions that are asked by a press."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from assistant.ui_text import load_messages
from tests.browser.scenes import (
    CLARIFY,
    COMPARE,
    CONDITIONS,
    DEADLINE,
    DIFFERS,
    FOLLOW_UPS,
    OLDER,
    QUESTION,
    REFUSAL,
    SUM,
)
from tests.browser.windows import TEXT, Site, ask, box

pytestmark = pytest.mark.browser


def test_conditions_and_sums_are_tables_and_workings(window: Page) -> None:
    answer = ask(window, CONDITIONS)
    verdicts = answer.locator(".verdict")
    expect(verdicts).to_have_text(
        [TEXT[f"conditions.{name}"] for name in ("not_met", "unknown", "met")]
    )
    expect(answer.locator(".note.warning")).to_contain_text("Two pages")
    answer.locator(".conditions a.mark").first.click()
    expect(answer.locator(".source").first).to_be_focused()
    window.keyboard.press("Escape")
    answer = ask(window, SUM)
    expect(answer.locator(".working")).to_have_text(
        re.compile(r"55\sEUR a day × 4 participants × 10 days = 2\s200\sEUR")
    )


def test_a_copy_holds_all_that_the_answer_shows(window: Page) -> None:
    def copied(question: str) -> str:
        answer = ask(window, question)
        answer.get_by_role("button", name=TEXT["tools.copy"]).click()
        expect(answer.locator("button.copied")).to_be_visible()
        return str(window.evaluate("navigator.clipboard.readText()"))

    text = copied(CONDITIONS)
    rows = (
        f"{TEXT['conditions.title']}\n- Not met: Legally established for at least two years on "
        "the date of the deadline [1] (You said: founded last year)\n- Not judged: Established in "
        "an EU Member State or associated country [1]\n"
        "- Met: Any public or private organisation [1] "
    )
    assert rows in text
    assert text.startswith(f"{CONDITIONS}\n\n{TEXT['status.partly']}\n\nAny public")
    text = copied(DEADLINE)
    assert (
        f"{TEXT['deadlines.titles']}\n- 5 March 2026, 12:00 Brussels time (passed): Applications"
        in text
    )
    assert "\n- 1 October 2026, 12:00 Brussels time: Applications in the field of youth" in text
    text = copied(SUM)
    assert "\n- 55 EUR a day x 4 participants x 10 days = 2 200 EUR\n- 55 EUR a day [1]\n" in text
    assert "\n- 4 participants (from your question)\n" in text
    text = copied(REFUSAL)
    assert f"\n\n{TEXT['nearest']}\n- Erasmus+ Programme Guide 2026, p. 1 › Part B" in text
    assert f"\n- {DEADLINE}\n" in copied(CLARIFY)


def test_a_copy_is_in_the_language_of_its_answer_and_its_paths_are_calm(window: Page) -> None:
    record = {
        "question": "Wann?", "status": "answered", "text": "Am 5. März. [1]", "language": "de",
        "notes": [], "citations": [{
            "number": 1, "title": "Leitfaden", "page": 3, "label": "5", "url": "/x",
            "quote": "5 March", "headings": ["PART B", "RULES"], "path": "Part B › Rules",
        }],
        "deadlines": [
            {"moment": "2026-03-05T12:00:00+01:00", "what": "SPORT", "shown": "Sport",
             "citation": 1},
            {"moment": "2026-10-01T12:00:00+00:00", "what": "", "citation": 1},
            {"moment": "2026-10-02", "what": "", "citation": 1, "days": -1},
        ],
    }  # fmt: skip
    text = window.evaluate("(record) => guide.plain(record)", record)
    german = load_messages("de")
    assert f"\n\n{german['status.answered']}\n\n" in text
    assert f"- 5. März 2026, 12:00 {german['deadlines.brussels']}: Sport [1]\n" in text
    assert "- 1. Oktober 2026, 12:00 UTC+00:00 [1]\n- 2. Oktober 2026 (abgelaufen) [1]\n" in text
    assert "[1] Leitfaden, S. 5 (Seite 3 der PDF-Datei)\nPart B › Rules\n“5 March”" in text


EDGES = """() => Object.fromEntries(
    [".asked", ".text", ".conditions", ".note.warning", ".sources .source", ".feedback", ".differs"]
    .map((part) => [part, [...document.querySelectorAll(`#chat ${part}`)].pop()])
    .filter(([, e]) => e)
    .map(([part, e]) => [part, Math.round(e.getBoundingClientRect().right)]))"""


def test_words_end_at_one_edge_and_all_boxes_and_tables_at_another(window: Page) -> None:
    question = f"{CONDITIONS} {QUESTION}"
    expect(ask(window, question).locator(".status.abstains")).to_be_visible()
    asked = window.locator("#chat .asked")
    lines = """e => { const lines = document.createRange(); lines.selectNodeContents(e);
        const style = getComputedStyle(e);
        return lines.getBoundingClientRect().right + parseFloat(style.paddingRight)
            - e.getBoundingClientRect().right; }"""
    assert abs(asked.evaluate(lines)) < 2, "a bubble is as wide as its longest line"
    answer = ask(window, CONDITIONS)
    answer.get_by_role("button", name=TEXT["tools.down"]).click()
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.noted"])
    expect(ask(window, DIFFERS).locator(".differs")).to_be_visible()
    edges = window.evaluate(EDGES)
    words, column = edges.pop(".text"), edges[".sources .source"]
    assert words < column
    assert set(edges.values()) == {column}
    # And all statements are as large as the first.
    sizes = "all => new Set(all.map((e) => getComputedStyle(e).fontSize)).size"
    answer = ask(window, QUESTION)
    expect(answer.locator(".tools")).to_be_visible()
    expect(answer.locator(".text p")).to_have_count(2)
    assert answer.locator(".text p").evaluate_all(sizes) == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_markers_say_their_source_and_are_large_enough(window: Page, width: int) -> None:
    window.set_viewport_size({"width": width, "height": 640})
    for question in (QUESTION, CONDITIONS, SUM, DEADLINE):
        answer = ask(window, question)
        expect(answer.locator(".tools")).to_be_visible()
        sizes = answer.locator("a.mark").evaluate_all(
            """all => all.map((e) => e.getBoundingClientRect())
                .map(({ width, height }) => Math.min(width, height))"""
        )
        assert min(sizes) >= 24, (question, sizes)
    name = "Source 1: Erasmus+ Programme Guide 2026, p. 1"
    expect(answer.get_by_role("link", name=name).first).to_have_text("[1]")


def test_deadlines_ahead_show_the_hour_of_the_asker_too(window: Page) -> None:
    answer = ask(window, DEADLINE)
    expect(answer.locator(".days")).to_have_text(["passed 3 days ago", "in 12 days"])
    expect(answer.locator(".passed .local")).to_have_text("")
    zone = window.evaluate("new Date('2026-10-01T12:00:00+02:00').getTimezoneOffset()")
    local = answer.locator(".ahead .local")
    if zone == -120:
        expect(local).to_have_text("")
    else:
        expect(local).to_contain_text("where you are")
    # What the answer says already is quoted once more where it is wanted.
    quote = answer.locator("blockquote")
    expect(quote).to_be_hidden()
    window.set_viewport_size({"width": 390, "height": 800})
    for when in answer.locator(".when").all():
        date, days = (when.locator(part).bounding_box() for part in ("time", ".days"))
        assert date
        assert days
        assert days["y"] < date["y"] + date["height"] or days["x"] == date["x"], "below its date"
    folded = answer.locator(".quoted summary")
    assert folded.evaluate("e => e.getBoundingClientRect().height") < 30, "one line"
    assert window.locator("#chat [role=log]").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    window.set_viewport_size({"width": 1280, "height": 800})
    answer.locator(".quoted summary").press("Enter")
    expect(quote).to_be_visible()
    answer.locator(".quoted summary").press("Enter")
    expect(quote).to_be_hidden()
    answer.locator("a.mark").first.press("Enter")
    expect(quote).to_be_visible()
    window.keyboard.press("Escape")


def test_editions_stand_side_by_side_and_on_a_phone_one_below_the_other(window: Page) -> None:
    sides = ask(window, COMPARE).locator(".side")
    expect(sides).to_have_count(2)
    tops = sides.evaluate_all("all => all.map((e) => e.getBoundingClientRect().top)")
    assert tops[0] == tops[1]
    window.set_viewport_size({"width": 360, "height": 740})
    tops = sides.evaluate_all("all => all.map((e) => e.getBoundingClientRect().top)")
    assert tops[0] < tops[1]


def test_what_another_edition_says_stands_apart_and_opens_its_page(window: Page) -> None:
    answer = ask(window, DIFFERS)
    expect(answer.locator(".sources .source")).to_have_count(1)
    other = answer.locator(".differs .source")
    expect(other.locator(".number")).to_have_text("A")
    expect(other).to_contain_text("Erasmus+ Programme Guide 2025, p. 1")
    other.get_by_role("button", name=TEXT["show_page"]).click()
    view = window.get_by_role("dialog", name=OLDER.edition.title)
    expect(view.locator("img[src]")).to_be_visible()
    expect(view.locator("a")).to_have_attribute("href", f"documents/{OLDER.id}.pdf#page=1")


LONG_ROWS = """() => document.querySelectorAll("#chat blockquote tr").forEach((row) => {
    row.replaceChildren(...["Category", "participants", "organisations", "Luxembourg", "mobility"]
        .map((word) => {
            const cell = document.createElement("td");
            cell.textContent = word;
            return cell;
        }));
})"""
IN_ITS_BOX = """() => {
    const rows = document.querySelector("#chat .rows");
    const inside = rows.getBoundingClientRect().right
        <= rows.closest(".source").getBoundingClientRect().right;
    const broken = [...rows.querySelectorAll("td")].filter((cell) => {
        const words = document.createRange();
        words.selectNodeContents(cell);
        return words.getClientRects().length > 1;
    });
    return [inside, rows.scrollWidth > rows.clientWidth, broken.length,
        document.documentElement.scrollWidth <= innerWidth];
}"""


def test_a_wide_table_scrolls_in_its_box_and_no_word_of_it_is_broken(
    window: Page, page: Page
) -> None:
    window.bring_to_front()
    answer = ask(window, SUM)
    answer.get_by_role("button", name=TEXT["tools.link"]).click()
    expect(answer.locator("button.copied")).to_be_visible()
    kept = window.evaluate("navigator.clipboard.readText()")
    for shown in (window, page):
        shown.bring_to_front()
        if shown is page:
            page.goto(kept)
        shown.set_viewport_size({"width": 360, "height": 740})
        expect(shown.locator("#chat .source table")).to_be_visible()
        shown.evaluate(LONG_ROWS)
        assert shown.evaluate(IN_ITS_BOX) == [True, True, 0, True]


def test_choices_and_what_to_ask_next_are_asked_by_a_press(window: Page, site: Site) -> None:
    answer = ask(window, CLARIFY)
    expect(answer.locator(".choices button")).to_have_count(2)
    answer.get_by_role("button", name=DEADLINE).click()
    expect(window.locator("#chat .asked").last).to_have_text(DEADLINE)
    expect(window.locator("#chat .answer.done")).to_have_count(2)
    answer = ask(window, QUESTION)
    answer.locator(".suggestions").get_by_role("button", name=FOLLOW_UPS[0]).press("Enter")
    expect(window.locator("#chat .asked").last).to_have_text(FOLLOW_UPS[0])
    expect(window.locator("#chat .answer.done")).to_have_count(4)
    # Also while the server is not done yet with the one before.
    site.over.clear()
    expect(ask(window, CLARIFY).locator(".choices button")).to_have_count(2)
    window.locator("#chat .choices").last.get_by_role("button", name=DEADLINE).click()
    expect(box(window)).to_have_value("")
    site.over.set()
    expect(window.locator("#chat .asked").last).to_have_text(DEADLINE)
    expect(window.locator("#chat .answer.done")).to_have_count(6)
    assert [asked[0] for asked in site.assistant.asked] == [
        CLARIFY, DEADLINE, QUESTION, FOLLOW_UPS[0], CLARIFY, DEADLINE
    ]  # fmt: skip


def test_a_refusal_names_who_can_say_and_near_places_that_open(window: Page) -> None:
    answer = ask(window, REFUSAL)
    expect(answer.locator(".contact a")).to_have_attribute("rel", "noopener noreferrer")
    expect(answer.locator(".place")).to_have_count(2)
    answer.locator(".place button.show").last.click()
    expect(window.locator("#page-view img[src]")).to_be_visible()
