"""A choice of model and pairs, loaded and looked at: what the page needs to know before a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.config import RunConfig
from lab.experiment import Baseline, Report
from lab.ui.choices import Cost, Layers, choose_targets, count_cost, find_layers
from lab.ui.form import read_config, read_layers
from lab.visits.complaints import Obstacle
from lab.visits.laboratory import Laboratory, Visitor


@dataclass(frozen=True)
class Bench:
    """What lies ready: the base with its layers, the split pairs, and settings that suit both."""

    baseline: Baseline
    layers: Layers
    suggested: RunConfig


def fit_pairs(laboratory: Laboratory, form: dict[str, Any]) -> dict[str, Any]:
    """The form, with bundled pairs of the other kind replaced by those the model starts with.

    An upload of the visitor's own is never swapped for anything.
    """
    from lab.data.bundled import BUNDLED_PAIRS, find_bundled

    encoder = laboratory.prepared.encoder(form["model"] or "", form["pooling"] or None)
    bundled = find_bundled(form["pairs"] or "")
    if bundled is None or bundled.kind == encoder.kind:
        return form
    pairs = next(row.name for row in BUNDLED_PAIRS if row.kind == encoder.kind)
    return {**form, "pairs": pairs, "a_column": None, "b_column": None}


def prepare(
    laboratory: Laboratory, visitor: Visitor, form: Mapping[str, Any], report: Report
) -> Bench:
    """Load the form's model and pairs and measure the baseline. Raises LabError."""
    from lab.defaults import suggest

    targets = ("?",)  # not known before the model is; the baseline does not depend on them
    config = read_config(dict(form), targets)
    baseline = laboratory.prepared.baseline(visitor, config, report)
    suggested = suggest(config.model, config.pairs, baseline.encoder, baseline.dataset)
    return Bench(baseline, find_layers(baseline.encoder), suggested)


@dataclass(frozen=True)
class Plan:
    """A run that could start: its settings, its cost, about how long, and what stands out."""

    config: RunConfig
    cost: Cost
    seconds: float
    findings: tuple[Any, ...]

    @property
    def obstacle(self) -> Obstacle | None:
        """Why the run cannot start; None when it can."""
        errors = (finding for finding in self.findings if finding.level == "error")
        first = next(errors, None)
        return first and Obstacle(first.title, first.way_out)


def plan_run(bench: Bench, form: Mapping[str, Any]) -> Plan:
    """The run that the form describes on this bench. Raises LabError when it describes none."""
    from lab.data.preflight import find_findings

    config = read_config(dict(form), choose_targets(bench.layers, read_layers(dict(form))))
    cost = count_cost(bench.baseline.encoder, config.lora)
    findings = find_findings(
        bench.baseline.dataset,
        batch_size=config.train.batch_size,
        r=config.lora.r,
        smallest_side=cost.smallest_side,
        train_pairs=len(bench.baseline.train),
    )
    return Plan(config, cost, estimate_seconds(bench.baseline, config), findings)


def estimate_seconds(baseline: Baseline, config: RunConfig) -> float:
    """About how long a run takes, from the time that embedding a pair took just now.

    A training step costs about three forward passes (forward, and a backward pass of twice its
    work), and embedding a pair is a forward pass and about half as much again of preparing it,
    which training does once.
    """
    per_pair = baseline.seconds["pair"]
    train_pairs, test_pairs = len(baseline.train), len(baseline.test)
    return per_pair * (2 * train_pairs * config.train.epochs + 2 * test_pairs)


def check_ready(plan: Plan) -> RunConfig:
    """The plan's settings. Raises the obstacle, if there is one."""
    if plan.obstacle:
        raise plan.obstacle
    return plan.config
