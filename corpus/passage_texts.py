"""What is embedded for each chunk of a document: what tells its place apart, above its text.

A name that stands above hundreds of chunks (the title of a guide, "Part B", a key action) says
nothing about one of them and would cost a third of the embedder's time. Nor are capitals worth
their price: a tokenizer cuts "ELIGIBLE PARTICIPANTS" into three times the tokens of "Eligible
participants". A heading that begins its own text is not said twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate

from corpus.accents import unaccented
from corpus.model import Document

TELLING_CHUNKS = 300
"""A title or heading above more chunks is left out."""
INNERMOST = 3
"""Headings kept of those that tell, besides the outermost one (in a guide, the action)."""

_WORD = re.compile(r"[^\W\d_⁰¹²³⁴-⁹]+")


def passage_texts(document: Document) -> list[str]:
    """The text to embed for each chunk, in order: title, headings and context above its own."""
    paths = [tuple(accumulate((h,) for h in c.headings)) for c in document.chunks]
    above = Counter(path for chunk_paths in paths for path in chunk_paths)
    title = document.edition.title if len(document.chunks) <= TELLING_CHUNKS else ""
    # A word that the text writes in small letters too is no abbreviation.
    words = sorted(set(_WORD.findall(document.text)))
    plain = {unaccented(word): word for word in words if word.islower()}
    texts = []
    for chunk, chunk_paths in zip(document.chunks, paths, strict=True):
        telling = [path[-1] for path in chunk_paths if above[path] <= TELLING_CHUNKS]
        kept = telling[:1] + telling[1:][-INNERMOST:]
        headings = " › ".join(_calm(heading, plain) for heading in kept)
        text = _without_heading(chunk.text, kept[-1]) if kept else chunk.text
        lines = (title, headings, chunk.context, text)
        texts.append("\n".join(line for line in lines if line))
    return texts


def _without_heading(text: str, heading: str) -> str:
    """A text without its first line where that is the heading; footnote references do not count."""
    first, _, rest = text.partition("\n")
    return rest if rest and _WORD.findall(first) == _WORD.findall(heading) else text


def _calm(heading: str, plain: Mapping[str, str]) -> str:
    """A heading in capitals (Greek ones have no accents) as a sentence, abbreviations kept."""
    if not heading.isupper():
        return heading
    low = _WORD.sub(lambda match: plain.get(unaccented(match[0].lower()), match[0]), heading)
    return low[:1].upper() + low[1:]
