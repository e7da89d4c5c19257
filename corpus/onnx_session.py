"""Opens converted models: the only home of onnxruntime."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ModelError


class OnnxModel:
    """A model that takes token ids, one sequence at a time. Safe to call from several threads.

    One sequence at a time is not slower: its activations stay in the cache, nothing is padded,
    and several sequences run side by side in threads of the caller. It also makes the result for
    a text depend on that text alone: int8 activations share one scale for all that is in a call.
    """

    def __init__(self, path: Path) -> None:
        """Opens the model at `path`.

        Raises:
            ModelError: where onnxruntime cannot load it.
        """
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as state

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # `corpus.bert_graph` wrote fused operators: looking for more takes time and finds none.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except (
            state.Fail,
            state.InvalidGraph,
            state.InvalidProtobuf,
            state.NoSuchFile,
            state.NotImplemented,
            state.RuntimeException,
        ) as error:
            raise ModelError(
                f"The model {path} cannot be loaded: {error}. "
                f"Remove the folder {path.parent.parent}: it is written anew at the next start."
            ) from error

    def run(self, ids: list[int], types: list[int] | None = None) -> npt.NDArray[np.float32]:
        """The model's first output for one sequence, without the batch dimension.

        Args:
            ids: token ids, special tokens included.
            types: token types, where the model takes them.
        """
        row = np.asarray([ids], np.int64)
        feed = {"input_ids": row}
        if types is not None:
            feed["token_type_ids"] = np.asarray([types], np.int64)
        output: npt.NDArray[np.float32] = self._session.run(None, feed)[0][0]
        return output


def usable_threads(asked: int) -> int:
    """`asked`, or where that is 0 the number of cores this process may use."""
    if asked:
        return asked
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
