"""What a visitor has ticked and slid, in terms of the model: targets, totals, the printed model.

Pure functions over an encoder's module; knows nothing about gradio.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.config import LoRAConfig
from lab.visits.complaints import Complaint

if TYPE_CHECKING:
    from lab.encoders.base import Encoder
    from lab.lora import TargetGroup


@dataclass(frozen=True)
class LayerChoice:
    """Which layers: leaf names, narrowed by parent, tower and layer range.

    parents: of the leaf names that have several; a leaf name none of whose parents is ticked
        is left out. towers: names of the encoder's towers. first, last: both included.
    """

    names: tuple[str, ...]
    parents: tuple[str, ...] = ()
    towers: tuple[str, ...] = ()
    first: int = 0
    last: int = 10**6


@dataclass(frozen=True)
class Layers:
    """What a model offers to LoRA, found once."""

    groups: tuple[TargetGroup, ...]
    towers: dict[str, str]
    last: int

    @property
    def parents(self) -> tuple[str, ...]:
        """Narrower names of the leaf names that stand for several things."""
        return tuple(part.name for group in self.groups for part in group.by_parent)

    def may_be_ticked(self, names: Sequence[str] | None) -> bool:
        """Whether these ticks may be this model's: a page may still show the boxes of another."""
        return not names or any(group.name in names for group in self.groups)


def find_layers(encoder: Encoder) -> Layers:
    """The leaf names of the encoder's module, its towers and its last layer's number."""
    from lab.lora import find_target_modules

    groups = find_target_modules(encoder.module)
    numbers = [number for group in groups for number in group.layer_numbers]
    return Layers(groups, dict(encoder.towers), max(numbers, default=0))


def choose_targets(layers: Layers, choice: LayerChoice) -> tuple[str, ...] | str:
    """The choice as LoRAConfig.target_modules: names, or one regex where it is narrowed.

    Raises Complaint when nothing is ticked, or the range is upside down.
    """
    from lab.lora import target_regex

    names = [name for group in layers.groups for name in _names(group, choice)]
    if not names:
        raise Complaint("no_layer")
    towers = [tower for tower in choice.towers if tower in layers.towers]
    all_towers = not layers.towers or set(towers) == set(layers.towers)
    first, last = max(choice.first, 0), min(choice.last, layers.last)
    all_layers = (first, last) == (0, layers.last)
    if all_towers and all_layers and not any("." in name for name in names):
        return tuple(names)
    if not all_towers and not towers:
        raise Complaint("no_tower")
    if first > last:
        raise Complaint("range", first=choice.first, last=choice.last)
    between = None if all_layers else (first, last)
    prefixes = [None] if all_towers else [layers.towers[tower] for tower in towers]
    patterns = [target_regex(names, prefix=prefix, layers=between) for prefix in prefixes]
    return patterns[0] if len(patterns) == 1 else "|".join(f"(?:{p})" for p in patterns)


def _names(group: TargetGroup, choice: LayerChoice) -> list[str]:
    if group.name not in choice.names:
        return []
    parts = [part.name for part in group.by_parent]
    ticked = [name for name in parts if name in choice.parents]
    return [group.name] if len(ticked) == len(parts) else ticked


def describe_group(group: TargetGroup, r: int) -> str:
    """A tick box's words: name, kind, number of layers, shapes, parameters at rank r."""
    shapes = ", ".join(f"{s.out_features}×{s.in_features}" for s in group.shapes)
    return f"{group.name} · {group.count} {group.kind} {shapes} · {group.parameters(r):,}"


@dataclass(frozen=True)
class Cost:
    """layers, trainable, total, bytes: of an adapter before it is trained; smallest_side: the
    smaller of in and out over its layers; example: (path, out, in) of one of them."""

    layers: int
    trainable: int
    total: int
    bytes: int
    smallest_side: int
    example: tuple[str, int, int]


def count_cost(encoder: Encoder, config: LoRAConfig) -> Cost:
    """What an adapter of these settings has; the model is not changed.

    Raises TargetError when the targets match nothing.
    """
    from lab.lora import adapter_bytes, match_target_modules, predict_parameters

    matches = match_target_modules(encoder.module, config.target_modules)
    trainable, total = predict_parameters(encoder.module, config)
    path, layer = next(iter(matches.items()))
    rows, columns = layer.weight.shape
    if type(layer).__name__ == "Conv1D":
        rows, columns = columns, rows
    smallest = min(min(layer.weight.shape) for layer in matches.values())
    size = adapter_bytes(trainable, 2 * len(matches))
    return Cost(len(matches), trainable, total, size, smallest, (path, rows, columns))


def print_layers(encoder: Encoder, config: LoRAConfig | None) -> list[dict[str, Any]]:
    """The printed model's lines: which LoRA can go on, and which the settings put it on.

    A line stands for all repeated blocks; it is lit when LoRA goes on any of its layers.
    """
    from lab.lora import LEAF_PATTERN, match_target_modules

    chosen = set()
    if config is not None:
        chosen = {
            _folded(path) for path in match_target_modules(encoder.module, config.target_modules)
        }
    lines, stack = [], []
    for text in str(encoder.module).splitlines():
        depth = (len(text) - len(text.lstrip())) // 2
        name = re.match(r"\s*\(([^)]+)\):", text)
        del stack[max(0, depth - 1) :]
        if name:
            stack.append("#" if re.fullmatch(r"\d+(-\d+)?", name[1]) else name[1])
        match = re.search(LEAF_PATTERN, text)
        on = bool(match) and ".".join(stack) in chosen
        lines.append({"text": text, "match": match[1] if match else None, "on": on})
    return lines


def _folded(path: str) -> str:
    return ".".join("#" if part.isdigit() else part for part in path.split("."))


def sort_names(layers: Layers, names: Sequence[str]) -> list[str]:
    """The leaf names among `names`, in the model's order."""
    return [group.name for group in layers.groups if group.name in names]
