"""Errors, exit codes and streams that all commands share."""

from __future__ import annotations

import errno
import json
import logging
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from corpus.cli import command, console, group, print_json, read_settings
from corpus.errors import EmptyLibraryError, QuestionError, SettingsError


def failing(error: BaseException) -> click.Command:
    @command("fail")
    def fail() -> None:
        """Fails."""
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (EmptyLibraryError("Nothing is there."), 1, "guide: Nothing is there.\n"),
        (QuestionError("It is blank."), 2, "guide: It is blank.\n"),
        (SettingsError("It is unknown."), 2, "guide: It is unknown.\n"),
        (
            OSError(errno.ENOSPC, "No space left on device", "/x"),
            1,
            "guide: No space left on device: /x\n",
        ),
        (OSError("odd"), 1, "guide: odd\n"),
        (click.UsageError("no"), 2, "Error: no\n"),
    ],
)
def test_expected_errors_end_with_one_sentence_and_a_code(
    error: BaseException, code: int, said: str
) -> None:
    result = CliRunner().invoke(failing(error))
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.endswith(said)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("error", [ZeroDivisionError("a bug"), BrokenPipeError(errno.EPIPE, "x")])
def test_bugs_are_not_hidden(error: Exception) -> None:
    result = CliRunner().invoke(failing(error))
    assert result.exception is error or isinstance(error, BrokenPipeError)
    assert result.exit_code == 1


def test_sub_commands_behave_alike() -> None:
    @group("outer")
    def outer() -> None:
        """Holds a command."""

    @outer.command("inner")
    def inner() -> None:
        raise QuestionError("It is blank.")

    result = CliRunner().invoke(outer, ["inner"])
    assert (result.exit_code, result.stderr) == (2, "guide: It is blank.\n")


def test_json_is_one_object_in_unicode(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"title": "Οδηγός"})
    assert capsys.readouterr().out == '{"title": "Οδηγός"}\n'
    print_json({"a": [1, None]})
    assert json.loads(capsys.readouterr().out) == {"a": [1, None]}


def test_the_console_writes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    console().print("hello")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "hello\n")


@pytest.fixture
def restored_logging() -> object:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


@pytest.mark.usefixtures("restored_logging")
def test_settings_set_the_log_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUIDE_HOME", str(tmp_path))
    monkeypatch.setenv("GUIDE_LOG__LEVEL", "INFO")
    assert read_settings().home == tmp_path
    logging.getLogger("x").info("heard")
    logging.getLogger("x").debug("not heard")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "INFO x: heard" in captured.err
    assert "not heard" not in captured.err
