"""For everyone: languages, both directions of writing, axe-core, and a proxy with a prefix."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.ui_text import load_messages
from corpus.errors import LongQuestionError
from corpus.settings import ServerSettings, Settings
from tests.browser.axe import in_both_schemes
from tests.browser.conftest import Watch
from tests.browser.scenes import (
    COMPARE,
    CONDITIONS,
    DEADLINE,
    DIFFERS,
    GUIDE,
    QUESTION,
    REFUSAL,
    answers,
)
from tests.browser.windows import TEXT, Site, ask, box
from tests.web import Double, serving

pytestmark = pytest.mark.browser
PREFIX = "/tools/guide"


def test_the_window_speaks_the_language_of_the_browser(
    chromium: Browser, site: Any, watch: Watch
) -> None:
    text = load_messages("el")
    context = chromium.new_context(locale="el-GR")
    page = context.new_page()
    watch.follow(page)
    page.goto(site.address)
    expect(page.locator("html")).to_have_attribute("lang", "el")
    expect(page).to_have_title(text["title"])
    expect(page.locator("#chat .empty .lead")).to_have_text(text["tagline"])
    expect(page.get_by_role("textbox", name=text["ask_label"])).to_be_visible()
    answer = ask(page, DEADLINE)
    # An answer has one language, that of the question, or the window's where it cannot be told.
    expect(answer.locator(".status")).to_have_text(TEXT["status.answered"])
    expect(answer.locator(".when").first).to_contain_text(TEXT["deadlines.brussels"])
    expect(answer.get_by_role("button", name=text["tools.copy"])).to_be_visible()
    assert site.assistant.languages[-1] == "el"
    expect(page.get_by_role("log", name=text["conversation"], exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=text["new"])).to_be_visible()
    answer.locator("button.show").first.click()
    expect(page.get_by_role("button", name=text["view.next"])).to_be_visible()
    context.close()


def test_a_question_that_cannot_be_asked_is_refused_in_the_language_of_the_browser(
    chromium: Browser, site: Any, watch: Watch
) -> None:
    context = chromium.new_context(locale="pl-PL")
    page = context.new_page()
    watch.follow(page)
    page.goto(site.address)
    # Gradio sets the language of the page, too, before the server has chosen one.
    expect(page.get_by_role("textbox", name=load_messages("pl")["ask_label"])).to_be_visible()
    site.assistant.error = LongQuestionError(12_345, 4000)
    try:
        box(page).fill("Kto?")
        box(page).press("Enter")
        notice = page.get_by_role("alert")
        expect(notice).to_contain_text("Liczba znaków w pytaniu: 12\u00a0345; dozwolona: 4000.")
    finally:
        site.assistant.error = None
        context.close()


@pytest.fixture
def from_the_right(window: Page) -> Iterator[Page]:
    window.evaluate("document.documentElement.dir = 'rtl'")
    yield window
    window.evaluate("document.documentElement.removeAttribute('dir')")


def test_writing_from_the_right_does_not_break_the_window(from_the_right: Page) -> None:
    window = from_the_right
    for question in (QUESTION, CONDITIONS, COMPARE):
        expect(ask(window, question).locator(".tools")).to_be_visible()
    for width in (360, 1280):
        window.set_viewport_size({"width": width, "height": 740})
        for selector in ("html", "#chat [role=log]"):
            wide = window.locator(selector).evaluate("e => e.scrollWidth - e.clientWidth")
            assert wide <= 0, (width, selector)
    mark = window.locator("#chat a.mark").last
    mark.click()
    view = window.locator("#page-view")
    expect(view.locator("img[src]")).to_be_visible()
    # The panel opens where lines end: on the left.
    assert view.evaluate("e => e.getBoundingClientRect().left") == 0


def test_axe_finds_nothing_serious(window: Page) -> None:
    in_both_schemes(window)
    for question in (QUESTION, CONDITIONS, DEADLINE, COMPARE, DIFFERS, REFUSAL):
        expect(ask(window, question).locator(".tools")).to_be_visible()
    answer = window.locator("#chat .answer").first
    answer.get_by_role("button", name=TEXT["tools.down"]).click()
    expect(answer.get_by_role("status")).to_have_text(TEXT["feedback.noted"])
    answer.locator("button.show").first.click()
    expect(window.locator("#page-view img[src]")).to_be_visible()
    in_both_schemes(window)
    window.locator("#page-view .close").click()
    window.locator("#header .talks").click()
    expect(window.locator("#talks li").first).to_be_visible()
    in_both_schemes(window)


SPOKEN = """() => {
    const said = [];
    const live = "[aria-live]:not([aria-live=off]), [role=status], [role=alert]";
    new MutationObserver((changes) => changes.forEach(({ target, addedNodes }) => {
        const place = (target.closest ? target : target.parentElement)?.closest(live);
        if (place && addedNodes.length) said.push(place.innerText.trim());
    })).observe(document.body, { subtree: true, childList: true, characterData: true });
    return said;
}"""
"""What a screen reader would say by itself, in its order."""


def test_a_screen_reader_says_each_stage_and_the_answer_once(window: Page) -> None:
    expect(window.get_by_role("log")).to_have_attribute("aria-live", "off")
    said = window.evaluate_handle(SPOKEN)
    answer = ask(window, QUESTION)
    expect(answer.locator(".source")).to_have_count(2)
    whole = f"{TEXT['status.answered']}. A lump sum of EUR 30 000.\nOr one of EUR 60 000."
    expect(window.locator("#spoken")).to_have_text(whole)
    sentences = [sentence for sentence in said.evaluate("said => said") if sentence]
    assert sum("EUR 30 000" in sentence for sentence in sentences) == 1
    assert TEXT["stages.answer"] in sentences
    assert len(sentences) == len(set(sentences))
    expect(window.get_by_role("group", name=TEXT["asked"])).to_have_text(QUESTION)
    answer.get_by_role("button", name=TEXT["tools.link"]).click()
    expect(window.locator("#spoken")).to_have_text(TEXT["copied"])


class _Proxied(NamedTuple):
    address: str
    refused: list[str]


@contextmanager
def proxied(address: str) -> Iterator[_Proxied]:
    """A proxy that serves a site below a prefix, takes the prefix off, and streams."""
    target = urlsplit(address)
    refused: list[str] = []
    streams: set[http.client.HTTPConnection] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def _pass_on(self) -> None:
            if not self.path.startswith(PREFIX):
                refused.append(self.path)
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            there = http.client.HTTPConnection(str(target.hostname), target.port, timeout=30)
            streams.add(there)
            path = self.path.removeprefix(PREFIX) or "/"
            there.request(self.command, path, body, dict(self.headers))
            answer = there.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.end_headers()
            with suppress(OSError, http.client.HTTPException, AttributeError, ValueError):
                while part := answer.read1(65536):
                    self.wfile.write(part)
                    self.wfile.flush()
            there.close()
            streams.discard(there)

        do_GET = do_POST = do_HEAD = _pass_on  # noqa: N815 - the names that http.server asks for

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield _Proxied(f"http://127.0.0.1:{server.server_port}{PREFIX}/", refused)
        server.shutdown()
        for stream in list(streams):
            if stream.sock:
                stream.sock.shutdown(SHUT_RDWR)


def test_the_window_works_behind_a_prefix(page: Page, starter: Path, tmp_path: Path) -> None:
    double = Double(
        documents=(GUIDE,), answers=answers(), pdfs={GUIDE.id: next(starter.glob("*.pdf"))}
    )
    settings = Settings(home=tmp_path, server=ServerSettings(root_path=PREFIX))
    with serving(double, settings) as address, proxied(address) as proxy:
        page.goto(proxy.address)
        expect(page.locator("#chat .empty")).to_contain_text("one guide")
        answer = ask(page, QUESTION)
        expect(answer.locator(".source")).to_have_count(2)
        answer.locator("a.mark").first.click()
        expect(page.locator("#page-view img[src]")).to_be_visible()
        with page.expect_response("**/api/v1/feedback") as said:
            answer.get_by_role("button", name=TEXT["tools.up"], exact=True).click()
        assert said.value.status == 204
        pdf = answer.get_by_role("link", name=TEXT["open_pdf"]).first.evaluate("e => e.href")
        assert page.request.get(pdf).headers["content-type"] == "application/pdf"
        record = answer.locator("button.copy").evaluate("e => JSON.parse(e.value)")
        page.goto(f"{proxy.address}answers/{record['id']}")
        page.locator("a.mark").first.click()
        expect(page.locator("#page-view img[src]")).to_be_visible()
        page.get_by_role("link", name=TEXT["title"]).click()
        expect(page.locator("#chat .asked")).to_have_text(QUESTION)  # what the tab held comes back
        page.goto("about:blank")
    assert proxy.refused == []


def test_who_leaves_while_an_answer_is_made_hears_of_no_fault(page: Page, site: Site) -> None:
    page.goto(site.address)
    site.assistant.held.clear()
    box(page).fill(QUESTION)
    box(page).press("Enter")
    expect(page.locator("#chat .answer.unfinished .text")).to_be_visible()
    page.reload()
    expect(page.locator("#tab-note")).to_contain_text(QUESTION)
    page.locator("#tab-note .offered").click()
    expect(page.locator("#chat .answer.unfinished .text")).to_be_visible()
    page.goto("about:blank")
    site.assistant.held.set()
