"""Putting LoRA into a model, merging it, and taking it off again.

Nothing here writes to a base tensor: several models may share them (`copy_sharing_parameters`),
each with an adapter of its own.
"""

from __future__ import annotations

import copy

from torch import nn

from lab.config import LoRAConfig
from lab.lora.choice import choose_layers
from lab.lora.kinds import adapt_layer
from lab.lora.layer import LoRALayer, find_lora_layers
from lab.lora.owned import forget_base_tensors, restore_tensors
from lab.lora.saved import choose_saved_modules, own_saved_modules, unmark_saved_modules
from lab.lora.state import mark_only_lora_as_trainable


def apply_lora_to_model(model: nn.Module, config: LoRAConfig) -> nn.Module:
    """Wraps the layers that the settings choose, in place, and freezes all else.

    The output stays what it was, bit for bit, until the first training step (BA = 0, or B₀A₀).
    A layer that several chosen paths share stays one layer, with one update.
    Raises TargetError, before anything is changed, for targets that do not fit the model.
    """
    chosen = choose_layers(model, config)
    saved = choose_saved_modules(model, config.modules_to_save)
    layers: dict[int, LoRALayer] = {}
    for path, base_layer in chosen.items():
        if id(base_layer) not in layers:
            layers[id(base_layer)] = adapt_layer(base_layer, path, config)
    for path, base_layer in chosen.items():
        _set_module(model, path, layers[id(base_layer)])
    own_saved_modules(saved.values())
    mark_only_lora_as_trainable(model, config.bias)
    return model


def copy_sharing_parameters(model: nn.Module) -> nn.Module:
    """A copy of the module tree whose parameters lie in the same memory.

    Each copy has its own Parameter objects, so that freezing it, moving it to a device or
    adding LoRA to it leaves the other as it was. Buffers are copied: some layers write them.
    """
    shared = {id(p): nn.Parameter(p.detach(), p.requires_grad) for p in model.parameters()}
    return copy.deepcopy(model, memo=dict(shared))


def remove_lora(model: nn.Module) -> nn.Module:
    """Takes LoRA off, in place: the base's own layers and tensors again, still frozen."""
    replace_lora_layers(model, {id(m): m.base_layer for m in find_lora_layers(model).values()})
    restore_tensors(model)
    unmark_saved_modules(model)
    return model


def merge_lora(model: nn.Module) -> nn.Module:
    """Lets every adapted layer compute with one merged weight, until unmerge or train()."""
    for layer in find_lora_layers(model).values():
        layer.merge()
    return model


def unmerge_lora(model: nn.Module) -> nn.Module:
    """Lets every adapted layer compute with two branches again."""
    for layer in find_lora_layers(model).values():
        layer.unmerge()
    return model


def merge_into_base(model: nn.Module) -> nn.Module:
    """A plain copy of the model with W + ΔW as its weights, for use without LoRA.

    Only the adapted weights are new tensors; the rest is shared, and the model stays as it is.
    """
    plain = copy_sharing_parameters(model)
    merged = {}
    for layer in find_lora_layers(plain).values():
        layer.merge()
        layer.base_layer.weight = nn.Parameter(layer.merged_weight, requires_grad=False)
        merged[id(layer)] = layer.base_layer
    replace_lora_layers(plain, merged)
    forget_base_tensors(plain)
    unmark_saved_modules(plain)
    return plain


def replace_lora_layers(model: nn.Module, replacements: dict[int, nn.Module]) -> None:
    """Puts other modules, by the id of each layer, wherever the layer stands in the model."""
    for path, module in list(model.named_modules(remove_duplicate=False)):
        if id(module) in replacements:
            _set_module(model, path, replacements[id(module)])


def _set_module(model: nn.Module, path: str, module: nn.Module) -> None:
    parent, _, name = path.rpartition(".")
    setattr(model.get_submodule(parent), name, module)
