"""What lets the server start sooner."""

from __future__ import annotations

import gc
import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import gradio
import pytest
from fastapi.testclient import TestClient

from assistant.starting import (
    STUBS,
    UNUSED,
    later,
    leave_out,
    not_there,
    routes_later,
    starting,
)

SOURCE = """
from pathlib import Path

def note(name: str) -> None:
    Path(__file__).with_name(name).touch()

def keep() -> str:
    return "kept"

class Meta(type):
    def __new__(cls, name, bases, attrs):
        note(name)
        return super().__new__(cls, name, bases, attrs)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "noting"
    folder.mkdir()
    (folder / "__init__.py").write_text("from noting.part import Thing\n")
    (folder / "meta.py").write_text(SOURCE)
    (folder / "part.py").write_text(
        "from noting.meta import Meta\nclass Thing(metaclass=Meta): pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("noting", "noting.meta", "noting.part"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return folder


@pytest.mark.parametrize(("function", "noted"), [("note", False), ("none_of_this_name", True)])
def test_one_function_is_left_out_and_all_else_stays(
    package: Path, function: str, noted: bool
) -> None:
    before = list(sys.meta_path)
    leave_out("noting.meta", function)
    module = importlib.import_module("noting")
    assert (package / "Thing").exists() is noted
    assert importlib.import_module("noting.meta").keep() == "kept"
    assert type(module.Thing).__name__ == "Meta"
    assert sys.meta_path == before
    leave_out("noting.meta", function)  # too late: nothing happens
    assert sys.meta_path == before


def test_gradio_still_has_what_is_left_out() -> None:
    module, function = STUBS
    signature = inspect.signature(getattr(importlib.import_module(module), function))
    assert len(signature.parameters) in (1, 3)  # left out already, or as it comes


def fail_to_start() -> None:
    with starting():
        assert not gc.isenabled()
        raise KeyError


def test_nothing_is_looked_through_while_a_server_starts() -> None:
    before = list(sys.meta_path)
    try:
        with pytest.raises(KeyError):
            fail_to_start()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        sys.meta_path[:] = before


@pytest.mark.parametrize("unused", UNUSED)
def test_what_nobody_asked_for_is_not_imported_meanwhile(
    unused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, unused, raising=False)
    with starting(), pytest.raises(ModuleNotFoundError):
        importlib.import_module(unused)
    assert unused not in sys.modules
    loaded = importlib.import_module(unused)
    with starting():
        assert importlib.import_module(unused) is loaded
    assert sys.modules[unused] is loaded


def test_a_window_gets_its_routes_once_it_is_laid_out() -> None:
    with routes_later(), gradio.Blocks(analytics_enabled=False) as window:
        gradio.Textbox()
    assert window.app is None
    assert TestClient(window.queue().app).get("/config").json()["components"]


def test_what_is_not_installed_is_not_looked_for_again(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    not_there("nobody_has_this")
    assert sys.modules["nobody_has_this"] is None
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("nobody_has_this")
    not_there("noting")  # installed, only not imported yet
    assert "noting" not in sys.modules


def test_a_module_can_wait_until_something_of_it_is_used(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    later("noting")
    later("nobody_has_this")
    assert "nobody_has_this" not in sys.modules
    held = importlib.import_module("noting")
    assert not hasattr(held, "__file__")
    assert not (package / "Thing").exists()
    assert held.Thing.__name__ == "Thing"
    assert (package / "Thing").exists()
    real = importlib.import_module("noting")
    assert real.__file__
    later("noting")  # too late: nothing changes
    assert importlib.import_module("noting") is real
    assert held.Thing is real.Thing


def test_a_part_of_what_waits_can_be_imported(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    later("noting")
    assert importlib.import_module("noting.meta").keep() == "kept"
    assert (package / "Thing").exists()


def test_gradio_does_without_what_waits() -> None:
    """In a process of its own: here it may be imported already."""
    code = (
        "import sys\nfrom assistant.starting import LATER, starting\n"
        "with starting():\n    import gradio, assistant.ui\n"
        "print([m for m in LATER if hasattr(sys.modules[m], '__file__')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"
