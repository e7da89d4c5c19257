"""A BERT encoder whose upper layers were tuned: its weights, and what tuning adds to them.

The file (NumPy's `.npz`, float16) holds for each tuned matrix two thin ones, whose product is
added (LoRA, Hu et al. 2021), and its bias; for each tuned norm its weight and bias. The sums are
rounded to int8 again (`corpus.bert.quantised`). `benchmarks/tune.py` makes the file.

    layer6/projection/down   (inputs, rank)
    layer6/projection/up     (rank, outputs)
    layer6/projection/bias   (outputs,)
    layer6/attended_norm/weight, .../bias
    pooler/..., classifier/bias
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.bert import (
    Encoder,
    Floats,
    Head,
    Layer,
    Linear,
    Norm,
    Q4Table,
    Shape,
    U8Table,
    quantised,
)


class TunedWeights:
    """See `corpus.bert.Encoder`."""

    def __init__(self, base: Encoder, tuning: Path) -> None:
        """Takes the weights that were tuned and the checked file of what is added."""
        self._base = base
        with np.load(tuning, allow_pickle=False) as held:
            self._added = {name: held[name].astype(np.float32) for name in held.files}

    @property
    def shape(self) -> Shape:
        """See `Encoder.shape`."""
        return self._base.shape

    @property
    def words(self) -> Q4Table | U8Table:
        """See `Encoder.words`."""
        return self._base.words

    @property
    def positions(self) -> Floats:
        """See `Encoder.positions`."""
        return self._base.positions

    @property
    def types(self) -> Floats:
        """See `Encoder.types`."""
        return self._base.types

    @property
    def embedding_norm(self) -> Norm:
        """See `Encoder.embedding_norm`."""
        return self._base.embedding_norm

    @property
    def head(self) -> Head | None:
        """See `Encoder.head`."""
        head = self._base.head
        if head is None:
            return None
        return Head(
            pooler=self._linear("pooler", head.pooler),
            classifier=self._linear("classifier", head.classifier),
        )

    def layer(self, number: int) -> Layer:
        """See `Encoder.layer`."""
        layer, name = self._base.layer(number), f"layer{number}"
        return Layer(
            projection=self._linear(f"{name}/projection", layer.projection),
            attended=self._linear(f"{name}/attended", layer.attended),
            attended_norm=self._norm(f"{name}/attended_norm", layer.attended_norm),
            wide=self._linear(f"{name}/wide", layer.wide),
            narrow=self._linear(f"{name}/narrow", layer.narrow),
            output_norm=self._norm(f"{name}/output_norm", layer.output_norm),
        )

    def _linear(self, name: str, linear: Linear) -> Linear:
        bias = self._added.get(f"{name}/bias", linear.bias)
        down, up = self._added.get(f"{name}/down"), self._added.get(f"{name}/up")
        if down is None or up is None:
            return replace(linear, bias=bias)
        return quantised(linear.weight.astype(np.float32) * linear.scale + down @ up, bias)

    def _norm(self, name: str, norm: Norm) -> Norm:
        weight = self._added.get(f"{name}/weight")
        bias = self._added.get(f"{name}/bias")
        return norm if weight is None or bias is None else Norm(weight=weight, bias=bias)
