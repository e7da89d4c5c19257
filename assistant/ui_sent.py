"""How the browser sends a question, and is told that it was heard.

`sending.js` empties the box as it sends, and nothing here touches what is typed there later: a
question that cannot be asked is only said to go back, and the browser knows whether there is room.
"""

from __future__ import annotations

from assistant.ui_escape import escaped

_MARK = "\x1e"
"""Stands between the number of a question and its words."""
_AGAIN = "\x1d"
"""Stands after the number where the last question is asked again."""


def sent_of(text: str) -> tuple[str, str | None]:
    """The number of a question that was sent, and its words.

    The number is "" where it has none, and the words are None where the last one is asked again.
    """
    number, mark, question = text.partition(_MARK)
    if not mark and text.endswith(_AGAIN):
        return text.removesuffix(_AGAIN), None
    return (number, question) if mark else ("", text)


def heard_html(number: str, *, back: bool = False) -> str:
    """Tells the window's script that a question was heard.

    Args:
        number: of the question.
        back: there is no answer to it, and its words go back into the box.
    """
    kind = "back" if back else "heard"
    return f'<div class="{kind}">{escaped(number)}</div>' if number else ""
