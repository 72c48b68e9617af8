"""Whether adapters can be trained in one pass and each still end as it would alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from torch import nn

from lab.config import TrainConfig
from lab.encoders.base import Encoder
from lab.lora import LoRALayer, find_lora_layers

# What each adapter may have for itself; all else decides which batches there are, or for how long.
OWN = {
    "learning_rate",
    "loraplus_ratio",
    "weight_decay",
    "warmup_fraction",
    "max_grad_norm",
    "temperature",
    "learn_temperature",
    "init_seed",
}
DROPOUT = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout)
BATCH_NORM = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


def why_apart(encoders: Sequence[Encoder], configs: Sequence[TrainConfig]) -> str | None:
    """Why the encoders' adapters cannot train together; None: they can.

    encoders: each with an adapter of its own over one frozen base (lab.training.session.inject).
    configs: how each is to be trained.
    """
    different = _first_difference(configs)
    if different:
        return f"their {different} differs"
    if configs[0].patience is not None or configs[0].max_seconds is not None:
        return "patience and max_seconds may end one before the others"
    adapters = [find_lora_layers(encoder.module) for encoder in encoders]
    if not adapters[0] or any(adapter.keys() != adapters[0].keys() for adapter in adapters):
        return "they do not adapt the same layers"
    if any(type(layer) is not LoRALayer for adapter in adapters for layer in adapter.values()):
        return "they are not plain LoRA on Linear and Conv1D layers"
    if any(_trains_more(encoder.module) for encoder in encoders):
        return "more of the model trains than A and B"
    bases = [_frozen_places(encoder.module) for encoder in encoders]
    if any(base != bases[0] for base in bases):
        return "they do not share one frozen base"
    if any(_mixes_or_draws(module) for e in encoders for module in e.module.modules()):
        return "dropout draws for each run by itself, and batch norm would mix them"
    return None


def _first_difference(configs: Sequence[TrainConfig]) -> str | None:
    shared = [field.name for field in dataclasses.fields(TrainConfig) if field.name not in OWN]
    return next((n for n in shared if len({getattr(c, n) for c in configs}) > 1), None)


def _trains_more(module: nn.Module) -> bool:
    layers = find_lora_layers(module).values()
    factors = {id(factor) for layer in layers for factor in (layer.lora_A, layer.lora_B)}
    return any(p.requires_grad and id(p) not in factors for p in module.parameters())


def _frozen_places(module: nn.Module) -> list[int]:
    return [p.data_ptr() for p in module.parameters() if not p.requires_grad]


def _mixes_or_draws(module: nn.Module) -> bool:
    """Whether in train mode the layer's answer to a row depends on more than the row.

    Attention layers have their dropout as a number that they hand to torch.
    """
    drops = any("drop" in name and _is_share(value) for name, value in vars(module).items())
    return drops or (isinstance(module, DROPOUT) and module.p > 0) or isinstance(module, BATCH_NORM)


def _is_share(value: object) -> bool:
    return isinstance(value, float) and value > 0
