"""Writes multilingual-e5-small as a folder that `SentenceTransformer` opens, in float32.

Bit for bit what the package's 4-bit file means: for fine-tuning, for other machines, and as the
reference that the int8 graph is tested against.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from corpus.bert import Floats
from corpus.e5_weights import E5Weights
from corpus.unigram import MARK, Vocabulary

_MAX_TOKENS = 512


def write_sentence_folder(weights: E5Weights, vocabulary: Vocabulary, folder: Path) -> None:
    """Writes all files into a folder that exists.

    Args:
        weights: of the package.
        vocabulary: of the package.
        folder: where to write; other files in it stay.
    """
    _write_json(folder / "tokenizer.json", _tokenizer(vocabulary))
    for name, content in _configuration(weights, vocabulary).items():
        _write_json(folder / name, content)
    _write_safetensors(folder / "model.safetensors", list(_tensors(weights)))


def _write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _tokenizer(vocabulary: Vocabulary) -> dict[str, Any]:
    """The tokenizer as the library `tokenizers` reads it."""
    start, end = (vocabulary.pieces[i] for i in (vocabulary.start_id, vocabulary.end_id))
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    metaspace = {
        "type": "Metaspace",
        "replacement": MARK,
        "prepend_scheme": "always",
        "split": True,
    }

    def sequence(*parts: str) -> list[dict[str, Any]]:
        return [
            {"Sequence": {"id": part, "type_id": 0}}
            if part in "AB"
            else {"SpecialToken": {"id": part, "type_id": 0}}
            for part in parts
        ]

    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": vocabulary.pieces[i], **flags, "special": True}
            for i in sorted(vocabulary.special_ids)
        ],
        # `Nmt` and `NFKC` are the model's `nmt_nfkc`; a test compares them with its own map.
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Nmt"},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
                {"type": "Strip", "strip_left": True, "strip_right": True},
            ],
        },
        "pre_tokenizer": metaspace,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": sequence(start, "A", end),
            "pair": sequence(start, "A", end, end, "B", end),
            "special_tokens": {
                token: {"id": token, "ids": [vocabulary.pieces.index(token)], "tokens": [token]}
                for token in (start, end)
            },
        },
        "decoder": metaspace,
        "model": {
            "type": "Unigram",
            "unk_id": vocabulary.unknown_id,
            "vocab": list(zip(vocabulary.pieces, vocabulary.scores, strict=True)),
            "byte_fallback": False,
        },
    }


def _configuration(weights: E5Weights, vocabulary: Vocabulary) -> dict[str, Any]:
    """The other files, by name."""
    header, pieces = weights.header, vocabulary.pieces
    start, end = pieces[vocabulary.start_id], pieces[vocabulary.end_id]
    modules = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_size": header.hidden,
            "intermediate_size": header.feed_forward,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": header.positions,
            "num_attention_heads": header.heads,
            "num_hidden_layers": header.layers,
            "pad_token_id": vocabulary.pad_id,
            "type_vocab_size": header.token_types,
            "vocab_size": header.vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": _MAX_TOKENS,
            "bos_token": start,
            "cls_token": start,
            "eos_token": end,
            "sep_token": end,
            "pad_token": pieces[vocabulary.pad_id],
            "unk_token": pieces[vocabulary.unknown_id],
            "mask_token": pieces[max(vocabulary.special_ids)],
        },
        "modules.json": [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (kind, path) in enumerate(modules.items())
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": header.hidden,
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


class _Make(Protocol):
    def __call__(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A tensor that is made when it is written, so that one is in memory at a time."""

    name: str
    shape: tuple[int, ...]
    make: _Make


def _tensors(weights: E5Weights) -> Iterator[_Tensor]:
    """All tensors under the names that transformers gives them."""
    header = weights.header
    hidden, wide = header.hidden, header.feed_forward

    def matrix(name: str, source: str, rows: int, columns: int) -> _Tensor:
        def make() -> Floats:
            return weights.matrix(source, columns=columns).dequantised()

        return _Tensor(name, (rows, columns), make)

    def vector(name: str, source: str, *shape: int) -> _Tensor:
        return _Tensor(name, shape, partial(weights.vector, source))

    yield matrix("embeddings.word_embeddings.weight", "emb.word", header.vocabulary, hidden)
    yield vector("embeddings.position_embeddings.weight", "emb.pos", header.positions, hidden)
    yield vector("embeddings.token_type_embeddings.weight", "emb.type", header.token_types, hidden)
    yield vector("embeddings.LayerNorm.weight", "emb.ln.w", hidden)
    yield vector("embeddings.LayerNorm.bias", "emb.ln.b", hidden)
    linear = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "intermediate.dense": ("fi", wide, hidden),
        "output.dense": ("fo", hidden, wide),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for number in range(header.layers):
        target, source = f"encoder.layer.{number}", f"l{number}"
        for name, (short, rows, columns) in linear.items():
            yield matrix(f"{target}.{name}.weight", f"{source}.{short}.w", rows, columns)
            yield vector(f"{target}.{name}.bias", f"{source}.{short}.b", rows)
        for name, short in norms.items():
            yield vector(f"{target}.{name}.weight", f"{source}.{short}.w", hidden)
            yield vector(f"{target}.{name}.bias", f"{source}.{short}.b", hidden)
    # BertModel has a pooler that sentence-transformers does not use and the package left out;
    # without it transformers warns that weights are missing.
    yield _Tensor("pooler.dense.weight", (hidden, hidden), partial(_zeros, hidden, hidden))
    yield _Tensor("pooler.dense.bias", (hidden,), partial(_zeros, hidden))


def _zeros(*shape: int) -> Floats:
    return np.zeros(shape, np.float32)


def _write_safetensors(path: Path, tensors: list[_Tensor]) -> None:
    """Writes one tensor at a time: length of the header, the header as JSON, the bytes."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for tensor in tensors:
        begin, end = end, end + 4 * int(np.prod(tensor.shape))
        header[tensor.name] = {
            "dtype": "F32",
            "shape": tensor.shape,
            "data_offsets": [begin, end],
        }
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", len(encoded)) + encoded)
        for tensor in tensors:
            stream.write(np.ascontiguousarray(tensor.make(), "<f4").data)
