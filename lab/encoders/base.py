"""The seam between models and everything that trains or measures them.

Knows nothing about LoRA, losses or any model library.
Letters: B batch, D embedding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from torch import Tensor, nn

from lab.data.pair import Item, Kind, Side


@runtime_checkable
class Encoder(Protocol):
    """A model that turns items of either side of a pair into embeddings of one space.

    name: what was asked for (a bundled name, a hub id, a folder's name).
    family: "clip", "gpt2", "bert" or "sentence".
    kind: the pairs it takes.
    module: the network whose layers LoRA may target; its paths are those PEFT would see.
    towers: tower name -> prefix of its paths in `module`; empty when both sides share all.
    dim: D.
    pooling: how token features became one embedding ("mean", "cls", "last", "projection", ...).
    """

    name: str
    family: str
    kind: Kind
    module: nn.Module
    towers: Mapping[str, str]
    dim: int
    pooling: str

    def preprocess(
        self, items: Sequence[Item], side: Side, multiple_of: int = 1
    ) -> dict[str, Tensor]:
        """Items -> the module's input tensors, on the CPU, padded to the longest of the batch.

        multiple_of: texts are padded further, to such a number of tokens if the model takes it.
        """
        ...

    def embed(self, inputs: Mapping[str, Tensor], side: Side) -> Tensor:
        """Input tensors -> embeddings (B, D) as the model defines them; gradients flow."""
        ...

    def with_module(self, module: nn.Module) -> Encoder:
        """The same encoder around another copy of its module."""
        ...


def describe(encoder: Encoder) -> str:
    """The network as it prints itself: the text that target names are read from."""
    return str(encoder.module)
