"""A real Chromium, and a page that fails its test on any fault or foreign request."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from assistant import ui_conversation
from assistant.ui import _Window
from assistant.ui_stop import StopSign
from assistant.ui_turn import Shown
from tests.browser.scenes import GUIDE, OLDER, answers
from tests.browser.windows import Site, box
from tests.web import Double, serving

expect.set_options(timeout=60_000)  # on a machine with other work

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium without a window; each start has a fresh profile."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        reason = f"no Chromium on the path ({', '.join(NAMES)}); see tests/install_chromium.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, headless=True, args=list(FLAGS)
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page did that it should not do."""

    faults: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: self._check(request.url))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"{message.text} ({message.location.get('url')})")

    def _check(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.foreign.append(url)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test on console errors and requests to other hosts."""
    watch = Watch()
    yield watch
    assert watch.faults == []
    assert watch.foreign == []


@pytest.fixture(scope="session")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """One profile for all tests, for its cache: nothing else is kept between windows."""
    # Without smooth scrolling nothing is waited for until it stands still.
    context = chromium.new_context(reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    """An empty page, 1280 by 800; pages that it opens are watched and closed too."""
    before = context.pages
    context.on("page", watch.follow)
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 800})
    yield page
    for opened in context.pages:
        if opened not in before:
            opened.close()
    context.remove_listener("page", watch.follow)


@pytest.fixture(scope="session")
def site(starter: Path) -> Iterator[Site]:
    """The window around a small assistant with an answer of every kind."""
    pdf = starter / "cooperation-partnerships-2021-2027_en.pdf"
    library = (GUIDE, OLDER)
    double = Double(documents=library, answers=answers(), pdfs={d.id: pdf for d in library})
    stopped = Event()
    on_stop = _Window._on_stop

    @functools.wraps(on_stop)
    def heard(self: _Window, stop: StopSign) -> None:
        on_stop(self, stop)
        stopped.set()

    turn = _Window._turn
    over = Event()
    over.set()

    @functools.wraps(turn)
    def not_over(self: _Window, *asked: Any) -> Iterator[Shown]:
        # The one before may still be at its end when `over` is cleared for the next.
        stays = not over.is_set()
        yield from turn(self, *asked)
        if stays:
            over.wait(timeout=60)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_Window, "_on_stop", heard)
        patched.setattr(_Window, "_turn", not_over)
        # However quick the machine is, Stop is seen between the pieces of a text.
        patched.setattr(ui_conversation, "PIECES_S", 0.0)
        with serving(double) as address:
            yield Site(address, double, stopped, over)
            double.held.set()


@pytest.fixture(scope="session")
def opened(context: BrowserContext, site: Site) -> Iterator[tuple[Page, Watch]]:
    """One window for all tests that leave it as it was."""
    watch = Watch()
    context.on("page", watch.follow)
    page = context.new_page()
    context.remove_listener("page", watch.follow)
    page.goto(site.address)
    yield page, watch
    page.close()


@pytest.fixture
def window(opened: tuple[Page, Watch], site: Site) -> Iterator[Page]:
    """The window without a conversation, ready for a question; it may do nothing wrong."""
    page, watch = opened
    page.bring_to_front()  # a page behind another one draws, and so answers clicks, once a second
    site.assistant.held.set()
    site.over.set()
    page.set_viewport_size({"width": 1280, "height": 800})
    while page.locator("dialog[open]").count():
        page.locator("dialog[open] .close").first.click()
    if page.locator("#chat .asked").count():
        page.locator("#act-new").click()
    expect(page.locator("#chat .empty")).to_contain_text("2 guides")
    box(page).fill("")
    site.assistant.asked.clear()
    yield page
    assert watch.faults == []
    assert watch.foreign == []


@pytest.fixture
def fresh(page: Page, site: Site) -> Page:
    """A window of its own, for what the others must not see."""
    site.assistant.held.set()
    site.assistant.asked.clear()
    page.goto(site.address)
    expect(page.locator("#chat .empty")).to_contain_text("2 guides")
    return page
