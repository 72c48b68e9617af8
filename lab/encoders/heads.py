"""What a sentence model does to its pooled vector: Dense and Normalize, frozen.

Knows nothing of networks or tokens. Letters: B batch, D sizes in and out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from lab.encoders.folder import WEIGHTS, explain, find_weights, read_settings
from lab.errors import ModelError

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "Identity": lambda x: x,
    "Tanh": torch.tanh,
    "ReLU": torch.relu,
    "GELU": F.gelu,
    "SiLU": F.silu,
    "Sigmoid": torch.sigmoid,
}


class Head(Protocol):
    """(B, takes) -> (B, gives); None: any size, and the size it was given."""

    @property
    def takes(self) -> int | None: ...

    @property
    def gives(self) -> int | None: ...

    def __call__(self, vectors: Tensor) -> Tensor: ...


@dataclass(frozen=True)
class Normalize:
    """Divide every vector by its length."""

    takes: int | None = None
    gives: int | None = None

    def __call__(self, vectors: Tensor) -> Tensor:
        return F.normalize(vectors, dim=-1)


@dataclass(frozen=True, eq=False)
class Dense:
    """activation(x @ weight.T + bias), with x or its projection added when it is residual.

    weight: (gives, takes). residual: None: nothing added; (gives, takes): x @ residual.T added.
    """

    weight: Tensor
    bias: Tensor | None
    activation: str
    is_residual: bool = False
    residual: Tensor | None = None
    _copies: dict[torch.device, Dense] = field(default_factory=dict, repr=False)

    @property
    def takes(self) -> int:
        return self.weight.shape[1]

    @property
    def gives(self) -> int:
        return self.weight.shape[0]

    def __call__(self, vectors: Tensor) -> Tensor:
        here = self._on(vectors.device)
        result = ACTIVATIONS[self.activation](F.linear(vectors, here.weight, here.bias))
        if not self.is_residual:
            return result
        return result + (vectors if here.residual is None else F.linear(vectors, here.residual))

    def _on(self, device: torch.device) -> Dense:
        """Copied once a device, never moved: visitors on any device share the tensors."""
        if device == self.weight.device:
            return self
        if device not in self._copies:
            weight, bias, residual = (
                None if tensor is None else tensor.to(device)
                for tensor in (self.weight, self.bias, self.residual)
            )
            self._copies[device] = replace(
                self, weight=weight, bias=bias, residual=residual, _copies={}
            )
        return self._copies[device]


def read_dense(folder: Path, name: str) -> Dense:
    """Read a Dense module's folder. Raises ModelError for a part missing, unknown or unsafe."""
    from safetensors.torch import load_file

    config = read_settings(folder / "config.json", name)
    activation = _read_activation(config, name)
    check_works_on_vectors(config, name)
    find_weights(folder, name)
    with explain(name, folder, "its Dense layer cannot be read"):
        tensors = {key: t.float() for key, t in load_file(folder / WEIGHTS).items()}
        dense = Dense(
            weight=tensors["linear.weight"],
            bias=tensors["linear.bias"] if config.get("bias", True) else None,
            activation=activation,
            is_residual=config.get("use_residual", False),
            residual=tensors.get("residual.weight"),
        )
    _check(dense, config, tensors, name)
    return dense


def _read_activation(config: dict[str, Any], name: str) -> str:
    path = str(config.get("activation_function", "torch.nn.modules.activation.Tanh"))
    module, _, activation = path.rpartition(".")
    if not module.startswith("torch.nn") or activation not in ACTIVATIONS:
        raise ModelError(
            f"{name!r} has a Dense layer with the activation {path!r}, which the lab cannot "
            "read; choose a model with one of " + ", ".join(ACTIVATIONS)
        )
    return activation


def check_works_on_vectors(config: dict[str, Any], name: str) -> None:
    """Raise ModelError for a module that works on token features instead of the pooled vector."""
    for key in ("module_input_name", "module_output_name"):
        value = config.get(key) or "sentence_embedding"
        if value != "sentence_embedding":
            raise ModelError(
                f"{name!r} has a module with {key} {value!r}, which the lab cannot read; choose "
                "a model whose modules work on the pooled sentence embedding"
            )


def _check(dense: Dense, config: dict[str, Any], tensors: dict[str, Tensor], name: str) -> None:
    if (dense.gives, dense.takes) != (config.get("out_features"), config.get("in_features")):
        raise ModelError(
            f"{name!r} has a Dense layer of {dense.takes} to {dense.gives} features, not what its "
            "config.json says; save or download it again"
        )
    if not all(torch.isfinite(tensor).all() for tensor in tensors.values()):
        raise ModelError(
            f"{name!r} holds NaN or infinite numbers in its Dense layer; save or download it again"
        )
