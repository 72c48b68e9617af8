"""What an adapter's settings choose in a model: the layers, and each one's rank and alpha.

The rules are PEFT's, so that an exported choice means the same there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from torch import nn

from lab.config import LoRAConfig
from lab.errors import TargetError
from lab.lora.saved import choose_saved_modules
from lab.lora.targets import match_target_modules, matches


def choose_layers(model: nn.Module, config: LoRAConfig) -> dict[str, nn.Module]:
    """Path -> layer to adapt, in the model's order; none within a module that trains whole.

    A layer shared by several paths appears under each that is chosen.
    Raises TargetError for targets that do not fit the model, for settings that leave no layer,
    and for a rank_pattern or alpha_pattern that means no chosen layer.
    """

    saved = choose_saved_modules(model, config.modules_to_save)

    def is_wanted(path: str) -> bool:
        trains_whole = any(f"{path}.".startswith(f"{module}.") for module in saved)
        is_out = trains_whole or _is_excluded(config, path)
        return not is_out and _lies_in_a_chosen_block(config, path)

    layers = match_target_modules(model, config.target_modules, is_wanted)
    if not layers:
        raise TargetError(
            "no target module is left by exclude_modules, modules_to_save, layers_to_transform "
            "and layers_pattern; narrow less, or name the list of blocks in layers_pattern"
        )
    for name in ("rank_pattern", "alpha_pattern"):
        for pattern, _ in getattr(config, name):
            if not any(_fits(pattern, path) for path in layers):
                raise TargetError(
                    f"the {name} {pattern!r} means none of the chosen layers; leave it out, or "
                    f"write a path such as {next(iter(layers))}"
                )
    return layers


def rank_at(config: LoRAConfig, path: str) -> int:
    """The rank of the layer at the path."""
    return _value_at(config.rank_pattern, path, config.r)


def alpha_at(config: LoRAConfig, path: str) -> float:
    """lora_alpha of the layer at the path."""
    return _value_at(config.alpha_pattern, path, config.lora_alpha)


def _value_at(pairs: Iterable[tuple[str, Any]], path: str, otherwise: Any) -> Any:
    return next((value for pattern, value in pairs if _fits(pattern, path)), otherwise)


def _fits(pattern: str, path: str) -> bool:
    return re.match(rf"(.*\.)?({pattern})$", path) is not None


def _is_excluded(config: LoRAConfig, path: str) -> bool:
    excluded = config.exclude_modules
    patterns = [excluded] if isinstance(excluded, str) and excluded else excluded
    return any(matches(pattern, path, isinstance(excluded, str)) for pattern in patterns)


def _lies_in_a_chosen_block(config: LoRAConfig, path: str) -> bool:
    if not config.layers_to_transform:
        return True
    # Without a name for the list, two names must stand before the number, as in "encoder.layer.0".
    starts = [rf"(?:^|.*?\.){name}" for name in config.layers_pattern] or [r".*?\.[^.]*"]
    found = (re.match(rf"{start}\.(\d+)\.", path) for start in starts)
    number = next((int(match[1]) for match in found if match), None)
    return number in config.layers_to_transform
