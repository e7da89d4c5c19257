from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eval.runner import run
from tests.eval_doubles import QUESTIONS, Speaker, ignore
from tests.test_eval_report_html import compared_page

pytestmark = pytest.mark.browser


def test_a_comparison_in_a_browser(page: Page, tmp_path: Path) -> None:
    results = run(QUESTIONS, Speaker(), tmp_path / "run", identity={}, asked=ignore)
    worse = replace(results[5], text="Travel is paid by distance class. [1]", citations=())
    path = tmp_path / "compare.html"
    path.write_text(compared_page(results, (*results[:5], worse)), encoding="utf-8")
    page.goto(path.as_uri())
    expect(page.locator("#shown")).to_have_text("1 of 1 questions")
    expect(page.locator("#Q6 ins")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#Q6 ins")).to_have_text("class.")
    assert Axe().run(page).violations_count == 0
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    path.write_text(compared_page(results, results), encoding="utf-8")
    page.reload()
    expect(page.get_by_text("No question came out differently.")).to_be_visible()
