"""A window of Gradio's that leaves alone what a step does not change."""

from __future__ import annotations

from copy import copy
from typing import Any

from gradio.blocks import Blocks, convert_component_dict_to_list
from gradio.components import _Keywords
from gradio.helpers import skip


class Window(Blocks):
    """Blocks whose handlers may name only what they change, at no cost for the rest.

    Gradio has a component that a step leaves out made anew, with none of its properties changed,
    and its configuration written again, for each step of each answer: a sixth of all the work of
    a window.
    """

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:
        """What is sent to the browser, in the order of the outputs."""
        outputs, unchanged = list(block_fn.outputs), skip()
        if predictions == (_Keywords.FINISHED_ITERATING,) * len(outputs):
            # Where no step came before the end, Gradio would empty all of these.
            return [None if output.stateful else unchanged for output in outputs]
        if predictions == unchanged and len(outputs) > 1:
            predictions = [unchanged] * len(outputs)
        elif isinstance(predictions, dict) and predictions:
            predictions = convert_component_dict_to_list(outputs, predictions)
        if not isinstance(predictions, list) or len(predictions) != len(outputs):
            return await super().postprocess_data(block_fn, predictions, state)
        changed = [place for place, value in enumerate(predictions) if value != unchanged]
        sent: list[Any] = [None if output.stateful else skip() for output in outputs]
        if changed:
            part = copy(block_fn)
            part.outputs = [outputs[place] for place in changed]
            values = [predictions[place] for place in changed]
            # Of one output alone Gradio expects its value, not a list.
            whole = values[0] if len(values) == 1 and not part.batch else values
            done = await super().postprocess_data(part, whole, state)
            for place, value in zip(changed, done, strict=True):
                sent[place] = value
        return sent
