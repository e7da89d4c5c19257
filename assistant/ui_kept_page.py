"""The page of a kept answer: what was said then, and whether its quotes still stand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from assistant.kept import KeptAnswer, QuoteCheck
from assistant.ui_answer import answer_html, question_html
from assistant.ui_escape import escaped
from assistant.ui_facts import moment_name
from assistant.ui_frame import head_html
from assistant.ui_record import answers_of


def kept_page(
    kept: KeptAnswer,
    checks: Sequence[QuoteCheck],
    languages: Mapping[str, Mapping[str, str]],
    language: str,
) -> str:
    """A whole HTML page.

    Args:
        kept: the answer.
        checks: of its quotes, against the present library.
        languages: the window's sentences, by language.
        language: the one the reader wants.
    """
    text = languages[language]
    stored = {**kept.record, "id": kept.id, "asked_at": kept.asked_at}
    ((answer, record),) = answers_of(json.dumps([stored]))
    given = text["record.given"].format(date=moment_name(kept.asked_at, text))
    return (
        f'<!doctype html><html lang="{escaped(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # Links of an answer start at the window's address, which may be behind a prefix.
        f'<base href="../"><title>{escaped(answer.question)}</title>'
        f"{head_html(languages, by_system=True)}</head>"
        f'<body class="kept"><header id="header"><div class="bar" lang="{escaped(language)}">'
        f'<h1>{escaped(text["record.title"])}</h1><a href="./">{escaped(text["title"])}</a></div>'
        f'</header><main id="chat"><p class="given">{escaped(given)} '
        f"{escaped(_still(checks, text))}</p>{question_html(answer.question)}"
        f"{answer_html(answer, text, key='1', record=record)}</main></body></html>"
    )


def _still(checks: Sequence[QuoteCheck], text: Mapping[str, str]) -> str:
    if not checks:
        return ""
    gone = [str(check.number) for check in checks if not check.holds]
    if not gone:
        return text["record.holds"]
    return text["record.changed"].format(numbers=", ".join(gone))
