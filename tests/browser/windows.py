"""What the tests of the chat window share: its site, and what a person does there."""

from __future__ import annotations

from typing import NamedTuple

from playwright.sync_api import Locator, Page

from assistant.ui_text import load_messages
from tests.web import Double

TEXT = load_messages()


class Site(NamedTuple):
    """A served window, and the assistant behind it."""

    address: str
    assistant: Double


def box(page: Page) -> Locator:
    """Where a question is typed."""
    return page.locator("#question textarea")


def ask(page: Page, question: str) -> Locator:
    """Types a question and sends it; gives its answer."""
    before = page.locator("#chat .answer").count()
    box(page).fill(question)
    box(page).press("Enter")
    return page.locator("#chat .answer").nth(before)


def choose(page: Page, label: str, option: str) -> None:
    """Picks an option of one of the choices."""
    page.get_by_role("combobox", name=TEXT[label], exact=True).select_option(label=option)
