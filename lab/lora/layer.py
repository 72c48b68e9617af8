"""One adapted layer: a frozen product and a low-rank one beside it (Hu et al. 2021).

                  x
            ┌─────┴──────┐
            │         dropout
      ┌─────┴─────┐      │
      │  frozen W │      A     (r, in)    Kaiming-uniform
      │ (out, in) │      │
      └─────┬─────┘      B     (out, r)   zero: the untrained layer equals its base
            │            │
            └───── + ────┘ · lora_alpha / r

Knows nothing about models and paths, and of files the names alone.
"""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lab.errors import TargetError
from lab.lora.products import Update, adapted_linear

LayerKind = Literal["Linear", "Conv1D", "Embedding", "Conv2d"]


def layer_kind(module: nn.Module) -> LayerKind | None:
    """What LoRA calls the layer, or None where LoRA cannot go.

    Conv1D is GPT-2's linear layer with its weight as (in, out). It is known by its class name,
    and so are the others: subclasses (quantised ones, the output layer of torch's own
    MultiheadAttention, embeddings that scale) compute in ways of their own.
    """
    name = type(module).__name__
    for kind in (nn.Linear, nn.Embedding, nn.Conv2d):
        if name == kind.__name__ and isinstance(module, kind):
            return name
    if name == "Conv1D" and getattr(module, "weight", torch.empty(0)).ndim == 2:
        return "Conv1D"
    return None


def layer_shape(module: nn.Module) -> tuple[int, int]:
    """(out, in) of a layer's weight as a matrix: a row makes one output."""
    rows, columns = module.weight.flatten(1).shape
    return (columns, rows) if _is_transposed(module) else (rows, columns)


def _is_transposed(module: nn.Module) -> bool:
    # An Embedding is a product with one-hot rows: its weight (num, dim) lies as (in, out).
    return layer_kind(module) in ("Conv1D", "Embedding")


def low_rank_update(x: Tensor, a: Tensor, b: Tensor, scaling: float) -> Tensor:
    """scaling · x AᵀBᵀ: (..., in) -> (..., out), with A (r, in) and B (out, r).

    The scale goes on the narrow product: r numbers a row instead of `out`.
    """
    return F.linear(F.linear(x, a) * scaling, b)


