"""PiSSA: training starts at the weight's own largest directions (Meng et al. 2024).

    W = U S Vᵀ      s · B₀A₀ = U_r S_r V_rᵀ      W' = W - s · B₀A₀ + s · BA

The paper, and PEFT, write the residual W - s · B₀A₀ over W. Here W is shared and never written:
A₀ and B₀ are kept, and their product is taken off at each forward. So ΔW = s · (BA - B₀A₀) is a
plain update of rank 2r, which is how it is saved: for any program, on the untouched base.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor

from lab.config import LoRAConfig
from lab.errors import TargetError
from lab.lora.layer import LoRALayer, low_rank_update


class PiSSALayer(LoRALayer):
    """A layer whose factors start as the r largest directions of its weight.

    start_A (r, in), start_B (out, r): A₀ and B₀.
    Raises TargetError for a rank above the weight's own.
    """

    def draw(self) -> None:
        """Makes what trains, as it starts, and keeps the start."""
        super().draw()
        # Not in a state dict: the base's weight says what they are.
        self.register_buffer("start_A", self.lora_A.detach().clone(), persistent=False)
        self.register_buffer("start_B", self.lora_B.detach().clone(), persistent=False)

    @torch.no_grad()
    def first_factors(self) -> tuple[Tensor, Tensor]:
        """A₀ = √(S_r / s) V_rᵀ and B₀ = U_r √(S_r / s) (section 3, equations 2 and 3)."""
        highest = min(self.out_features, self.in_features)
        if self.r > highest:
            raise TargetError(
                f"PiSSA cannot start r = {self.r} directions of a layer that has {highest}; "
                f"choose r of at most {highest}"
            )
        weight = self.to_rows(self.base_layer.weight).float()
        u, s, vt = torch.linalg.svd(weight, full_matrices=False)  # (out, k), (k), (k, in)
        root = (s[: self.r] / self.scaling).sqrt()
        return root[:, None] * vt[: self.r], u[:, : self.r] * root

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) -> (..., out), in the type the base layer answers in."""
        if self.merged_weight is not None:
            return self.product(x, self.merged_weight, self.bias)
        y = self.base_layer(x)
        start = low_rank_update(x.to(self.start_A.dtype), self.start_A, self.start_B, self.scaling)
        return y + (self.update(self.branch_input(x)) - start).to(y.dtype)

    def delta_weight(self) -> Tensor:
        """ΔW = s · (BA - B₀A₀) in fp32, in the shape of the base's weight."""
        return super().delta_weight() - self.from_rows(self.start_B @ self.start_A * self.scaling)

    def exported(self) -> dict[str, Tensor]:
        """ΔW as one update of rank 2r: [B, -B₀] [A; A₀]."""
        a = torch.cat([self.lora_A, self.start_A])  # (2r, in)
        b = torch.cat([self.lora_B, -self.start_B], 1)  # (out, 2r)
        return {"lora_A.weight": a.detach(), "lora_B.weight": b.detach()}


def as_plain_lora(config: LoRAConfig) -> LoRAConfig:
    """The settings under which the exported factors of rank 2r mean the same update."""
    if config.init_lora_weights != "pissa":
        return config
    # alpha / r, or alpha / sqrt(r), is to stay what it was.
    grown = math.sqrt(2) if config.use_rslora else 2
    return replace(
        config,
        r=2 * config.r,
        lora_alpha=grown * config.lora_alpha,
        rank_pattern=[(name, 2 * r) for name, r in config.rank_pattern],
        alpha_pattern=[(name, grown * alpha) for name, alpha in config.alpha_pattern],
        init_lora_weights=True,
    )
