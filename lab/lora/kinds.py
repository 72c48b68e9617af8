"""The class that adapts a layer: by what the layer is, and by the method."""

from __future__ import annotations

from torch import nn

from lab.config import LoRAConfig
from lab.errors import TargetError
from lab.lora.choice import alpha_at, rank_at
from lab.lora.conv import LoRAConv2d
from lab.lora.dora import DoRALayer
from lab.lora.embedding import LoRAEmbedding
from lab.lora.layer import LoRALayer, layer_kind
from lab.lora.pissa import PiSSALayer


class DoRAEmbedding(DoRALayer, LoRAEmbedding):
    """DoRA on an Embedding layer; a length for each of its columns."""


class DoRAConv2d(DoRALayer, LoRAConv2d):
    """DoRA on a Conv2d layer; a length for each output channel's kernel."""


LORA = (LoRALayer, LoRAEmbedding, LoRAConv2d)
DORA = (DoRALayer, DoRAEmbedding, DoRAConv2d)
PISSA = (PiSSALayer,)


def adapt_layer(base_layer: nn.Module, path: str, config: LoRAConfig) -> LoRALayer:
    """The layer at the path with its low-rank update, by the settings.

    Raises TargetError for a layer that the method has no form for.
    """
    method = DORA if config.use_dora else PISSA if config.init_lora_weights == "pissa" else LORA
    kind = layer_kind(base_layer)
    layer = next((layer for layer in method if kind in layer.kinds), None)
    if layer is None:
        raise TargetError(
            f"{path} is of kind {type(base_layer).__name__}, which PiSSA has no start for; choose "
            "Linear and Conv1D layers, or init_lora_weights = True"
        )
    return layer(
        base_layer,
        r=rank_at(config, path),
        lora_alpha=alpha_at(config, path),
        lora_dropout=config.lora_dropout,
        merge_weights=config.merge_weights,
        use_rslora=config.use_rslora,
        drops_factors=config.lora_dropout_on == "factors",
    )
