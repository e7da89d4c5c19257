"""A BERT encoder written out in float32: what the graphs are compared with."""

from __future__ import annotations

import math

import numpy as np
import torch

from corpus.bert import Encoder, Floats, Linear, Norm


def forward(encoder: Encoder, ids: list[int], types: list[int] | None = None) -> Floats:
    """Hidden vectors (tokens, hidden), or with a head the logit (1,)."""
    shape = encoder.shape
    kinds = types or [0] * len(ids)
    x = encoder.words.dequantised()[ids] + encoder.positions[: len(ids)] + encoder.types[kinds]
    x = _norm(x, encoder.embedding_norm, shape.epsilon)
    for number in range(shape.layers):
        layer = encoder.layer(number)
        query, key, value = (
            part.reshape(len(ids), shape.heads, -1).transpose(1, 0, 2)
            for part in np.split(_linear(x, layer.projection), 3, axis=1)
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        context = (weights @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        x = _norm(x + _linear(context, layer.attended), layer.attended_norm, shape.epsilon)
        wide = _linear(x, layer.wide)
        active = wide * 0.5 * (1 + torch.erf(torch.from_numpy(wide / math.sqrt(2))).numpy())
        x = _norm(x + _linear(active, layer.narrow), layer.output_norm, shape.epsilon)
    if encoder.head is None:
        return x
    pooled = np.tanh(_linear(x[0], encoder.head.pooler))
    return _linear(pooled, encoder.head.classifier)


def _linear(x: Floats, linear: Linear) -> Floats:
    return x @ (linear.weight.astype(np.float32) * linear.scale) + linear.bias


def _norm(x: Floats, norm: Norm, epsilon: float) -> Floats:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + epsilon)
    scaled: Floats = centred / spread * norm.weight + norm.bias
    return scaled
