"""What a sweep's controls are, and the sweep that their values and the sidebar's describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

import gradio as gr

from lab.config import RunConfig
from lab.sweep.config import AlphaRule, SweepConfig
from lab.sweep.fit import fitting
from lab.ui.bench import Bench, check_ready, estimate_seconds, plan_run
from lab.ui.choices import count_cost
from lab.visits.complaints import Complaint

RANKS = SweepConfig.ranks
RULES: tuple[AlphaRule, ...] = ("proportional", "fixed", "rank-stabilised")
MOST_SEEDS, LONGEST = 5, 500  # characters of a list of learning rates


@dataclass(frozen=True)
class SweepForm:
    """Every control that says what a sweep tries. The order of the fields is that of the values."""

    ranks: gr.CheckboxGroup
    rule: gr.Radio
    seeds: gr.Slider
    rates: gr.Textbox
    targets: gr.Dropdown
    stop_early: gr.Checkbox

    def components(self) -> list[Any]:
        """The controls in the order that `read_asked` takes their values in."""
        return [getattr(self, field.name) for field in fields(self)]


@dataclass(frozen=True)
class Asked:
    """What is to be varied, as a browser sent it and as far as it can be meant."""

    ranks: tuple[int, ...]
    rule: AlphaRule
    seeds: int
    rates: str
    targets: tuple[str, ...]
    stop_early: bool


def read_asked(values: tuple[Any, ...]) -> Asked:
    """Values in the form's order; what no control can have sent is the usual, or nothing."""
    ranks, rule, seeds, rates, targets, stop_early = values
    return Asked(
        tuple(r for r in RANKS if r in _list(ranks)),
        rule if rule in get_args(AlphaRule) else RULES[0],
        min(MOST_SEEDS, max(1, seeds)) if type(seeds) is int else SweepConfig.seeds,
        rates[:LONGEST] if isinstance(rates, str) else "",
        tuple(name for name in _list(targets) if isinstance(name, str) and name),
        stop_early is True,
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


@dataclass(frozen=True)
class SweepPlan:
    """A sweep that could start.

    largest: the rank that the smallest ticked layer holds; left_out: how many ticked ranks are
    larger. seconds: about how long all points take.
    """

    config: SweepConfig
    largest: int
    left_out: int
    seconds: float


def plan_sweep(bench: Bench, form: Mapping[str, Any], asked: Asked) -> SweepPlan:
    """The sweep of the sidebar's run. Raises LabError when the two describe none."""
    largest = find_largest(bench, form, asked)
    ranks = fitting(asked.ranks, largest)
    if not ranks:
        raise Complaint("sweep_ranks")
    # The base's own rank need not fit: the smallest that is tried does.
    check_ready(plan_run(bench, {**form, "r": ranks[0]}))
    base = replace(plan_run(bench, form).config, control="none")
    sets = (base.lora.target_modules, asked.targets) if asked.targets else ()
    rates = read_rates(asked.rates)
    config = SweepConfig(base, ranks, asked.rule, rates, sets, asked.seeds, asked.stop_early)
    seconds = len(config) * estimate_seconds(bench.baseline, base)
    return SweepPlan(config, largest, len(asked.ranks) - len(ranks), seconds)


def find_largest(bench: Bench, form: Mapping[str, Any], asked: Asked) -> int:
    """The rank that the smallest layer of either set holds. Raises LabError for no such layers."""
    base: RunConfig = plan_run(bench, form).config
    sets = [base.lora.target_modules, *([asked.targets] if asked.targets else [])]
    encoder = bench.baseline.encoder
    costs = (count_cost(encoder, replace(base.lora, target_modules=names)) for names in sets)
    return min(cost.smallest_side for cost in costs)


def read_rates(text: str) -> tuple[float, ...]:
    """Numbers with commas between. Raises Complaint for anything else."""
    try:
        rates = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise Complaint("sweep_rates", text=text) from None
    if not all(0 < rate <= 1 for rate in rates):
        raise Complaint("sweep_rates", text=text)
    return rates
