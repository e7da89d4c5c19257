"""Whether a unit is of the chapter that a question asks about: each says the same of its action."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.outline import CHAPTER
from assistant.worth import Candidate


def of_another_chapter(candidate: Candidate, leading: Candidate) -> bool:
    """Whether it says of another action what the leading unit says of the one that is asked about.

    Rules of other parts of a guide, and of the key action as a whole, hold for both.

    Args:
        candidate: what may follow.
        leading: what answers.
    """
    if not leading.passage.named or candidate.passage.named:
        return False
    if candidate.passage.document.id != leading.passage.document.id:
        return False
    one, other = (c.passage.chunk.headings[:CHAPTER] for c in (leading, candidate))
    return one[:1] == other[:1] and len(other) == CHAPTER and one != other


def under_its_name(candidates: Sequence[Candidate], *, within: float) -> list[Candidate]:
    """What is worth nearly as much as the best, where that is of what was not asked about.

    "How long can KA210 last?": each chapter says how long its projects last.

    Args:
        candidates: best first.
        within: how much less it may be worth.

    Returns:
        One candidate, or none.
    """
    best = candidates[0] if candidates else None
    if best is None or best.passage.named or not best.supplies:
        return []
    near = (c for c in candidates if c.worth >= best.worth - within)
    return [c for c in near if c.passage.named and c.supplies >= best.supplies][:1]
