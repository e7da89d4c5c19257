"""Very small sentence-transformers models with random weights, written by the library itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertForSequenceClassification, BertModel

from corpus.weights import BGE_SMALL, verified_file


def write_embedder(folder: Path, *, seed: int = 0) -> Path:
    """An embedding model of 16 dimensions with prompts for queries and documents."""
    bare = folder.with_name(f"{folder.name}-bare")
    torch.manual_seed(seed)
    BertModel(_config()).save_pretrained(bare)
    _write_tokenizer(bare)
    word = Transformer(str(bare))
    prompts = {"query": "query: ", "document": "passage: "}
    model = SentenceTransformer(
        modules=[word, Pooling(word.get_embedding_dimension())], prompts=prompts, device="cpu"
    )
    model.save(str(folder))
    shutil.rmtree(bare)
    return folder


def write_cross_encoder(folder: Path, *, labels: int = 1) -> Path:
    """A cross-encoder with this many scores for a pair."""
    bare = folder.with_name(f"{folder.name}-bare")
    torch.manual_seed(0)
    BertForSequenceClassification(_config(labels)).save_pretrained(bare)
    _write_tokenizer(bare)
    CrossEncoder(str(bare), num_labels=labels, device="cpu").save_pretrained(str(folder))
    shutil.rmtree(bare)
    return folder


def _config(labels: int = 1) -> BertConfig:
    return BertConfig(
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        id2label={number: str(number) for number in range(labels)},
    )


def _write_tokenizer(folder: Path) -> None:
    shutil.copy(verified_file(BGE_SMALL, "tokenizer.json"), folder)
    special = ("unk_token", "sep_token", "pad_token", "cls_token", "mask_token")
    content: dict[str, object] = {name: f"[{name[:-6].upper()}]" for name in special}
    content |= {"tokenizer_class": "BertTokenizer", "model_max_length": 64}
    (folder / "tokenizer_config.json").write_text(json.dumps(content))
