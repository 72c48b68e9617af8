"""Inside the update: how large ΔW is beside W, and along how many directions it acts.

Letters: σ singular values of ΔW, largest first.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from lab.errors import TargetError
from lab.lora.dora import DoRALayer
from lab.lora.layer import LayerKind, LoRALayer, find_lora_layers


@dataclass(frozen=True)
class UpdateSpectrum:
    """One adapted layer's update.

    path: in the model, "text_model.encoder.layers.3.self_attn.q_proj".
    weight_norm: ‖W‖, Frobenius.
    singular_values: σ of ΔW; those that its rank makes zero are left out.
    r: of the layer's A and B; None where it is not known.
    """

    path: str
    kind: LayerKind
    weight_norm: float
    singular_values: tuple[float, ...]
    r: int | None = None

    @cached_property
    def _parts(self) -> re.Match[str] | None:
        return re.fullmatch(r"(?:(.*?)\.)?(\d+)\.(.+)", self.path)

    @property
    def stack(self) -> str:
        """What the blocks lie in, "text_model.encoder.layers"; empty for a layer outside."""
        return (self._parts[1] or "") if self._parts else ""

    @property
    def block(self) -> int | None:
        """The number of the block, the first in the path; None for a layer outside."""
        return int(self._parts[2]) if self._parts else None

    @property
    def name(self) -> str:
        """The path within the block, "self_attn.q_proj": one name for each layer of a block."""
        return self._parts[3] if self._parts else self.path

    @property
    def leaf(self) -> str:
        """The path's last name, "q_proj"."""
        return self.path.rpartition(".")[2]

    @property
    def update_norm(self) -> float:
        """‖ΔW‖, Frobenius: the root of the sum of σ²."""
        return math.hypot(*self.singular_values)

    @property
    def ratio(self) -> float:
        """‖ΔW‖ / ‖W‖; infinite where W is zero and ΔW is not."""
        if self.weight_norm == 0:
            return math.inf if self.update_norm else 0.0
        return self.update_norm / self.weight_norm

    @property
    def effective_rank(self) -> float:
        """exp of the entropy of σ / Σσ (Roy & Vetterli 2007, section 2), from 1; 0 for ΔW = 0."""
        total = sum(self.singular_values)
        shares = [value / total for value in self.singular_values if total and value > 0]
        return math.exp(-sum(p * math.log(p) for p in shares)) if shares else 0.0

    def share_of(self, rank: int) -> float:
        """How much of ‖ΔW‖² its best approximation of a rank holds (Eckart & Young 1936), 0 to 1.

        1 for ΔW = 0, of which nothing is missing.
        """
        squares = [value**2 for value in self.singular_values]
        return sum(squares[:rank]) / sum(squares) if any(squares) else 1.0

    @property
    def stable_rank(self) -> float:
        """‖ΔW‖² / σ₁² (Rudelson & Vershynin 2007), from 1; 0 for ΔW = 0."""
        largest = max(self.singular_values, default=0.0)
        return (self.update_norm / largest) ** 2 if largest else 0.0


def find_spectra(model: nn.Module) -> tuple[UpdateSpectrum, ...]:
    """One for each adapted layer, in the model's order; a shared layer under its first path.

    Raises TargetError for a model without LoRA.
    """
    layers = find_lora_layers(model)
    if not layers:
        raise TargetError("the model carries no LoRA to look into; apply_lora_to_model puts it in")
    return tuple(
        UpdateSpectrum(
            path,
            layer.kind,
            layer.base_layer.weight.float().norm().item(),
            tuple(singular_values(layer).tolist()),
            layer.r,
        )
        for path, layer in layers.items()
    )


@torch.no_grad()
def singular_values(layer: LoRALayer) -> Tensor:
    """σ of ΔW (k), in fp64 on the CPU: the whole of the update is small there.

    ΔW = s·BA is never formed: with B = Q_b R_b and Aᵀ = Q_a R_a its singular values are those of
    s·R_b R_aᵀ (r, r), in O((out + in) r²), and k is the rank at most. DoRA changes every row's
    length, so W' - W has full rank: there it is formed, and k = min(out, in).
    """
    if isinstance(layer, DoRALayer):
        update = layer.to_rows(layer.full_weight() - layer.base_layer.weight.float())
        return torch.linalg.svdvals(update).double().cpu()
    files, tensors = layer.file_names(), layer.exported()  # of PiSSA, those of its rank 2r
    a, b = (tensors[files[name]].flatten(1).double().cpu() for name in ("lora_A", "lora_B"))
    r_a = torch.linalg.qr(a.T, mode="r").R  # (min(in, r), r)
    r_b = torch.linalg.qr(b, mode="r").R  # (min(out, r), r)
    return layer.scaling * torch.linalg.svdvals(r_b @ r_a.T)
