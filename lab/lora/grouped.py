"""One model that carries the adapters of several, over the frozen base that they share.

What is stacked is batches: the first rows belong to the first adapter, and so on. The factors stay
the parameters of each model's own layers, and lie in the buckets' memory meanwhile: whoever trains
them through the grouped model, or looks at them through their own, finds the same numbers.

Letters: K adapters, N rows of one adapter's input, r rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from lab.lora.grouped_product import Bucket, find_buckets, grouped_linear
from lab.lora.inject import copy_sharing_parameters, replace_lora_layers
from lab.lora.layer import LoRALayer, find_lora_layers


class GroupedLoRALayer(nn.Module):
    """A frozen Linear or Conv1D layer with the updates of K plain LoRA layers beside it.

    In train mode rows come as K equal parts, each with its own update. In eval mode the base
    answers alone: what runs then is what all adapters share.
    Until `release`, the layers' factors are views of what is stacked here.
    """

    def __init__(self, base_layer: nn.Module, layers: Sequence[LoRALayer]) -> None:
        super().__init__()
        self.base_layer = base_layer
        self._layers = tuple(layers)  # in a tuple, for they are no parts of this model
        ranks = [layer.r for layer in layers]
        self.buckets = [_stack(layers, members) for members in find_buckets(ranks)]
        self.lora_A = nn.ParameterList(layer.lora_A for layer in layers)
        self.lora_B = nn.ParameterList(layer.lora_B for layer in layers)

    def forward(self, x: Tensor) -> Tensor:
        """(K·N, ..., in) -> (K·N, ..., out)."""
        if not self.training:
            return self.base_layer(x)
        weight = self._layers[0].to_rows(self.weight)  # (out, in)
        return grouped_linear(x, weight, self.bias, self.buckets, [*self.lora_A, *self.lora_B])

    @property
    def weight(self) -> Tensor:
        """The base's weight: models read it for its type and device."""
        return self.base_layer.weight

    @property
    def bias(self) -> Tensor | None:
        """The base's bias."""
        return self.base_layer.bias

    def release(self) -> None:
        """Gives every factor memory of its own again."""
        for factor in (*self.lora_A, *self.lora_B):
            factor.data = factor.detach().clone(memory_format=torch.contiguous_format)


def _stack(layers: Sequence[LoRALayer], members: slice) -> Bucket:
    """Moves the layers' factors into one bucket."""
    ours = layers[members]
    rank, like = max(layer.r for layer in ours), ours[0].lora_A
    a = like.new_zeros(len(ours), rank, ours[0].in_features)
    b = like.new_zeros(len(ours), rank, ours[0].out_features)
    for i, layer in enumerate(ours):
        a[i, : layer.r] = layer.lora_A.detach()
        b[i, : layer.r] = layer.lora_B.detach().T
        layer.lora_A.data, layer.lora_B.data = a[i, : layer.r], b[i, : layer.r].T
    scaling = torch.tensor([layer.scaling for layer in ours], device=a.device)
    return Bucket(members, a, b, scaling.view(-1, 1, 1))


@contextmanager
def grouped(models: Sequence[nn.Module]) -> Iterator[nn.Module]:
    """Within it, one model with the adapters of all `models`, which carry plain LoRA alike.

    It shares the first one's frozen base, and the factors of each.
    """
    model = copy_sharing_parameters(models[0])
    adapters = [find_lora_layers(one) for one in models]
    layers = {
        id(layer): GroupedLoRALayer(layer.base_layer, [adapter[path] for adapter in adapters])
        for path, layer in find_lora_layers(model).items()
    }
    replace_lora_layers(model, layers)
    try:
        yield model
    finally:
        for layer in layers.values():
            layer.release()
