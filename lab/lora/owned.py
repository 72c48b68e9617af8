"""Tensors of the base that train along with LoRA, each as a copy of its own.

A base may be shared by many adapted copies: so what trains is a copy, in the same place and
under the same name, and the base's tensor stays beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

_ASIDE = "lora_base_"


def own_tensors(places: Iterable[tuple[nn.Module, str]]) -> None:
    """Puts a copy in each (module, name); what was one tensor there stays one."""
    copies: dict[int, Tensor] = {}
    for module, name in places:
        if _ASIDE + name in module._buffers:
            continue
        base = getattr(module, name)
        own = base.detach().clone()
        if name in module._parameters:
            own = nn.Parameter(own, requires_grad=torch.is_floating_point(own))
        setattr(module, name, copies.setdefault(id(base), own))
        # A buffer moves between devices with the module; not persistent: never in a file.
        module.register_buffer(_ASIDE + name, base.detach(), persistent=False)


def find_owned(model: nn.Module) -> Iterator[tuple[str, nn.Module, str, Tensor]]:
    """(path, module, name, base): each copy, and the base's tensor that it was made of."""
    for path, module in model.named_modules():
        for aside in [name for name in module._buffers if name.startswith(_ASIDE)]:
            yield path, module, aside.removeprefix(_ASIDE), getattr(module, aside)


def restore_tensors(model: nn.Module) -> None:
    """Puts the base's tensors back."""
    for _, module, name, base in find_owned(model):
        is_parameter = name in module._parameters
        setattr(module, name, nn.Parameter(base, False) if is_parameter else base)
        delattr(module, _ASIDE + name)


def forget_base_tensors(model: nn.Module) -> None:
    """Leaves the trained copies in place for good."""
    for _, module, name, _base in find_owned(model):
        delattr(module, _ASIDE + name)
