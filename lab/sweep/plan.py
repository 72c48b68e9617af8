"""A sweep's points before they are run: each a whole run's settings under a short name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lab.config import RunConfig
from lab.sweep.config import SweepConfig


@dataclass(frozen=True)
class PlannedPoint:
    """key: names the point among its sweep's, and its folder; config: the run that it is."""

    key: str
    config: RunConfig

    @property
    def seed(self) -> int:
        """Of the first weights."""
        return self.config.train.draws_from


def plan_points(sweep: SweepConfig) -> tuple[PlannedPoint, ...]:
    """Every point; all ranks with one seed, then with the next.

    So there is a whole curve after the first seed. The first seed's points are those that
    `finetune` with their settings gives.
    """
    return tuple(_points(sweep))


def _points(sweep: SweepConfig) -> Iterator[PlannedPoint]:
    base = sweep.base
    target_sets = sweep.target_sets or (base.lora.target_modules,)
    rates = sweep.learning_rates or (base.train.learning_rate,)
    for seed in range(base.train.seed, base.train.seed + sweep.seeds):
        for number, targets in enumerate(target_sets):
            for rate in rates:
                for r in sweep.ranks:
                    parts = [f"r{r:03d}"]
                    parts += [f"lr{rate:g}"] if len(rates) > 1 else []
                    parts += [f"targets{number}"] if len(target_sets) > 1 else []
                    lora = replace(sweep.at_rank(r), target_modules=targets)
                    train = replace(base.train, learning_rate=rate, init_seed=seed)
                    config = replace(base, lora=lora, train=train, control="none")
                    yield PlannedPoint("-".join([*parts, f"seed{seed}"]), config)
