"""The settings of a sweep: one run, and what is varied in it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from lab.checks import check, check_choice
from lab.config import LoRAConfig, RunConfig

AlphaRule = Literal["fixed", "proportional", "rank-stabilised"]
Targets = tuple[str, ...] | str
MOST_POINTS = 1_000


@dataclass(frozen=True)
class SweepConfig:
    """What a sweep tries: every rank with every learning rate, target set and seed.

    base: the run that is varied. At its rank all alpha rules give the same update.
    ranks: kept from small to large.
    alpha_rule: what becomes of alpha when the rank changes. "fixed": nothing, so that the scaling
        alpha / r shrinks as r grows, and a sweep mixes rank with step size. "proportional":
        alpha = c·r, so that the scaling stays what it is. "rank-stabilised": the scaling shrinks
        with sqrt(r) (rsLoRA, Kalajdzievski 2023).
    learning_rates, target_sets: none: the base's own.
    seeds: how often each is trained, with other first weights (and another dropout), on the same
        split and the same batches in the same order.
    stop_early: whether a point ends at an epoch where its recall is below the median of what the
        points before it had there (the median rule, Golovin et al. 2017).
    """

    base: RunConfig
    ranks: tuple[int, ...] = (4, 8, 16, 32, 64, 128, 256)
    alpha_rule: AlphaRule = "proportional"
    learning_rates: tuple[float, ...] = ()
    target_sets: tuple[Targets, ...] = ()
    seeds: int = 3
    stop_early: bool = False

    def __post_init__(self) -> None:
        _freeze(self, "ranks", sorted(set(self.ranks)))
        _freeze(self, "learning_rates", dict.fromkeys(self.learning_rates))
        _freeze(self, "target_sets", dict.fromkeys(map(_as_targets, self.target_sets)))
        ranks = self.ranks
        are_counts = all(isinstance(r, int) and r >= 1 for r in ranks)
        check(bool(ranks) and are_counts, "ranks", ranks, "choose whole numbers of at least 1")
        check_choice("alpha_rule", self.alpha_rule, get_args(AlphaRule))
        rates = self.learning_rates
        check(all(0 < rate <= 1 for rate in rates), "learning_rates", rates, "choose 0 to 1")
        check(1 <= self.seeds <= 100, "seeds", self.seeds, "choose 1 to 100")
        most = MOST_POINTS * self.seeds // len(self)
        check(len(self) <= MOST_POINTS, "seeds", self.seeds, f"choose fewer, at most {most}")

    def __len__(self) -> int:
        """How many points there are."""
        varied = (self.ranks, self.learning_rates, self.target_sets)
        return self.seeds * math.prod(max(1, len(values)) for values in varied)

    def at_rank(self, r: int) -> LoRAConfig:
        """The base's adapter at another rank, its alpha by the rule."""
        lora = self.base.lora
        if self.alpha_rule == "fixed":
            return replace(lora, r=r)
        if self.alpha_rule == "proportional":
            # alpha = c·r under alpha / r, and c·sqrt(r) under a base that is rank-stabilised.
            return replace(lora, r=r, lora_alpha=lora.scaling * _denominator(r, lora.use_rslora))
        alpha = lora.scaling * math.sqrt(lora.r)
        return replace(lora, r=r, lora_alpha=alpha, use_rslora=True)


def _denominator(r: int, use_rslora: bool) -> float:
    return math.sqrt(r) if use_rslora else float(r)


def _as_targets(value: Sequence[str] | str) -> Targets:
    return value if isinstance(value, str) else tuple(value)


def _freeze(config: SweepConfig, name: str, values: Sequence[object]) -> None:
    object.__setattr__(config, name, tuple(values))
