"""What of a model trains, how much that is, and its tensors by name.

Knows nothing about files.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from lab.config import Bias, LoRAConfig
from lab.errors import AdapterError, TargetError
from lab.lora.biases import find_bias_owners, own_biases
from lab.lora.choice import choose_layers, rank_at
from lab.lora.layer import find_lora_layers, layer_shape
from lab.lora.saved import choose_saved_modules, saved_tensors


def mark_only_lora_as_trainable(model: nn.Module, bias: Bias = "none") -> None:
    """Freezes all but the LoRA factors, modules_to_save, and the biases that the setting frees.

    bias: "none", "all" (every bias of the model) or "lora_only" (those of adapted layers). A
        bias that will train becomes a copy of its own, so make the optimizer afterwards.
    Raises TargetError for a model without LoRA: nothing would be left to train.
    """
    if not find_lora_layers(model):
        raise TargetError("the model carries no LoRA; apply_lora_to_model puts it in")
    own_biases(model, bias)
    trainable = {id(tensor) for tensor in _adapter_tensors(model, bias).values()}
    for parameter in model.parameters():
        parameter.requires_grad_(id(parameter) in trainable)


def count_parameters(model: nn.Module) -> tuple[int, int]:
    """(trainable, all) parameters; a tensor in several places counts once."""
    sizes = [(p.numel(), p.requires_grad) for p in model.parameters()]
    return sum(n for n, trains in sizes if trains), sum(n for n, _ in sizes)


def predict_parameters(model: nn.Module, config: LoRAConfig) -> tuple[int, int]:
    """What `count_parameters` would say with LoRA in; the model is not changed."""
    # A layer on several paths has the rank of the first.
    chosen = choose_layers(model, config)
    paths = {layer: path for path, layer in reversed(chosen.items())}
    added = sum(_size(layer, path, config) for layer, path in paths.items())
    owners = {
        "none": set(),
        "lora_only": set(paths),
        "all": {owner for _, owner in find_bias_owners(model, "all")},
    }[config.bias]
    along = {id(m.bias): m.bias.numel() for m in owners if getattr(m, "bias", None) is not None}
    for module in choose_saved_modules(model, config.modules_to_save).values():
        along |= {id(p): p.numel() for p in module.parameters()}
    return added + sum(along.values()), added + count_parameters(model)[1]


def _size(layer: nn.Module, path: str, config: LoRAConfig) -> int:
    rows, columns = layer_shape(layer)
    magnitude = rows if config.use_dora else 0
    return rank_at(config, path) * (rows + columns) + magnitude


def print_trainable_parameters(model: nn.Module) -> None:
    """Prints trainable and all parameters, in PEFT's words."""
    trainable, total = count_parameters(model)
    print(
        f"trainable params: {trainable:,d} || all params: {total:,d} || "
        f"trainable%: {100 * trainable / total:.4f}"
    )


def adapter_bytes(parameters: int, tensors: int = 0) -> int:
    """About the size on disk of an adapter: fp32, and some 120 bytes of header a tensor."""
    return 4 * parameters + 120 * tensors


def lora_state_dict(model: nn.Module, bias: Bias = "none") -> dict[str, Tensor]:
    """The adapter's tensors by their names in the model: "<path>.lora_A", "<path>.lora_B", and
    what else trains.

    They are the model's own, detached: clone them to keep a moment of the training.
    """
    return {name: tensor.detach() for name, tensor in _adapter_tensors(model, bias).items()}


def load_lora_state_dict(
    model: nn.Module, state: Mapping[str, Tensor], bias: Bias = "none"
) -> None:
    """Copies an adapter's tensors into a model that carries LoRA; a merged layer merges anew.

    Raises AdapterError, before anything is written, unless the names, the shapes and the
    finiteness of every tensor are right.
    """
    own_biases(model, bias)
    expected = _adapter_tensors(model, bias)
    _check_state(state, expected)
    with torch.no_grad():
        for name, tensor in expected.items():
            tensor.copy_(state[name])
    for layer in find_lora_layers(model).values():
        if layer.merged:
            layer.merge()


def _adapter_tensors(model: nn.Module, bias: Bias) -> dict[str, Tensor]:
    tensors = dict(saved_tensors(model))
    for path, layer in find_lora_layers(model).items():
        tensors |= {f"{path}.{name}": getattr(layer, name) for name in layer.file_names()}
    for path, owner in find_bias_owners(model, bias):
        tensors[f"{path}.bias".lstrip(".")] = owner.bias
    return tensors


def _check_state(state: Mapping[str, Tensor], expected: Mapping[str, Tensor]) -> None:
    for name in sorted(expected.keys() - state.keys()):
        raise AdapterError(f"the adapter lacks {name}; export it again, for this model")
    for name in sorted(state.keys() - expected.keys()):
        raise AdapterError(f"this model has no place for the adapter's {name}; load its own model")
    for name, tensor in state.items():
        if tensor.shape != expected[name].shape:
            raise AdapterError(
                f"the adapter's {name} has shape {tuple(tensor.shape)} and this model needs "
                f"{tuple(expected[name].shape)}; load the model it was trained on"
            )
        if not torch.isfinite(tensor).all():
            raise AdapterError(f"the adapter's {name} holds NaN or infinity; export it again")
