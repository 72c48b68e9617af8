"""Which layers LoRA goes on: the names there are, and the layers a choice of names means.

    printed model ──regex──> leaf names ──named_modules──> groups of exact paths
    target_modules (names, or one regex) ──> {path: layer}

The rule for names is PEFT's, so that an exported choice means the same there.
Knows nothing about how a layer is adapted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from torch import nn

from lab.errors import TargetError
from lab.lora.layer import LayerKind, find_lora_layers, layer_kind, layer_shape

LEAF_PATTERN = r"\((\w+)\): (?:Linear|Conv1D)\b"


class LayerShape(NamedTuple):
    """How many layers of a group have this shape."""

    out_features: int
    in_features: int
    count: int


@dataclass(frozen=True)
class TargetGroup:
    """Layers that one name stands for.

    name: "q_proj"; in `by_parent` the path after the layer's number, "attention.output.dense".
    paths: every path that leads to one of them, in the model's order.
    shapes: the distinct shapes; a layer shared by several paths is counted once.
    by_parent: the same layers told apart by what holds them; empty where that is one thing.
        "output.dense" is also the end of "attention.output.dense": hand these names to
        `target_regex`, which keeps the two apart.
    """

    name: str
    kind: LayerKind
    paths: tuple[str, ...]
    shapes: tuple[LayerShape, ...]
    by_parent: tuple[TargetGroup, ...] = ()

    @property
    def count(self) -> int:
        """Number of layers."""
        return sum(shape.count for shape in self.shapes)

    @property
    def layer_numbers(self) -> tuple[int, ...]:
        """The numbers of the blocks the layers lie in, ascending; none for a layer outside."""
        numbers = (re.search(r"(?:^|\.)(\d+)\.", path) for path in self.paths)
        return tuple(sorted({int(number[1]) for number in numbers if number}))

    def parameters(self, r: int) -> int:
        """Trainable parameters of rank r: r (in + out) a layer."""
        return sum(r * (s.in_features + s.out_features) * s.count for s in self.shapes)


def find_leaf_names(module: nn.Module) -> tuple[str, ...]:
    """Names of the Linear and Conv1D layers in the printed model, in its order, each once."""
    return tuple(dict.fromkeys(re.findall(LEAF_PATTERN, str(module))))


def find_target_modules(module: nn.Module) -> tuple[TargetGroup, ...]:
    """The layers LoRA can go on, one group a leaf name.

    Raises TargetError when the model already carries LoRA.
    """
    _refuse_injected(module)
    groups: dict[tuple[str, LayerKind], dict[str, nn.Module]] = {}
    layers = _linear_layers(module)
    for name in find_leaf_names(module):
        for path, layer in layers.items():
            if path.rpartition(".")[2] == name:
                groups.setdefault((name, layer_kind(layer)), {})[path] = layer
    return tuple(
        _group(name, kind, layers, _split_by_parent(kind, layers))
        for (name, kind), layers in groups.items()
    )


def match_target_modules(
    module: nn.Module,
    target_modules: Sequence[str] | str,
    is_wanted: Callable[[str], bool] = lambda path: True,
) -> dict[str, nn.Module]:
    """Path -> layer for a choice of targets, by PEFT's rule, in the model's order.

    target_modules: names, each a whole path or its end after a dot; or one regex that must
        match the whole path. A layer shared by several paths appears under each that matches.
    is_wanted: asked of every path that matches; one it declines is left out, fit or not.
    Raises TargetError for a name or regex without a layer, for a match that is no layer of
    a kind LoRA has a form for, and for a model that already carries LoRA.
    """
    _refuse_injected(module)
    modules = {path: m for path, m in module.named_modules(remove_duplicate=False) if path}
    patterns = [target_modules] if isinstance(target_modules, str) else list(target_modules)
    if not patterns:
        raise TargetError(f"no target module is chosen; {_names_there_are(module)}")
    found: set[str] = set()
    for pattern in patterns:
        is_regex = isinstance(target_modules, str)
        hits = [path for path in modules if matches(pattern, path, is_regex)]
        if not hits:
            raise TargetError(f"no layer matches {pattern!r}; {_names_there_are(module)}")
        found.update(path for path in hits if is_wanted(path))
    for path in sorted(found):
        _refuse_unfit(module, path)
    return {path: layer for path, layer in modules.items() if path in found}


def target_regex(
    names: Iterable[str], *, prefix: str | None = None, layers: tuple[int, int] | None = None
) -> str:
    """The one regex, matched against whole paths, for names narrowed by tower and by layer.

    names: leaf names ("q_proj"), or names of `TargetGroup.by_parent` ("attention.output.dense"),
        which must directly follow the layer's number or, where there is none, be the whole path.
    prefix: the path must start with it ("text_model").
    layers: first and last layer, both included; the layer is the first number in the path.
    """
    tower = prefix.rstrip(".") + "." if prefix else ""
    if layers is None:
        before_leaf, before_parent = r"(?:.*\.)?", r"(?:(?:.*\.)?\d+\.)?"
    else:
        first, last = layers
        numbers = "|".join(str(number) for number in range(first, last + 1))
        before_parent = rf"(?:(?!\d+\.)[^.]+\.)*(?:{numbers})\."
        before_leaf = before_parent + r"(?:.*\.)?"
    # Outside the numbered blocks a parent's name is the whole path, tower included.
    names = [name.removeprefix(tower) for name in names]
    leaves = [re.escape(name) for name in names if "." not in name]
    parents = [re.escape(name) for name in names if "." in name]
    branches = [
        f"{before}(?:{'|'.join(chosen)})"
        for before, chosen in ((before_leaf, leaves), (before_parent, parents))
        if chosen
    ]
    return re.escape(tower) + (branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})")


def matches(pattern: str, path: str, is_regex: bool) -> bool:
    """Whether a regex matches the whole path, or a name is the path or its end after a dot."""
    if is_regex:
        return re.fullmatch(pattern, path) is not None
    return path == pattern or path.endswith("." + pattern)


def _linear_layers(module: nn.Module) -> dict[str, nn.Module]:
    paths = module.named_modules(remove_duplicate=False)
    kinds = ("Linear", "Conv1D")  # what LEAF_PATTERN finds; the others are named by who wants them
    return {path: layer for path, layer in paths if path and layer_kind(layer) in kinds}


def _group(
    name: str,
    kind: LayerKind,
    layers: dict[str, nn.Module],
    by_parent: tuple[TargetGroup, ...] = (),
) -> TargetGroup:
    distinct = {id(layer): layer for layer in layers.values()}.values()
    shapes = Counter(layer_shape(layer) for layer in distinct)
    counted = tuple(LayerShape(*shape, count) for shape, count in shapes.items())
    return TargetGroup(name, kind, tuple(layers), counted, by_parent)


def _split_by_parent(kind: LayerKind, layers: dict[str, nn.Module]) -> tuple[TargetGroup, ...]:
    parts: dict[str, dict[str, nn.Module]] = {}
    for path, layer in layers.items():
        # What follows the last number among the parents; without a number, all of it.
        parts.setdefault(re.sub(r"^(?:.*\.)?\d+\.(?=.)", "", path), {})[path] = layer
    if len(parts) == 1:
        return ()
    return tuple(_group(name, kind, part) for name, part in parts.items())


def _names_there_are(module: nn.Module) -> str:
    names = find_leaf_names(module)
    if not names:
        return "this model has no Linear or Conv1D layer: choose another model"
    return "choose among " + ", ".join(names)


def _refuse_unfit(module: nn.Module, path: str) -> None:
    layer = module.get_submodule(path)
    if layer_kind(layer) is None:
        raise TargetError(
            f"{path} is a {type(layer).__name__}, and LoRA goes on Linear, Conv1D, "
            "Embedding and Conv2d layers; " + _names_there_are(module)
        )
    if isinstance(module.get_submodule(path.rpartition(".")[0]), nn.TransformerEncoderLayer):
        raise TargetError(
            f"{path} lies in torch's own TransformerEncoderLayer, which in eval mode computes with "
            "its weight alone and would pass LoRA by; choose a model that calls its layers"
        )


def _refuse_injected(module: nn.Module) -> None:
    layers = find_lora_layers(module)
    if layers:
        raise TargetError(
            f"the model already carries LoRA (at {next(iter(layers))}); remove_lora takes it off"
        )
