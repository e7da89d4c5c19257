"""What leads an answer, of what is rated for it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.worth import Candidate

IN_BAND = 3.0
"""What leads may be worth so much more than a row whose band holds what the question states."""
NEARLY = 1.0
"""What holds the kind of fact that a part of the question asks for leads before what is worth so
much more and does not."""


def leading_of(rated: Sequence[Candidate]) -> Candidate | None:
    """What answers a part of a question, of what is rated for it; None for nothing."""
    near = [c for c in rated if c.worth >= rated[0].worth - NEARLY]
    return next((c for c in near if c.supplies), near[0] if near else None)


def in_its_band(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The row whose band holds what is stated, where what leads lacks the figure asked for."""
    if not candidates or candidates[0].supplies:
        return []
    near = (c for c in candidates if c.worth >= candidates[0].worth - IN_BAND)
    return [c for c in near if c.supplies and c.banded][:1]
