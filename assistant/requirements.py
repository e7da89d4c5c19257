"""Conditions as guides write them, read into what decides them.

`read_requirement` gives the test of a sentence, or None for one that it does not understand. It
fails closed: a sentence is only taken as met where each of its words was understood ("only if",
"including", "provided that" are not), and as not met where the part that was understood is enough
to rule it out. What a guide says can choose among these tests, never add one.
"""

from __future__ import annotations

from assistant.lexicon import fold
from assistant.requirement_numbers import read_labelled, read_listed_activity
from assistant.requirement_places import read_place
from assistant.verdicts import Requirement, plain


def read_requirement(text: str, heading: str, name: str) -> Requirement | None:
    """The test of a sentence, list item or row of a guide; None where it is not understood.

    Args:
        text: as the guide has it.
        heading: the last heading above it, or the label of its row.
        name: of the action; its words say nothing in the sentence.
    """
    sentence = plain(text)
    return (
        read_place(sentence, name)
        or read_labelled(sentence, fold(heading))
        or read_listed_activity(sentence)
    )
