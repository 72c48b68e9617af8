"""Whole modules that train along with LoRA and are saved with it (`modules_to_save`).

A new head, say, or the norms: parts for which a low-rank update of the base is too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from torch import Tensor, nn

from lab.errors import TargetError
from lab.lora.owned import own_tensors


def choose_saved_modules(model: nn.Module, names: Iterable[str]) -> dict[str, nn.Module]:
    """Path -> module for names that are the end of its path, by PEFT's rule (no dot needed).

    A name without a module is passed over, as in PEFT, which adds names of its own.
    Raises TargetError when none has one, for lists of modules, and for one within another.
    """
    names = tuple(names)
    found = {p: m for p, m in model.named_modules() if p and names and p.endswith(names)}
    if names and not found:
        raise TargetError(
            f"no module's path ends in {' or '.join(names)}; print the model and name one in "
            "modules_to_save"
        )
    for path, module in found.items():
        if isinstance(module, (nn.ModuleList, nn.ModuleDict)):
            raise TargetError(f"{path} is a list of modules; name its parts in modules_to_save")
        outer = next((other for other in found if path.startswith(other + ".")), None)
        if outer:
            raise TargetError(f"{path} lies in {outer}; name one of them in modules_to_save")
    return found


def own_saved_modules(modules: Iterable[nn.Module]) -> None:
    """Puts a copy in the place of every tensor of the modules, and marks them."""
    for module in modules:
        module.is_saved_with_lora = True
        own_tensors(
            (part, name)
            for part in module.modules()
            for name, tensor in [*part._parameters.items(), *part._buffers.items()]
            if tensor is not None and name not in part._non_persistent_buffers_set
        )


def saved_tensors(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """(name in the model, tensor) of the marked modules."""
    for path, module in model.named_modules():
        if getattr(module, "is_saved_with_lora", False):
            for name, tensor in module.state_dict(keep_vars=True).items():
                yield f"{path}.{name}", tensor


def unmark_saved_modules(model: nn.Module) -> None:
    """Leaves no mark."""
    for module in model.modules():
        module.__dict__.pop("is_saved_with_lora", None)