class LoRALayer(nn.Module):
    """A Linear or Conv1D layer with a trainable low-rank update beside it.

    base_layer: is never written. lora_A (r, in) and lora_B (out, r) are fp32, whatever the
    base's type, and lie on the base's device. A is drawn from torch's CPU generator, so that a
    seed means the same on every device.
    merge_weights: eval mode then computes with one merged weight instead of two branches.
    use_rslora: the scaling is lora_alpha / sqrt(r) instead of lora_alpha / r.
    drops_factors: dropout zeroes entries of A and B instead of the branch's input.
    Raises TargetError for any other layer.

    The other kinds and methods are subclasses, each saying what differs.
    """

    kinds: ClassVar[tuple[str, ...]] = ("Linear", "Conv1D")

    def __init__(
        self,
        base_layer: nn.Module,
        r: int = 8,
        lora_alpha: float = 16.0,
        lora_dropout: float = 0.0,
        merge_weights: bool = False,
        use_rslora: bool = False,
        drops_factors: bool = False,
    ) -> None:
        super().__init__()
        kind = layer_kind(base_layer)
        if kind not in self.kinds:
            raise TargetError(
                f"{type(base_layer).__name__} cannot carry {type(self).__name__}: choose a layer "
                f"among {', '.join(self.kinds)}"
            )
        self.base_layer, self.kind = base_layer, kind
        self.fan_in_fan_out = _is_transposed(base_layer)
        self.out_features, self.in_features = layer_shape(base_layer)
        self.r, self.lora_alpha = r, lora_alpha
        self.scaling = lora_alpha / (math.sqrt(r) if use_rslora else r)
        self.merge_weights, self.drops_factors = merge_weights, drops_factors
        self.dropout = nn.Dropout(lora_dropout) if lora_dropout else nn.Identity()
        self.draw()
        self.register_buffer("merged_weight", None, persistent=False)
        self.train(base_layer.training)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) -> (..., out), in the type the base layer answers in."""
        if self.merged_weight is not None:
            return self.product(x, self.merged_weight, self.bias)
        return self.adapted(x)

    def adapted(self, x: Tensor) -> Tensor:
        """W and its update at work on x, in one product with a backward pass of its own."""
        drops = self.training and isinstance(self.dropout, nn.Dropout) and not self.drops_factors
        update = Update(*self.factors(), self.scaling, self.dropout.p if drops else 0.0)
        return adapted_linear(x, self.to_rows(self.base_layer.weight), self.bias, update)

    def two_branches(self, x: Tensor) -> Tensor:
        """The same, as the picture has it, for layers that are no matrix product."""
        y = self.base_layer(x)
        return y + self.update(self.branch_input(x)).to(y.dtype)

    def draw(self) -> None:
        """Makes what trains, as it starts."""
        a, b = self.first_factors()
        self.lora_A = nn.Parameter(a.to(self.base_layer.weight.device))
        self.lora_B = nn.Parameter(b.to(self.base_layer.weight.device))

    def first_factors(self) -> tuple[Tensor, Tensor]:
        """The first A, B: a product of zero, from which the training moves."""
        a = torch.empty(self.r, self.in_features, dtype=torch.float32)
        # a = sqrt(5) is what nn.Linear itself starts from, and loralib and PEFT with it.
        nn.init.kaiming_uniform_(a, a=math.sqrt(5))
        return a, torch.zeros(self.out_features, self.r, dtype=torch.float32)

    def branch_input(self, x: Tensor) -> Tensor:
        """What the low-rank branch reads of the layer's input."""
        x = x.to(self.lora_A.dtype)
        return x if self.drops_factors else self.dropout(x)

    def factors(self) -> tuple[Tensor, Tensor]:
        """A and B as the branch multiplies by them: with dropout on them, a draw of each."""
        if not self.drops_factors:
            return self.lora_A, self.lora_B
        return self.dropout(self.lora_A), self.dropout(self.lora_B)

    def product(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """What the base layer computes, with another weight of the same shape."""
        return F.linear(x, weight.T if self.fan_in_fan_out else weight, bias)

    def update(self, x: Tensor) -> Tensor:
        """The low-rank branch's output."""
        a, b = self.factors()
        return low_rank_update(x, a, b, self.scaling)

    def file_names(self) -> dict[str, str]:
        """Each trained tensor's name in the layer, and in PEFT's files."""
        return {"lora_A": "lora_A.weight", "lora_B": "lora_B.weight"}

    def exported(self) -> dict[str, Tensor]:
        """The tensors of PEFT's files that make this layer of its base."""
        return {file: getattr(self, name).detach() for name, file in self.file_names().items()}

    @property
    def weight(self) -> Tensor:
        """The base's weight, or the merged one: models read it for its type and device."""
        return self.base_layer.weight if self.merged_weight is None else self.merged_weight

    @property
    def bias(self) -> Tensor | None:
        """The base's bias; an Embedding has none."""
        return getattr(self.base_layer, "bias", None)

    @property
    def merged(self) -> bool:
        """Whether forward computes with the merged weight."""
        return self.merged_weight is not None

    def delta_weight(self) -> Tensor:
        """ΔW = scaling · BA in fp32, in the shape of the base's weight."""
        return self.from_rows(self.lora_B.flatten(1) @ self.lora_A.flatten(1) * self.scaling)

    def full_weight(self) -> Tensor:
        """W + ΔW in fp32: the one weight that does what the two branches do."""
        with torch.autocast(self.lora_A.device.type, enabled=False):
            return self.base_layer.weight.float() + self.delta_weight()

    def to_rows(self, weight: Tensor) -> Tensor:
        """A weight as (out, in): a row makes one output."""
        return (weight.T if self.fan_in_fan_out else weight).flatten(1)

    def per_output(self, values: Tensor) -> Tensor:
        """A value for each output (out), in the shape that meets them."""
        return values

    def from_rows(self, rows: Tensor) -> Tensor:
        """(out, in) in the shape of the base's weight again."""
        rows = rows.T if self.fan_in_fan_out else rows
        return rows.reshape(self.base_layer.weight.shape)

    @torch.no_grad()
    def merge(self) -> None:
        """Builds W + ΔW beside W.

        Adding to W itself and subtracting later, as loralib does, would drift: 200 toggles in
        bf16 left |W - W₀| = 1e-3.
        """
        self.merged_weight = self.full_weight().to(self.base_layer.weight.dtype)

    def unmerge(self) -> None:
        """Goes back to two branches; nothing to undo, the base was not written."""
        self.merged_weight = None

    def train(self, mode: bool = True) -> LoRALayer:
        """Training always unmerges: a merged layer has no path for A's and B's gradients."""
        super().train(mode)
        if mode:
            self.unmerge()
        elif self.merge_weights:
            self.merge()
        return self

    def extra_repr(self) -> str:
        """Shown by print(model)."""
        return f"r={self.r}, lora_alpha={self.lora_alpha}, merged={self.merged}"


def find_lora_layers(model: nn.Module) -> dict[str, LoRALayer]:
    """Path -> adapted layer; a layer shared by several paths is listed under its first."""
    layers = model.named_modules()
    return {path: layer for path, layer in layers if isinstance(layer, LoRALayer)}
