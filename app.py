"""The command `guide`; `python app.py` serves the chat window and the API."""

from __future__ import annotations

import sys

import click

from assistant.cli import commands as asking
from assistant.extensions import Extensions
from eval.cli import commands as evaluating
from eval.window import open_evaluation
from ingest.cli import commands as ingesting
from ingest.corpus_cli import commands as collecting
from ingest.isolated import IsolatedIngest


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="programme-guide-assistant", prog_name="guide")
def guide() -> None:
    """Answers from EU programme guides, with cited pages.

    The data folder is GUIDE_HOME; `guide doctor` says where it is and what is wrong.
    """


for command in (*ingesting, *collecting, *asking, *evaluating):
    guide.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line; the process ends with its exit code."""
    # Only this level knows all sides: `serve` gets handed in what it cannot import.
    brought = Extensions(ingesting=IsolatedIngest, pages=(open_evaluation,))
    guide.main(args=arguments, prog_name="guide", obj=brought)


if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
