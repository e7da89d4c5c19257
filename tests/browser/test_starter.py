"""The whole road: a starter guide is taken in, `python app.py` serves it, a browser asks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant.ui_text import load_messages
from corpus.settings import Settings
from ingest.pipeline import ingest

pytestmark = pytest.mark.browser
PROJECT = Path(__file__).resolve().parents[2]
GUIDE = "starting-a-partnership-project_en.pdf"
TEXT = load_messages()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, model_home: Path, starter: Path) -> Path:
    """A data folder with one starter guide and the models that other tests converted too."""
    home = tmp_path_factory.mktemp("home")
    (model_home / "models").mkdir(exist_ok=True)
    (home / "models").symlink_to(model_home / "models")
    report = ingest([starter / GUIDE], settings=Settings(home=home), jobs=1)
    assert [file.status for file in report.files] == ["indexed"]
    return home


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    """The real server in a process of its own, on a free port; it must end well on SIGTERM."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    process = subprocess.Popen(
        [sys.executable, str(PROJECT / "app.py"), "--port", "0"],
        env={**environment, "GUIDE_HOME": str(home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if line.startswith("Chat window: "):
                yield line.split()[2]
                break
        else:
            pytest.fail("".join(said))
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=30)[1]
    assert process.returncode == 0, rest
    assert "Traceback" not in rest


def test_a_question_is_answered_from_the_guide_with_its_page(
    page: Page, context: BrowserContext, address: str
) -> None:
    page.goto(address)
    expect(page.locator("#chat .empty")).to_contain_text("holds one guide")
    example = page.locator("#chat .empty button.ask").first
    question = example.locator(".question").inner_text()
    seen = page.evaluate_handle(
        """() => {
            const seen = [];
            new MutationObserver(() => {
                const answer = document.querySelector("#chat .answer");
                if (answer) seen.push(answer.innerText.length);
            }).observe(document.body, { subtree: true, childList: true, characterData: true });
            return seen;
        }"""
    )
    example.click()
    answer = page.locator("#chat .answer.done")
    expect(answer).to_be_visible(timeout=60_000)
    expect(page.locator("#chat .asked")).to_have_text(question)
    expect(answer.locator(".status")).to_have_text(TEXT["status.answered"])
    assert len(set(seen.evaluate("seen => seen"))) >= 2, "the answer must come in steps"

    source = answer.locator(".source").first
    expect(source).to_contain_text("Starting a partnership project")
    with page.expect_response("**/pages/*.png?quote=*") as shown:
        answer.locator("a.mark").first.click()
    assert shown.value.status == 200
    assert shown.value.headers["x-quote-placed"] == "yes"
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()

    with context.expect_page() as opened:
        source.get_by_role("link", name=TEXT["open_pdf"]).click()
    assert "#page=" in opened.value.url
    response = page.request.get(opened.value.url)
    assert response.status == 200
    assert response.headers["content-type"] == "application/pdf"

    # What is outside the guides is not answered.
    box = page.get_by_role("textbox", name=TEXT["ask_label"])
    box.fill("Which striker scored in the last football world cup final?")
    box.press("Enter")
    answer = page.locator("#chat .answer").nth(1)
    expect(answer.locator(".status")).to_have_text(TEXT["status.not_in_guides"], timeout=60_000)
    expect(answer.locator(".source")).to_have_count(0)
