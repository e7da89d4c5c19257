"""What the tests of the chat window share: its site, and what a person does there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import NamedTuple

from playwright.sync_api import Browser, Locator, Page, Route, expect

from assistant.ui_text import load_messages
from tests.browser.cable import Cable, cable_to
from tests.web import Double

TEXT = load_messages()
JOIN = "**/gradio_api/queue/join*"
"""Where the window sends what is asked and pressed."""
TALKS = """() => Object.keys(localStorage).filter((key) => key.startsWith("guide-talk:"))
    .map((key) => JSON.parse(localStorage[key]).records.map((record) => record.question))"""
"""The questions of each conversation that is kept."""


class Site(NamedTuple):
    """A served window, the assistant behind it, what the server has heard and done.

    Attributes:
        stopped: a press on Stop was heard.
        over: unset, a question asked from then on is still worked on when its answer is whole.
    """

    address: str
    assistant: Double
    stopped: Event
    over: Event


def box(page: Page) -> Locator:
    """Where a question is typed."""
    return page.locator("#question textarea")


def ask(page: Page, question: str) -> Locator:
    """Types a question and sends it; gives its answer."""
    before = page.locator("#chat .answer").count()
    box(page).fill(question)
    box(page).press("Enter")
    return page.locator("#chat .answer").nth(before)


def stop(page: Page, site: Site) -> None:
    """Presses Stop, and waits until the server knows: the window says so before."""
    site.stopped.clear()
    button = page.get_by_role("button", name=TEXT["stop"], exact=True)
    expect(button).to_be_visible()
    button.press("Enter")
    expect(page.get_by_role("button", name=TEXT["stopping"])).to_be_visible()
    assert site.stopped.wait(timeout=60)


def choose(page: Page, label: str, option: str) -> None:
    """Picks an option of one of the choices."""
    page.get_by_role("combobox", name=TEXT[label], exact=True).select_option(label=option)


@contextmanager
def on_a_cable(chromium: Browser, site: Site) -> Iterator[tuple[Page, Cable]]:
    """A window with a profile of its own, whose server can be lost: that is no fault of its."""
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    with cable_to(site.address) as cable:
        page.goto(cable.address)
        yield page, cable
    context.close()


@contextmanager
def slow(page: Page, word: str) -> Iterator[None]:
    """Holds what the window sends that has a word."""
    held: list[Route] = []
    over = False

    def hold(route: Route) -> None:
        if over or word not in (route.request.post_data or ""):
            route.continue_()
        else:
            held.append(route)

    page.route(JOIN, hold)
    yield
    over = True
    for route in held:
        route.continue_()
    page.unroute(JOIN)
