"""LoRA+: B learns faster than A (Hayou et al. 2024).

In a wide model one rate for both is too low for B: its entries must move about `in` times as far
as A's for the update to change the output as much. A ratio of rates, found once, mends that.
"""

from __future__ import annotations

from typing import Any

from torch import nn

from lab.errors import ConfigError
from lab.lora.embedding import LoRAEmbedding

EMBEDDING_RATE = 1e-6  # of the paper's own code, and PEFT's


def loraplus_groups(
    model: nn.Module,
    learning_rate: float,
    ratio: float,
    *,
    weight_decay: float = 0.0,
    embedding_rate: float = EMBEDDING_RATE,
) -> list[dict[str, Any]]:
    """An optimizer's parameter groups for all of the model that trains.

    learning_rate: of A and of whole matrices; B, and all vectors, get ratio times as much.
    embedding_rate: of the factors of Embedding layers, which the theory does not speak of.
    Biases and the weights of norms do not decay. A group without parameters is left out.
    Raises ConfigError for a ratio below 1.
    """
    if not ratio >= 1:
        raise ConfigError(f"ratio = {ratio!r}: choose at least 1; the paper's is about 16")
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    seen: set[int] = set()
    for module in model.modules():
        for name, parameter in module.named_parameters(recurse=False):
            if not parameter.requires_grad or id(parameter) in seen:
                continue
            seen.add(id(parameter))
            rate = learning_rate
            if isinstance(module, LoRAEmbedding) and name in ("lora_A", "lora_B"):
                rate = embedding_rate
            elif name == "lora_B" or parameter.ndim == 1:
                rate = ratio * learning_rate
            decays = not (isinstance(module, nn.LayerNorm) or name == "bias")
            groups.setdefault((rate, weight_decay if decays else 0.0), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]
