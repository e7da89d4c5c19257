from __future__ import annotations

from io import StringIO

from rich.console import Console

from eval.progress import bar


def test_a_terminal_sees_count_and_what_is_done() -> None:
    screen = Console(file=StringIO(), force_terminal=True, width=100)
    with bar(screen) as show:
        show("questions", 0, 120)
        show("questions, 1 failed", 60, 120)
    text = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "questions, 1 failed" in text
    assert "60 of 120" in text


def test_nothing_is_written_elsewhere() -> None:
    screen = Console(file=StringIO(), force_terminal=False)
    with bar(screen) as show:
        show("questions", 5, 10)
    assert screen.file.getvalue().strip() == ""  # type: ignore[attr-defined]
