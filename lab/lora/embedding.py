"""LoRA on a table of embeddings: the update of a row is a narrow row looked up, then widened."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from lab.errors import TargetError
from lab.lora.layer import LoRALayer


class LoRAEmbedding(LoRALayer):
    """An Embedding layer (num, dim) with a trainable low-rank update beside it.

    lora_A (r, num) starts at zero and lora_B (dim, r) normal, as in loralib and PEFT: the other
    way round, rows that no batch has would be moved by the training of B. Dropout has no place
    on ids; PEFT has none here either.
    Raises TargetError for a table that rewrites its rows as it is read (max_norm).
    """

    kinds = ("Embedding",)
    adapted = LoRALayer.two_branches

    def first_factors(self) -> tuple[Tensor, Tensor]:
        """The first A, B: a product of zero, from which the training moves."""
        if self.base_layer.max_norm is not None:
            raise TargetError(
                "an Embedding with max_norm rewrites its weight as it is read, and the base is "
                "never written here; choose other layers"
            )
        b = torch.empty(self.out_features, self.r, dtype=torch.float32)
        return torch.zeros(self.r, self.in_features, dtype=torch.float32), b.normal_()

    def branch_input(self, x: Tensor) -> Tensor:
        """The ids, as they are."""
        return x

    def product(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """The rows of another table: ids (...) -> (..., dim), and no bias."""
        base = self.base_layer
        return F.embedding(x, weight, base.padding_idx, scale_grad_by_freq=base.scale_grad_by_freq)

    def update(self, x: Tensor) -> Tensor:
        """The low-rank branch's output: ids (...) -> (..., dim)."""
        a, b = self.factors()
        narrow = self.product(x, a.T, None)  # (..., r)
        return F.linear(narrow * self.scaling, b)

    def file_names(self) -> dict[str, str]:
        """Each trained tensor's name in the layer, and in PEFT's files."""
        return {"lora_A": "lora_embedding_A", "lora_B": "lora_embedding_B"}
