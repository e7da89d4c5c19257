"""Tokenizers that come as a `tokenizer.json`: the only home of the library `tokenizers`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import ModelError


class FileTokenizer:
    """A tokenizer read from its file, padding and truncation off."""

    def __init__(self, path: Path) -> None:
        """Reads the file.

        Raises:
            ModelError: where it is not a tokenizer file.
        """
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing narrower
            raise ModelError(f"{path} is not a tokenizer file: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def encode(self, text: str) -> list[int]:
        """Ids of a text without special tokens."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens left out (see `corpus.embedding.Tokenizer`)."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def id_of(self, token: str) -> int:
        """The id of a token that the vocabulary must have.

        Raises:
            ModelError: where it does not.
        """
        found: int | None = self._tokenizer.token_to_id(token)
        if found is None:
            raise ModelError(f"The tokenizer has no token {token}")
        return found
