"""The settings of an adapter, in the names of the paper (Hu et al. 2021) and of PEFT.

Standard library only, as in config, which the rest of the lab gets them from.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lab.checks import check, check_choice, check_regex
from lab.errors import ConfigError

Bias = Literal["none", "all", "lora_only"]
LARGEST = sys.float_info.max  # a whole number from a file may be larger than any float
Pairs = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class LoRAConfig:
    """One adapter's settings.

    r: rank of the update B @ A.
    lora_alpha: numerator of the scaling; the update is multiplied by lora_alpha / r.
    lora_dropout: probability of zeroing an entry of the layer's input on the LoRA branch.
    lora_dropout_on: "input" (the paper, PEFT), or "factors": entries of A and B are zeroed
        instead, one draw for the whole batch, and no mask as large as the input is kept.
    target_modules: names matched as the end of a module's path ("q_proj",
        "attention.output.dense"), or one regex that must match the whole path.
    bias: which bias vectors train along ("lora_only": those of the adapted layers).
    merge_weights: whether eval mode computes with one merged weight instead of two branches.
    use_rslora: whether the scaling is lora_alpha / sqrt(r), under which large ranks learn as
        fast as small ones (Kalajdzievski 2023).
    use_dora: whether each output's length is a weight of its own, beside the direction that
        A and B turn (Liu et al. 2024).
    init_lora_weights: True draws A and starts B at zero; "pissa" starts both as the largest
        directions of the weight (Meng et al. 2024).
    rank_pattern, alpha_pattern: another r or lora_alpha for some layers, {pattern: value}. A
        pattern is a regex for a path or its end after a dot; the first that matches holds.
        Kept as pairs, so that the settings stay frozen.
    exclude_modules: layers to leave out, named as in target_modules.
    layers_to_transform: numbers of the blocks to adapt; none: all. Beside names only.
    layers_pattern: what the list of blocks is called ("layers", "h"), where its number is not
        the first in the path or no name stands before it.
    modules_to_save: ends of the paths of modules that train whole, as copies of the base's, and
        are saved along; no update goes on what lies in them.
    """

    r: int = 8
    lora_alpha: float = 16.0
    lora_dropout: float = 0.0
    target_modules: tuple[str, ...] | str = ()
    bias: Bias = "none"
    merge_weights: bool = False
    use_rslora: bool = False
    use_dora: bool = False
    init_lora_weights: Literal[True, "pissa"] = True
    rank_pattern: Mapping[str, int] | Pairs = ()
    alpha_pattern: Mapping[str, float] | Pairs = ()
    exclude_modules: tuple[str, ...] | str = ()
    layers_to_transform: tuple[int, ...] = ()
    layers_pattern: tuple[str, ...] = ()
    modules_to_save: tuple[str, ...] = ()
    lora_dropout_on: Literal["input", "factors"] = "input"

    def __post_init__(self) -> None:
        self._freeze()
        check(_is_count(self.r), "r", self.r, "choose a whole number of at least 1")
        alpha = self.lora_alpha
        check(0 < alpha <= LARGEST, "lora_alpha", alpha, "choose a number above 0")
        check(0 <= self.lora_dropout < 1, "lora_dropout", self.lora_dropout, "choose 0 to below 1")
        check_choice("bias", self.bias, ("none", "all", "lora_only"))
        start = self.init_lora_weights
        check(start in (True, "pissa"), "init_lora_weights", start, "choose True or 'pissa'")
        place = self.lora_dropout_on
        check_choice("lora_dropout_on", place, ("input", "factors"))
        # DoRA's norm would be that of another weight than the one drawn.
        fits = place == "input" or not self.use_dora
        check(fits, "lora_dropout_on", place, "choose 'input' beside use_dora")
        is_plain = start is True or not self.use_dora
        check(is_plain, "init_lora_weights", start, "choose True beside use_dora")
        for name in ("target_modules", "exclude_modules"):
            if isinstance(getattr(self, name), str):
                check_regex(name, getattr(self, name))
        for pattern, r in self.rank_pattern:
            check_regex("rank_pattern", pattern)
            check(_is_count(r), f"rank_pattern[{pattern!r}]", r, "choose a whole number from 1")
        for pattern, alpha in self.alpha_pattern:
            check_regex("alpha_pattern", pattern)
            check(
                0 < alpha <= LARGEST,
                f"alpha_pattern[{pattern!r}]",
                alpha,
                "choose a number above 0",
            )
        self._check_blocks()

    def _freeze(self) -> None:
        """Lists, as JSON has them, and mappings become tuples, which nobody can write to."""
        for name in ("target_modules", "exclude_modules"):
            if not isinstance(getattr(self, name), str):
                object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("layers_to_transform", "layers_pattern", "modules_to_save"):
            value = getattr(self, name)
            is_one = isinstance(value, (int, str))
            object.__setattr__(self, name, (value,) if is_one else tuple(value))
        for name in ("rank_pattern", "alpha_pattern"):
            try:
                pairs = tuple(dict(getattr(self, name)).items())
            except (TypeError, ValueError):
                raise ConfigError(
                    f"{name} = {getattr(self, name)!r}: give a mapping from patterns to numbers"
                ) from None
            object.__setattr__(self, name, pairs)

    def _check_blocks(self) -> None:
        blocks, names = self.layers_to_transform, self.layers_pattern
        check(
            all(isinstance(number, int) and number >= 0 for number in blocks),
            "layers_to_transform",
            blocks,
            "choose whole numbers from 0",
        )
        check(
            not (blocks and isinstance(self.target_modules, str)),
            "layers_to_transform",
            blocks,
            "give target_modules as names, or put the numbers into its regex",
        )
        way_out = "choose layers_to_transform too, or leave this out"
        check(bool(blocks) or not names, "layers_pattern", names, way_out)
        for name in names:
            check_regex("layers_pattern", name)

    @property
    def scaling(self) -> float:
        """The factor on the update: alpha / r (paper, section 4.1), or alpha / sqrt(r)."""
        return self.lora_alpha / (math.sqrt(self.r) if self.use_rslora else self.r)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
