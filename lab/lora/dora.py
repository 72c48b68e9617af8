"""DoRA: the weight's rows as direction times length, each learned by itself (Liu et al. 2024).

    W' = m · (W + ΔW) / ‖W + ΔW‖        m (out), one length for each row of the weight

The low-rank update turns the rows, m sets their lengths; m starts as ‖W‖, so that W' = W.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lab.lora.layer import LoRALayer


class DoRALayer(LoRALayer):
    """A layer whose low-rank update turns the weight's rows and leaves their lengths to m.

    lora_magnitude_vector: m (out), in fp32; (1, out, 1, 1) over Conv2d.
    `delta_weight` is ΔW, which turns the rows.
    """

    def draw(self) -> None:
        """Makes what trains, as it starts."""
        super().draw()
        self.lora_magnitude_vector = nn.Parameter(self.per_output(self._row_norms()))

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) -> (..., out), in the type the base layer answers in."""
        if self.merged_weight is not None:
            return self.product(x, self.merged_weight, self.bias)
        y = self.base_layer(x)
        dropped = self.branch_input(x)
        # W' reads the dropped input and W the whole one, as in the paper's own code and in PEFT.
        if self.training and isinstance(self.dropout, nn.Dropout):
            frozen = self.product(dropped, self.base_layer.weight.to(self.lora_A.dtype), None)
        else:
            frozen = y if self.bias is None else y - self.per_output(self.bias)
        # Equal to W'x, written so that m = ‖W‖ and B = 0 add nothing, bit for bit.
        scale = self._scale()  # (out)
        return y + ((scale - 1) * frozen + scale * self.update(dropped)).to(y.dtype)

    def full_weight(self) -> Tensor:
        """W' in fp32: the one weight that does what forward does."""
        rows = self.to_rows(super().full_weight()) * self._scale().view(-1, 1)  # (out, in)
        return self.from_rows(rows)

    def file_names(self) -> dict[str, str]:
        """Each trained tensor's name in the layer, and in PEFT's files."""
        return super().file_names() | {"lora_magnitude_vector": "lora_magnitude_vector"}

    def _scale(self) -> Tensor:
        return self.lora_magnitude_vector / self.per_output(self._row_norms())

    @torch.no_grad()
    def _row_norms(self) -> Tensor:
        """‖W + ΔW‖ (out). A constant to the gradient (section 4.3), which saves its memory."""
        rows = self.to_rows(super().full_weight())
        # A row of zeros has no direction; it stays zero instead of 0 / 0.
        return rows.norm(dim=1).clamp_min(torch.finfo(rows.dtype).tiny)
