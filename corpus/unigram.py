"""SentencePiece's unigram tokenizer (Kudo 2018), for a vocabulary that is given.

Written here because the library that could do it needs a second and 300 MB to open the 250,000
pieces of XLM-RoBERTa, in every command and every worker process; this one needs a quarter of
that. Pieces never reach over a word border, so each word is cut once and remembered: guides have
few distinct words, and bulk work becomes a look-up. Tests hold it to the library, id by id.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

MARK = "▁"
"""Stands for the space before a word in pieces (U+2581)."""

_UNKNOWN_PENALTY = 10.0
_REMEMBERED_WORDS = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """A trained unigram model.

    Attributes:
        pieces: position is id.
        scores: log probability of each piece.
        special_ids: pieces that are never found in text.
        start_id: special piece before a text.
        end_id: special piece after a text.
        pad_id: special piece that fills up.
        unknown_id: special piece for characters that no piece has.
        replacements: code point to what it becomes before anything else (the model's `nmt_nfkc`).
    """

    pieces: Sequence[str]
    scores: Sequence[float]
    special_ids: frozenset[int]
    start_id: int
    end_id: int
    pad_id: int
    unknown_id: int
    replacements: Mapping[int, str]


class UnigramTokenizer:
    """Cuts text into the ids of a `Vocabulary`. Safe to call from several threads."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._ids = dict(zip(vocabulary.pieces, range(len(vocabulary.pieces)), strict=True))
        for special in vocabulary.special_ids:
            self._ids.pop(vocabulary.pieces[special], None)
        self._longest = max(map(len, self._ids))
        self._unknown_score = min(vocabulary.scores) - _UNKNOWN_PENALTY
        self._cut = lru_cache(maxsize=_REMEMBERED_WORDS)(self._cut_word)

    def encode(self, text: str) -> list[int]:
        """Ids of a text without special tokens."""
        ids: list[int] = []
        for word in self._normalise(text).split(" "):
            if word:
                ids.extend(self._cut(word))
        return ids

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Ids of each text, special tokens left out (see `corpus.embedding.Tokenizer`)."""
        return [len(self.encode(text)) for text in texts]

    def _normalise(self, text: str) -> str:
        # The map replaces single characters; composing what it leaves makes the whole NFKC.
        return unicodedata.normalize("NFC", text.translate(self.vocabulary.replacements))

    def _cut_word(self, word: str) -> tuple[int, ...]:
        """The most probable pieces of one word (Viterbi), runs of unknown characters as one id."""
        text = MARK + word
        size = len(text)
        ids, scores, unknown = self._ids, self.vocabulary.scores, self.vocabulary.unknown_id
        best = [float("-inf")] * (size + 1)
        best[0] = 0.0
        came_from = [0] * (size + 1)
        piece_at = [unknown] * (size + 1)
        for begin in range(size):
            base = best[begin]
            for end in range(begin + 1, min(begin + self._longest, size) + 1):
                piece = ids.get(text[begin:end])
                if piece is not None:
                    score = base + scores[piece]
                elif end == begin + 1:
                    piece, score = unknown, base + self._unknown_score
                else:
                    continue
                if score > best[end]:
                    best[end], came_from[end], piece_at[end] = score, begin, piece
        path: list[int] = []
        at = size
        while at > 0:
            if piece_at[at] != unknown or not path or path[-1] != unknown:
                path.append(piece_at[at])
            at = came_from[at]
        return tuple(reversed(path))
