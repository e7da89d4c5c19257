"""What is embedded for each chunk of a document: what tells its place apart, above its text.

A name that stands above hundreds of chunks (the title of a guide, "Part B", a key action) says
nothing about one of them and would cost a third of the embedder's time. Nor are capitals worth
their price: a tokenizer cuts "ELIGIBLE PARTICIPANTS" into three times the tokens of "Eligible
participants".
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

_WORD = re.compile(r"[^\W\d_]+")


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
        lines = (title, headings, chunk.context, chunk.text)
        texts.append("\n".join(line for line in lines if line))
    return texts


def _calm(heading: str, plain: Mapping[str, str]) -> str:
    """A heading in capitals (Greek ones have no accents) as a sentence, abbreviations kept."""
    if not heading.isupper():
        return heading
    low = _WORD.sub(lambda match: plain.get(unaccented(match[0].lower()), match[0]), heading)
    return low[:1].upper() + low[1:]
