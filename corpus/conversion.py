"""Writes multilingual-e5-small into the data folder, once, in the forms that libraries open.

The result is a sentence-transformers folder (float32, bit for bit what the package's 4-bit file
means) with the int8 graph beside it:

    <home>/models/multilingual-e5-small-<recipe>/
        config.json  model.safetensors  modules.json  tokenizer.json  ...   SentenceTransformer
        onnx/model_int8.onnx                                               corpus.embedding_onnx
        conversion.json                                                    sizes of all files

It is written beside its place and renamed, so it is there whole or not at all; two processes at
once both write, and the first rename wins.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.e5_weights import E5Weights, open_e5_weights, read_e5_vocabulary
from corpus.errors import ModelError
from corpus.unigram import MARK, Vocabulary
from corpus.weights import E5_SMALL

Progress = Callable[[str, float], None]
"""Called with what is being done and the share that is done, 0…1."""

INT8_GRAPH = Path("onnx") / "model_int8.onnx"
"""The int8 graph, relative to the converted folder."""

_RECIPE = 1
"""Raised by every change of this module or `bert_graph` that changes vectors."""

_MANIFEST = "conversion.json"
_ABANDONED_S = 3600.0
_MAX_TOKENS = 512


def recipe_hash() -> str:
    """Hash of the weights and of how they are converted, 8 hexadecimal digits."""
    (source,) = E5_SMALL.sha256.values()
    return hashlib.sha256(f"{source} {_RECIPE}".encode()).hexdigest()[:8]


def converted_folder(home: Path) -> Path:
    """Where the converted model is or will be."""
    return home / "models" / f"{E5_SMALL.model}-{recipe_hash()}"


def is_converted(home: Path) -> bool:
    """Whether the converted model is there, every file with its size."""
    folder = converted_folder(home)
    try:
        sizes = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False


def ensure_converted(home: Path, progress: Progress | None = None) -> Path:
    """Converts the installed weights where that was not done yet.

    Args:
        home: data folder.
        progress: told what is being done, only when there is something to do.

    Returns:
        The converted folder.

    Raises:
        ModelError: where the weights are missing or changed, or the folder cannot be written.
    """
    folder = converted_folder(home)
    if is_converted(home):
        return folder
    report = progress or (lambda _stage, _share: None)
    report(f"Checking {E5_SMALL.model}", 0.0)
    weights = open_e5_weights()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(folder.parent)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _write_all(weights, draft, report)
            _move_into_place(draft, folder, home)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            f"The model {E5_SMALL.model} cannot be written to {folder}: {error}. "
            "Make room there (700 MB), or set GUIDE_HOME to a folder that can be written."
        ) from error
    report(f"{E5_SMALL.model} is ready", 1.0)
    return folder


def _write_all(weights: E5Weights, folder: Path, report: Progress) -> None:
    # Imported here: onnx is needed for this one conversion only, and slow to import.
    from corpus.bert_graph import write_int8_graph

    report("Writing the tokenizer", 0.1)
    vocabulary = read_e5_vocabulary()
    _write_json(folder / "tokenizer.json", _tokenizer_file(vocabulary))
    for name, content in _sentence_transformers_files(weights, vocabulary).items():
        _write_json(folder / name, content)
    report("Writing the int8 model", 0.2)
    (folder / INT8_GRAPH).parent.mkdir()
    write_int8_graph(weights, folder / INT8_GRAPH)
    report("Writing the float32 model", 0.5)
    _write_safetensors(folder / "model.safetensors", list(_bert_tensors(weights)))
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    _write_json(folder / _MANIFEST, {name: (folder / name).stat().st_size for name in names})


def _move_into_place(draft: Path, folder: Path, home: Path) -> None:
    if folder.exists() and not is_converted(home):
        shutil.rmtree(folder)
    try:
        draft.chmod(0o755)
        draft.rename(folder)
    except OSError:
        # Another process was first, which is as good; anything else is a fault.
        if not is_converted(home):
            raise


def _remove_abandoned(parent: Path) -> None:
    for draft in parent.glob(f".{E5_SMALL.model}-*"):
        if time.time() - draft.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(draft, ignore_errors=True)


def _write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _tokenizer_file(vocabulary: Vocabulary) -> dict[str, Any]:
    """The tokenizer as the library `tokenizers` reads it."""
    start, end = (vocabulary.pieces[i] for i in (vocabulary.start_id, vocabulary.end_id))
    specials = [i for i, score in enumerate(vocabulary.scores) if score == 0.0]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}

    def special(token: str) -> dict[str, Any]:
        return {"SpecialToken": {"id": token, "type_id": 0}}

    def text(sequence: str) -> dict[str, Any]:
        return {"Sequence": {"id": sequence, "type_id": 0}}

    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": vocabulary.pieces[i], **flags, "special": True} for i in specials
        ],
        # `Nmt` and `NFKC` are the model's `nmt_nfkc`; tests compare them with its own map.
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Nmt"},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
                {"type": "Strip", "strip_left": True, "strip_right": True},
            ],
        },
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": MARK,
            "prepend_scheme": "always",
            "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [special(start), text("A"), special(end)],
            "pair": [
                special(start),
                text("A"),
                special(end),
                special(end),
                text("B"),
                special(end),
            ],
            "special_tokens": {
                token: {"id": token, "ids": [vocabulary.pieces.index(token)], "tokens": [token]}
                for token in (start, end)
            },
        },
        "decoder": {
            "type": "Metaspace",
            "replacement": MARK,
            "prepend_scheme": "always",
            "split": True,
        },
        "model": {
            "type": "Unigram",
            "unk_id": vocabulary.unknown_id,
            "vocab": list(zip(vocabulary.pieces, vocabulary.scores, strict=True)),
            "byte_fallback": False,
        },
    }


def _sentence_transformers_files(weights: E5Weights, vocabulary: Vocabulary) -> dict[str, Any]:
    shape = weights.shape
    tokens = {
        "bos_token": vocabulary.pieces[vocabulary.start_id],
        "cls_token": vocabulary.pieces[vocabulary.start_id],
        "eos_token": vocabulary.pieces[vocabulary.end_id],
        "sep_token": vocabulary.pieces[vocabulary.end_id],
        "pad_token": vocabulary.pieces[vocabulary.pad_id],
        "unk_token": vocabulary.pieces[vocabulary.unknown_id],
        "mask_token": vocabulary.pieces[-1],
    }
    modules = ("models.Transformer", ""), ("models.Pooling", "1_Pooling"), ("models.Normalize", "2")
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "intermediate_size": shape.feed_forward,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": shape.positions,
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "pad_token_id": vocabulary.pad_id,
            "type_vocab_size": shape.token_types,
            "vocab_size": shape.vocabulary,
            "dtype": "float32",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": _MAX_TOKENS,
            **tokens,
        },
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.{kind}"}
            for i, (kind, path) in enumerate(modules)
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
        },
        "sentence_bert_config.json": {"max_seq_length": _MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }


def _bert_tensors(
    weights: E5Weights,
) -> Iterator[tuple[str, tuple[int, ...], Callable[[], npt.NDArray[np.float32]]]]:
    """Name, shape and maker of every tensor, under the names transformers gives them."""
    hidden, wide = weights.shape.hidden, weights.shape.feed_forward

    def matrix(name: str, rows: int, columns: int) -> Any:
        return (rows, columns), lambda: weights.matrix(name, columns=columns).dequantised()

    def vector(name: str, *sizes: int) -> Any:
        return sizes, lambda: weights.vector(name)

    yield "embeddings.word_embeddings.weight", *matrix("emb.word", weights.shape.vocabulary, hidden)
    positions, types = weights.shape.positions, weights.shape.token_types
    yield "embeddings.position_embeddings.weight", *vector("emb.pos", positions, hidden)
    yield "embeddings.token_type_embeddings.weight", *vector("emb.type", types, hidden)
    yield "embeddings.LayerNorm.weight", *vector("emb.ln.w", hidden)
    yield "embeddings.LayerNorm.bias", *vector("emb.ln.b", hidden)
    linear = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "intermediate.dense": ("fi", wide, hidden),
        "output.dense": ("fo", hidden, wide),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for number in range(weights.shape.layers):
        prefix = f"encoder.layer.{number}."
        for name, (short, rows, columns) in linear.items():
            yield f"{prefix}{name}.weight", *matrix(f"l{number}.{short}.w", rows, columns)
            yield f"{prefix}{name}.bias", *vector(f"l{number}.{short}.b", rows)
        for name, short in norms.items():
            yield f"{prefix}{name}.weight", *vector(f"l{number}.{short}.w", hidden)
            yield f"{prefix}{name}.bias", *vector(f"l{number}.{short}.b", hidden)


def _write_safetensors(
    path: Path,
    tensors: list[tuple[str, tuple[int, ...], Callable[[], npt.NDArray[np.float32]]]],
) -> None:
    """Writes one tensor at a time: length of the header, the header as JSON, the bytes."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape, _ in tensors:
        begin, end = end, end + 4 * int(np.prod(shape))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", len(encoded)) + encoded)
        for _, _, make in tensors:
            stream.write(np.ascontiguousarray(make(), "<f4").data)
        stream.flush()
        os.fsync(stream.fileno())
