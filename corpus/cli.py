"""What all commands of `guide` share: errors and exit codes, JSON, console, settings, logging.

Exit codes: 0 fine, 1 something failed (named in a sentence), 2 wrong use. Standard output holds
what was asked for and nothing else; messages, logs and progress go to standard error.

Nothing heavy is imported here: `guide --help` must answer in under half a second.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from corpus.errors import GuideError, QuestionError, SettingsError
from corpus.logs import JsonFormatter

if TYPE_CHECKING:
    from rich.console import Console

    from corpus.settings import Settings

FAILED = 1
WRONG_USE = 2

_WIDTH_OF_LOGS = 120
"""Columns of tables where standard error is no terminal."""


class _Command(click.Command):
    """A command that ends expected errors with one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GuideError as error:
            click.echo(f"guide: {error}", err=True)
            ctx.exit(WRONG_USE if isinstance(error, (QuestionError, SettingsError)) else FAILED)
        except BrokenPipeError:  # the reader of our output has gone: nothing to tell it
            raise
        except OSError as error:
            click.echo(f"guide: {_said(error)}", err=True)
            ctx.exit(FAILED)


class _Group(click.Group, _Command):
    """A command with sub-commands."""

    command_class = _Command


def command(name: str, **attributes: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """Like `click.command`, with the exit codes and messages of `guide`."""
    return click.command(name, cls=_Command, **attributes)


def group(name: str, **attributes: Any) -> Callable[[Callable[..., Any]], click.Group]:
    """Like `click.group`, with the exit codes and messages of `guide`."""
    return click.group(name, cls=_Group, **attributes)


def read_settings() -> Settings:
    """The settings of this run; logging is set up as they say.

    Raises:
        SettingsError: see `corpus.settings.load_settings`.
    """
    from corpus.settings import load_settings

    settings = load_settings()
    set_up_logging(settings)
    return settings


def set_up_logging(settings: Settings) -> None:
    """Sends all logs from the chosen level on to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    if settings.log.format == "json":
        handler.setFormatter(JsonFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=settings.log.level, handlers=[handler], force=True)
    logging.captureWarnings(True)


def print_json(value: object) -> None:
    """Writes one JSON object to standard output."""
    click.echo(json.dumps(value, ensure_ascii=False))


def console() -> Console:
    """The console for people, on standard error."""
    from rich.console import Console

    screen = Console(stderr=True)
    return screen if screen.is_terminal else Console(stderr=True, width=_WIDTH_OF_LOGS)


def _said(error: OSError) -> str:
    what = error.strerror or str(error)
    return f"{what}: {error.filename}" if error.filename else what
