"""What conditions come to, in the sentences that a person would begin with.

Without figures, for every figure of an answer is the guide's.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.messages import Messages
from assistant.requirement_numbers import LISTED
from assistant.verdicts import Verdict


def reason(subject: str, verdict: Verdict) -> str:
    """The name of the message that says why a condition on a subject is not met."""
    about = verdict.lacks or ("days" if subject == LISTED else subject.replace(" ", "_"))
    return f"lacks_{about}"


def summed_up(reasons: Iterable[str], *, undecided: bool, messages: Messages, language: str) -> str:
    """What is lacking, or that nothing is which can be judged, and whether more is to be checked.

    Args:
        reasons: of what is not met, see `reason`.
        undecided: whether there are conditions that were not judged.
        messages: sentences.
        language: of the asker.
    """
    told = [messages.say(name, language) for name in dict.fromkeys(reasons)]
    name = "conditions_not_met" if told else "conditions_met"
    sentences = [messages.say(name, language, reasons="; ".join(told))]
    if undecided:
        sentences.append(messages.say("conditions_open", language))
    return " ".join(sentences)
