"""The window's own protocol, without a browser: many clients, and some that go away."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gradio
import httpx
import pytest
from gradio.state_holder import SessionState

from assistant.ui import AT_WORK
from assistant.ui_blocks import Window
from tests.browser.scenes import GUIDE, QUESTION, answers
from tests.web import Double, serving, wait_for


@pytest.fixture(scope="module")
def double() -> Double:
    return Double(documents=(GUIDE,), answers=answers())


@pytest.fixture(scope="module")
def address(double: Double) -> Iterator[str]:
    with serving(double) as address:
        yield address
        double.held.set()


@pytest.fixture(scope="module")
def entry(address: str) -> int:
    """The function that answers what is sent from the box."""
    config = httpx.get(f"{address}/config", timeout=30).json()
    (box,) = (c["id"] for c in config["components"] if c["props"].get("elem_id") == "asking")
    return next(int(d["id"]) for d in config["dependencies"] if [box, "submit"] in d["targets"])


def ask(address: str, entry: int, session: str, question: str, *, until: str) -> str:
    """Asks as a browser does and leaves when `until` has come; gives all that came."""
    data = [question, None, None, None, "", "", "", ""]
    body = {"data": data, "fn_index": entry, "session_hash": session, "trigger_id": None}
    came = ""
    with httpx.Client(base_url=address, timeout=30) as client:
        client.post("/gradio_api/queue/join", json=body).raise_for_status()
        with client.stream("GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
            for line in stream.iter_lines():
                came += line
                if until in line:
                    return came
                if line.startswith("data:") and json.loads(line[5:])["msg"] == "process_completed":
                    break
    return came


def test_who_goes_away_keeps_no_place(address: str, entry: int, double: Double) -> None:
    double.held.clear()
    for number in range(AT_WORK):
        came = ask(address, entry, f"gone{number}", QUESTION, until="Writing and checking")
        assert "process_completed" not in came, "left in the middle"
    double.held.set()
    came = ask(address, entry, "last", QUESTION, until="answer done")
    assert "answer done" in came


def test_who_goes_away_while_waiting_does_not_stop_the_others(
    address: str, entry: int, double: Double
) -> None:
    double.held.clear()
    double.asked.clear()
    pause = threading.Event()
    with ThreadPoolExecutor(AT_WORK) as pool:
        busy = [
            pool.submit(ask, address, entry, f"busy{n}", QUESTION, until="answer done")
            for n in range(AT_WORK)
        ]
        while len(double.asked) < AT_WORK:
            pause.wait(0.01)
        assert "You are next" in ask(address, entry, "left", QUESTION, until="You are next")
        double.held.set()
        assert "answer done" in ask(address, entry, "stays", QUESTION, until="answer done")
        assert all("answer done" in one.result() for one in busy)


def test_twenty_windows_at_once_stay_their_own(address: str, entry: int) -> None:
    def one(number: int) -> str:
        question = f"Who is number {number:02}?"
        return ask(address, entry, f"window{number}", question, until="answer done")

    with ThreadPoolExecutor(20) as pool:
        shown = list(pool.map(one, range(20)))
    for number, came in enumerate(shown):
        assert f"number {number:02}" in came
        assert not any(f"number {n:02}" in came for n in range(20) if n != number)


def test_a_question_that_is_sent_twice_empties_nothing(address: str, entry: int) -> None:
    sent = f"number-1\x1e{QUESTION}"
    assert "answer done" in ask(address, entry, "twice", sent, until="process_completed")
    again = ask(address, entry, "twice", sent, until="process_completed")
    end = json.loads(again[again.rindex("data:") + 5 :])
    chat = end["output"]["data"][0]
    assert chat == {"__type__": "update"}, "what is shown stays"


def test_a_step_costs_nothing_for_what_it_leaves_out() -> None:
    with Window(analytics_enabled=False) as window:
        box, words, kept = gradio.Textbox("typed"), gradio.Markdown("said"), gradio.State(1)
        box.submit(lambda: None, None, [box, words, kept])
    (handler,) = window.fns.values()
    plain = gradio.blocks.Blocks.postprocess_data
    steps: list[dict[Any, Any]] = [
        {words: "new"}, {words: "new", kept: 2}, {kept: 2}, {box: "x", words: ""}, {}
    ]  # fmt: skip
    for given in steps:
        lean, full = SessionState(window), SessionState(window)
        sent = wait_for(window.postprocess_data(handler, given or gradio.skip(), lean))
        assert sent == wait_for(plain(window, handler, given or gradio.skip(), full))
        for component in (box, words):
            assert lean[component._id] is component, "never made anew"
            assert (full[component._id] is component) is (component in given)
        assert lean[kept._id] == full[kept._id]


def test_nothing_is_reckoned_for_gradios_monitoring(
    address: str, entry: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckoned: list[object] = []
    monkeypatch.setattr(gradio.queueing.Queue, "_get_df", reckoned.append)
    for number in range(3):
        assert "success" in ask(address, entry, f"s{number}", QUESTION, until="process_completed")
    assert reckoned == []
