"""Opens the embedder that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.conversion import GRAPH, Progress, ensure_converted, recipe_hash
from corpus.e5_weights import read_e5_vocabulary
from corpus.embedding import Embedder, Tokenizer
from corpus.settings import Settings
from corpus.unigram import UnigramTokenizer
from corpus.weights import (
    ALL_MINILM,
    BGE_SMALL,
    E5_SMALL,
    first_installed,
    verified_file,
    verified_folder,
)
from corpus.wordpiece import FileTokenizer

if TYPE_CHECKING:
    from corpus.embedding_sentence import SentenceEmbedder

AUTO = "auto"


def resolve_model(settings: Settings) -> str:
    """The name of the model that the settings mean, "auto" decided.

    Raises:
        ModelError: for "auto" where no bundled weights are installed.
    """
    name = settings.embedding.model
    return first_installed((E5_SMALL, BGE_SMALL)).model if name == AUTO else name


def open_embedder(settings: Settings, progress: Progress | None = None) -> Embedder:
    """Opens the embedder. The first time, multilingual-e5-small is converted (some seconds).

    Args:
        settings: names the model, its threads and its batch size.
        progress: told about the conversion, and only where there is one.

    Raises:
        ModelError: where weights are missing, changed or cannot be loaded.
    """
    name, threads = resolve_model(settings), settings.embedding.threads
    if name == E5_SMALL.model:
        from corpus.embedding_onnx import open_e5_small

        folder = ensure_converted(settings.home, E5_SMALL, progress)
        tokenizer = UnigramTokenizer(read_e5_vocabulary())
        return open_e5_small(
            folder / GRAPH,
            tokenizer,
            fingerprint=embedder_fingerprint(settings),
            threads=threads,
        )
    if name == BGE_SMALL.model:
        from corpus.embedding_onnx import open_bge_small

        return open_bge_small(
            ensure_converted(settings.home, BGE_SMALL, progress) / GRAPH,
            FileTokenizer(verified_file(BGE_SMALL, "tokenizer.json")),
            fingerprint=embedder_fingerprint(settings),
            threads=threads,
        )
    return _open_sentence_embedder(settings, name)


def open_tokenizer(settings: Settings) -> Tokenizer:
    """Opens the tokenizer of the embedder without its weights where that can be.

    Raises:
        ModelError: where the files are missing, changed or cannot be loaded.
    """
    name = resolve_model(settings)
    if name == E5_SMALL.model:
        return UnigramTokenizer(read_e5_vocabulary())
    if name == BGE_SMALL.model:
        return FileTokenizer(verified_file(BGE_SMALL, "tokenizer.json"))
    if name == ALL_MINILM.model:
        return FileTokenizer(verified_file(ALL_MINILM, "tokenizer.json"))
    from corpus.sentence_models import local_folder

    folder = local_folder(name)
    if folder is not None and (folder / "tokenizer.json").is_file():
        return FileTokenizer(folder / "tokenizer.json")
    return _open_sentence_embedder(settings, name)


def embedder_fingerprint(settings: Settings) -> str:
    """`Embedder.fingerprint` of the embedder that the settings name.

    Read from pinned hashes or from files; only a model that is not on this machine yet has to
    be loaded for it.

    Raises:
        ModelError: where that model cannot be loaded.
    """
    name = resolve_model(settings)
    for bundle in (E5_SMALL, BGE_SMALL):
        if name == bundle.model:
            return f"{name}@{recipe_hash(bundle)}"
    if name == ALL_MINILM.model:
        return f"{name}@{ALL_MINILM.sha256['model.safetensors'][:12]}"
    from corpus.sentence_models import fingerprint_of, local_folder

    if local_folder(name) is not None:
        return fingerprint_of(name)
    return _open_sentence_embedder(settings, name).fingerprint


def _open_sentence_embedder(settings: Settings, name: str) -> SentenceEmbedder:
    from corpus.embedding_sentence import SentenceEmbedder

    is_bundled = name == ALL_MINILM.model
    return SentenceEmbedder(
        str(verified_folder(ALL_MINILM)) if is_bundled else name,
        batch_size=settings.embedding.batch_size,
        threads=settings.embedding.threads,
        fingerprint=embedder_fingerprint(settings) if is_bundled else None,
    )
