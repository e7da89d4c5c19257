"""Opens the page "Evaluation" for `guide serve`; what it needs is imported when that happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.extensions import AdminPage
    from assistant.pipeline import Assistant
    from corpus.settings import Settings


@contextmanager
def open_evaluation(assistant: Assistant, settings: Settings) -> Iterator[AdminPage]:
    """The page around the assistant that is served; a run under way is stopped in the end."""
    from eval.examiner import Examiner
    from eval.window_page import EvaluationPage
    from eval.window_runs import WindowRuns

    with closing(WindowRuns(Examiner(assistant), assistant, settings)) as runs:
        yield EvaluationPage(runs)
