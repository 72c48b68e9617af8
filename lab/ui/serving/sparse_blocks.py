"""Answers of which most is "leave it as it is", at the price of what they say.

A handler here may answer for any part of the page and names a few. gradio 6.31 makes anew, on the
event loop, every part that an answer leaves alone: 60 ms for five values and sixty gaps.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.blocks import Block

if TYPE_CHECKING:
    from gradio.block_function import BlockFunction
    from gradio.state_holder import SessionState


class SparseBlocks(gr.Blocks):
    """As gr.Blocks. Of an answer, only what it names is prepared for the page, and nothing kept."""

    async def postprocess_data(
        self, block_fn: BlockFunction, predictions: Any, state: SessionState | None
    ) -> list[Any]:
        """The answer as the page takes it, a value for each of the handler's outputs."""
        if state is not None:
            state.config_values = Unkept()
        named = find_named(block_fn.outputs, predictions)
        if named is None:
            return await super().postprocess_data(block_fn, predictions, state)
        answer = {output: None if output.stateful else gr.skip() for output in block_fn.outputs}
        if named:
            outputs, values = list(named), list(named.values())
            fewer = copy.copy(block_fn)
            fewer.outputs = outputs
            told = values[0] if len(values) == 1 else values
            prepared = await super().postprocess_data(fewer, told, state)
            answer |= zip(outputs, prepared, strict=True)
        return list(answer.values())


def find_named(outputs: Sequence[Block], answer: Any) -> dict[Block, Any] | None:
    """What an answer names: output -> value, in the answer's order of outputs.

    None: the answer is not of a kind that leaves outputs alone, and is gradio's to understand.
    """
    if len(set(outputs)) < max(2, len(outputs)):
        return None
    if is_skip(answer):
        return {}
    if isinstance(answer, Mapping) and all(isinstance(key, Block) for key in answer):
        return {key: value for key, value in answer.items() if not is_skip(value)}
    if isinstance(answer, (list, tuple)) and len(answer) == len(outputs):
        paired = zip(outputs, answer, strict=True)
        return {output: value for output, value in paired if not is_skip(value)}
    return None


def is_skip(value: Any) -> bool:
    """Whether it leaves an output alone."""
    return isinstance(value, dict) and value == gr.skip()


class Unkept(dict):
    """What a session keeps of the page it shows, for links to it as it was: the lab has none.

    Has a place for whatever is put there, and keeps nothing. Sessions are remembered for long after
    their pages were closed, and this is nearly all of each: 0.7 MB, and every chart it was shown.
    """

    def __contains__(self, key: object) -> bool:
        return True

    def __getitem__(self, key: object) -> dict[str, Any]:
        return {}

    def __setitem__(self, key: object, value: object) -> None:
        pass
