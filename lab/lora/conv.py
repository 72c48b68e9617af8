"""LoRA on a convolution: a narrow convolution with r channels, then one of size 1 to widen it."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lab.errors import TargetError
from lab.lora.layer import LoRALayer


class LoRAConv2d(LoRALayer):
    """A Conv2d layer (out, in, kh, kw) with a trainable low-rank update beside it.

    lora_A (r, in, kh, kw) and lora_B (out, r, 1, 1): as (r, in·kh·kw) and (out, r) they are
    those of the weight as a matrix.
    Raises TargetError for grouped, dilated or circular convolutions: PEFT's A ignores all that,
    so that an exported adapter would mean something else there.
    """

    kinds = ("Conv2d",)
    adapted = LoRALayer.two_branches

    def first_factors(self) -> tuple[Tensor, Tensor]:
        """The first A, B: a product of zero, from which the training moves."""
        base = self.base_layer
        if base.groups > 1 or base.dilation != (1, 1) or base.padding_mode != "zeros":
            raise TargetError(
                f"{base} cannot carry LoRA: choose convolutions without groups and dilation, "
                "padded with zeros"
            )
        a = torch.empty(self.r, *base.weight.shape[1:], dtype=torch.float32)
        nn.init.kaiming_uniform_(a, a=math.sqrt(5))
        return a, torch.zeros(self.out_features, self.r, 1, 1, dtype=torch.float32)

    def product(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """The convolution with another kernel: (N, in, h, w) -> (N, out, h', w')."""
        return F.conv2d(x, weight, bias, self.base_layer.stride, self.base_layer.padding)

    def update(self, x: Tensor) -> Tensor:
        """The low-rank branch's output: (N, in, h, w) -> (N, out, h', w')."""
        a, b = self.factors()
        narrow = self.product(x, a, None)  # (N, r, h', w')
        return F.conv2d(narrow * self.scaling, b)

    def per_output(self, values: Tensor) -> Tensor:
        """A value for each output (out), in the shape that meets them."""
        return values.view(1, -1, 1, 1)
