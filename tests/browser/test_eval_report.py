from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from eval.runner import run
from tests.eval_doubles import QUESTIONS, Speaker, ignore
from tests.test_eval_report_html import page as report_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    results = run(QUESTIONS, Speaker(), folder / "run", identity={}, asked=ignore)
    path = folder / "report.html"
    path.write_text(report_page(results), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def report(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def test_filters_choose_questions(report: Page) -> None:
    shown = report.locator("#shown")
    expect(shown).to_have_text("6 of 6 questions")
    report.get_by_label("Outcome").select_option("wrong")
    expect(shown).to_have_text("2 of 6 questions")
    expect(report.locator("#Q2")).to_be_visible()
    expect(report.locator("#Q1")).to_be_hidden()
    report.get_by_label("Words").fill("nothing like it")
    expect(report.get_by_text("No question fits.")).to_be_visible()


def test_an_address_opens_its_question(report: Page) -> None:
    report.goto(f"{report.url}#Q2")
    expect(report.locator("#Q2 .answer")).to_be_visible()
    expect(report.locator("#Q1 .answer")).to_be_hidden()


def test_paper_shows_what_went_wrong(report: Page) -> None:
    report.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(report.locator("#Q5 .answer")).to_be_visible()
    expect(report.locator("#Q1 .answer")).to_be_hidden()
    report.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(report.locator("#Q5 .answer")).to_be_hidden()


def test_nothing_is_wider_than_a_phone(report: Page) -> None:
    report.set_viewport_size({"width": 360, "height": 700})
    assert report.evaluate("document.documentElement.scrollWidth") <= 360
