"""SentenceTransformers, read from their own layout without their package.

    modules.json: Transformer -> Pooling -> (Dense ...) -> (Normalize)

LoRA goes into the Transformer; what follows stays frozen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lab.data.pair import Item, Kind, Side
from lab.encoders.pooling import POOLINGS
from lab.encoders.tokens import TextTokenizer
from lab.errors import ModelError

# Their names of the poolings -> ours, in the order in which several are concatenated.
_POOLING_NAMES = {
    "cls": "cls",
    "max": "max",
    "mean": "mean",
    "mean_sqrt_len_tokens": "mean_sqrt",
    "weightedmean": "weighted_mean",
    "lasttoken": "last",
}
_OLD_POOLING_KEYS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}


class Dense(nn.Module):
    """A linear layer with an activation behind the pooling, as distiluse has one."""

    def __init__(self, linear: nn.Linear, activation: nn.Module) -> None:
        super().__init__()
        self.linear, self.activation = linear, activation

    def forward(self, x: Tensor) -> Tensor:
        """(B, in) -> (B, out)."""
        return self.activation(self.linear(x))


class Normalize(nn.Module):
    """Scales every embedding to length 1."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, D) -> (B, D)."""
        return F.normalize(x, p=2, dim=1)


@dataclass(frozen=True)
class SentenceEncoder:
    """An Encoder that follows a SentenceTransformer's modules.json."""

    name: str
    folder: Path
    transformer_path: str
    module: nn.Module
    tokenize: TextTokenizer = field(repr=False)
    poolings: tuple[str, ...]
    head: nn.Sequential
    dim: int
    family: str = "sentence"
    kind: Kind = "text-text"
    towers: Mapping[str, str] = MappingProxyType({})

    @property
    def pooling(self) -> str:
        """The poolings, joined where there are several."""
        return "+".join(self.poolings)

    def preprocess(self, items: Sequence[Item], side: Side) -> dict[str, Tensor]:
        """Texts -> input_ids, attention_mask (B, T)."""
        return self.tokenize(items)

    def embed(self, inputs: Mapping[str, Tensor], side: Side) -> Tensor:
        """Embeddings (B, D) as the model's own modules define them."""
        features = self.module(**inputs).last_hidden_state  # (B, T, D)
        pooled = [POOLINGS[name](features, inputs["attention_mask"]) for name in self.poolings]
        self.head.to(features.device)
        return self.head(torch.cat(pooled, dim=-1))

    def with_module(self, module: nn.Module) -> SentenceEncoder:
        """The same encoder around another copy of its transformer."""
        return replace(self, module=module)

    def save(self, folder: Path) -> None:
        """Write all modules in the layout they were loaded from."""
        from lab.encoders.folder import save_like

        save_like(self.folder, self.transformer_path, self.module, folder)


def read_modules(folder: Path) -> list[tuple[str, str]]:
    """(type, path) of every module in modules.json, in order.

    Raises ModelError when the list does not start with a Transformer and a Pooling, or holds a
    module this lab does not know.
    """
    listed = read_json(folder / "modules.json")
    modules = [(str(m["type"]).rpartition(".")[2], str(m["path"])) for m in listed]
    kinds = [kind for kind, _ in modules]
    unknown = set(kinds) - {"Transformer", "Pooling", "Dense", "Normalize"}
    if kinds[:2] != ["Transformer", "Pooling"] or unknown:
        raise ModelError(
            f"{folder.name!r} is built of {', '.join(kinds)}; the lab reads Transformer, Pooling, "
            "then Dense and Normalize: choose another model"
        )
    if any(Path(path).is_absolute() or ".." in Path(path).parts for _, path in modules):
        raise ModelError(f"{folder.name!r} names modules outside its folder; it is not loaded")
    return modules


def read_poolings(folder: Path) -> tuple[str, ...]:
    """Our names of the poolings that a Pooling module's config asks for (old and new spelling)."""
    config = read_json(folder / "config.json")
    modes = config.get("pooling_mode")
    if modes is None:
        modes = [name for key, name in _OLD_POOLING_KEYS.items() if config.get(key)] or ["mean"]
    modes = [modes] if isinstance(modes, str) else modes
    unknown = [mode for mode in modes if mode not in _POOLING_NAMES]
    if unknown:
        raise ModelError(f"pooling {unknown[0]!r} is not one the lab knows; choose another model")
    return tuple(_POOLING_NAMES[mode] for mode in modes)


def load_head(folder: Path, modules: Sequence[tuple[str, str]]) -> nn.Sequential:
    """The frozen modules behind the pooling."""
    layers = [
        _load_dense(folder / path) if kind == "Dense" else Normalize()
        for kind, path in modules
        if kind in ("Dense", "Normalize")
    ]
    return nn.Sequential(*layers).eval().requires_grad_(False)


def _load_dense(folder: Path) -> Dense:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    config = read_json(folder / "config.json")
    if config.get("use_residual"):
        raise ModelError("its Dense module has a residual path, which the lab does not read")
    linear = nn.Linear(config["in_features"], config["out_features"], bias=config["bias"])
    try:
        linear_state = load_file(folder / "model.safetensors")
        linear.load_state_dict({k.removeprefix("linear."): v for k, v in linear_state.items()})
    except (OSError, SafetensorError, RuntimeError):
        raise ModelError(
            f"{folder.parent.name!r}: its Dense module has no fitting model.safetensors, and "
            "pickle files are never loaded; save it with safe_serialization=True"
        ) from None
    name = str(config.get("activation_function", "torch.nn.modules.activation.Tanh"))
    return Dense(linear, _activation(name))


def _activation(name: str) -> nn.Module:
    """An activation by its class name: only those of torch.nn, and nothing is imported."""
    found = getattr(nn, name.rpartition(".")[2], None)
    known = (
        name.startswith("torch.nn.") and isinstance(found, type) and issubclass(found, nn.Module)
    )
    if not known:
        raise ModelError(f"activation {name!r} is not one of torch.nn's; choose another model")
    return found()


def read_json(path: Path) -> Any:
    """A JSON file of a model. Raises ModelError when it is missing or broken."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ModelError(
            f"{path.name} of {path.parent.name!r} cannot be read; download the model again"
        ) from None
