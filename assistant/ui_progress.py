"""An answer while it is being made, as HTML: what is done for it, what was found, its text so far.

The line that says what is done stands where the status will stand, and the text where it will
stay, so that nothing moves when the answer ends. What was searched and found stands below, as it
does in the whole answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.events import Progress
from assistant.ui_answer import body_html, record_value
from assistant.ui_choices import counted
from assistant.ui_escape import escaped
from assistant.ui_record import Record
from assistant.ui_sources import searched_html, searched_sentence

MOST_TITLES = 2
"""Guides named as searched; of more, the first is named, and how many there are besides.

Of editions that are compared each is named, and nothing else.
"""


def stage_html(
    stage: str, messages: Mapping[str, str], *, text: str = "", told: Sequence[str] = ()
) -> str:
    """What is being done, the text so far, and below it sentences on what was found.

    The markers of the text lead nowhere yet.
    """
    said = messages.get(f"stages.{stage}") or messages["stage"]
    return _unfinished(said, body_html(text) if text else "", told)


def waiting_html(ahead: int, messages: Mapping[str, str], told: Sequence[str] = ()) -> str:
    """How many questions wait before this one."""
    name = "stages.wait_next" if not ahead else "stages.wait_one" if ahead == 1 else "stages.wait"
    return _unfinished(messages[name].format(count=ahead), "", told)


def stopped_html(record: Record, messages: Mapping[str, str]) -> str:
    """What was there when the asker pressed stop; the window's script keeps it by its record."""
    said = f'<p class="status abstains">{escaped(messages["stopped"])}</p>'
    kept = f'<button type="button" class="record" hidden value="{record_value(record)}"></button>'
    again = f'<button type="button" class="again">{escaped(messages["again"])}</button>'
    line = f'<div class="line">{said}{again}</div>'
    return f'<div class="answer stopped">{line}{body_html(record["text"])}{kept}</div>'


def told_by(
    progress: Progress, titles: Callable[[], Mapping[str, str]], messages: Mapping[str, str]
) -> tuple[str, ...]:
    """Sentences on what the stages before this one gave; none where they gave nothing new.

    Args:
        progress: a stage.
        titles: gives the titles of the library's documents by id.
        messages: the window's sentences.
    """
    query = progress.query
    if query is None or progress.stage not in ("retrieve", "rerank"):
        return ()
    known = titles()
    searched = [known[of] for of in (query.compare or query.document_ids) if of in known]
    if len(searched) > MOST_TITLES and not query.compare:
        searched[1:] = [counted("other", len(searched) - 1, messages)]
    sentences = [searched_sentence(query.question, query.search_text, searched, messages)]
    if progress.passages:
        passages = len(progress.passages)
        guides = len({p.document.id for p in progress.passages})
        name = "one" if passages == 1 else "of_one" if guides == 1 else "of_many"
        sentences.append(messages[f"found.{name}"].format(passages=passages, guides=guides))
    return tuple(sentences)


def _unfinished(said: str, text: str, told: Sequence[str]) -> str:
    status = f'<p class="status stage">{escaped(said)}</p>'
    return f'<div class="answer unfinished">{status}{text}{searched_html(told)}</div>'
