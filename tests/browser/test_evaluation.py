"""The page on which an admin runs a question set."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.serve import build_app, open_desks
from assistant.ui_text import load_messages
from corpus.settings import Settings
from eval.question_files import write_questions
from eval.window_page import EvaluationPage
from eval.window_runs import WindowRuns
from tests.browser.axe import in_both_schemes
from tests.browser.conftest import Watch
from tests.eval_doubles import QUESTIONS
from tests.test_eval_window import Held
from tests.web import Double, document, running

pytestmark = pytest.mark.browser
TEXT = load_messages()


@pytest.fixture
def speaker(page: Page, tmp_path: Path) -> Iterator[Held]:
    double, speaker, settings = Double(documents=(document(),)), Held(), Settings(home=tmp_path)
    with contextlib.ExitStack() as stack:
        runs = stack.enter_context(contextlib.closing(WindowRuns(speaker, double, settings)))
        stack.callback(speaker.free.release, 1000)
        desks = stack.enter_context(open_desks(double, settings))
        app = build_app(double, desks, settings, pages=[EvaluationPage(runs)])
        address = stack.enter_context(running(app))
        page.goto(address)
        link = page.get_by_role("link", name=TEXT["evaluation.name"])
        page.goto(link.evaluate("e => e.href"))
        yield speaker
        page.goto("about:blank")


def test_the_page_begins_when_the_server_is_back(page: Page, speaker: Held, watch: Watch) -> None:
    page.route("**/evaluation/state", lambda route: route.abort())
    page.reload()
    expect(page.locator(".note")).to_have_text(TEXT["lost.page"])
    page.unroute("**/evaluation/state")
    expect(page.get_by_text(TEXT["evaluation.none"])).to_be_visible()
    expect(page.locator(".note")).to_be_empty()
    assert all("Failed to load resource" in fault for fault in watch.faults)
    watch.faults.clear()


def test_an_admin_runs_a_set_stops_it_goes_on_and_reads_the_report(
    page: Page, speaker: Held, tmp_path: Path
) -> None:
    expect(page.get_by_text(TEXT["evaluation.none"])).to_be_visible()
    write_questions(tmp_path / "set.csv", QUESTIONS)
    page.locator("input[type=file]").set_input_files(tmp_path / "set.csv")
    now = page.locator(".now")
    speaker.free.release(3)
    asked = TEXT["evaluation.asked"]
    expect(now).to_contain_text(asked.format(done=3, total=6))
    expect(now).to_contain_text(TEXT["evaluation.faults"].format(count=1))
    expect(now).to_contain_text(TEXT["evaluation.soon"])
    assert now.locator("progress").evaluate("bar => bar.value / bar.max") == 0.5
    expect(page.locator(".sets")).to_be_hidden()  # one run at a time
    in_both_schemes(page)
    page.get_by_role("button", name=TEXT["evaluation.stop"], exact=True).click()
    expect(now).to_contain_text(TEXT["evaluation.stopping"].format(name="set"))
    speaker.free.release(2)
    expect(now).to_contain_text(TEXT["evaluation.stopped"].format(name="set"))

    run = page.locator(".document")
    expect(run).to_contain_text(TEXT["evaluation.unfinished"].format(done=4, total=6))
    run.get_by_role("button", name=TEXT["evaluation.go_on"]).click()
    speaker.free.release(2)
    expect(now).to_contain_text(TEXT["evaluation.done"].format(name="set"))
    expect(run).to_have_count(1)
    expect(run).to_contain_text(TEXT["evaluation.questions"].format(count=6))
    right = run.locator("dl > div").filter(has_text=TEXT["evaluation.right"])
    expect(right.locator("dd")).to_have_text("50% n = 6")
    in_both_schemes(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_popup() as opened:
        run.get_by_role("link", name=TEXT["evaluation.report"]).click()
    report = opened.value
    # Its own script runs under the policy it is served with.
    expect(report.locator("#shown")).to_have_text("6 of 6 questions")
