"""A visitor's finished runs: the table of all, and some of them side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from lab.analysis.compare import Estimate, Verdict
from lab.charts.metric_values import call_control
from lab.charts.run_summary import RunSummary
from lab.charts.values import decimate
from lab.config import RunConfig

Words = Mapping[str, str]
METRICS = ("recall@1", "recall@5", "recall@10", "mrr", "median_rank")
DIRECTIONS = {"a_to_b": (0, 1), "b_to_a": (1, 0)}  # which side is the query, which the answer
DRAWN_STEPS, DRAWN_PAIRS = 300, 400  # of a run's curve, and of its map
KEPT = 0.9  # of the running mean, from one step to the next


def run_row(run: RunSummary, words: Words, controls: Words) -> dict[str, Any]:
    """One run as a row of the table. words: the place "runs"; controls: what sets are called."""
    lora, train = run.config.lora, run.config.train
    mean = run.comparison.verdicts()["mean"]
    return {
        "number": run.number,
        "name": words["run"].format(number=run.number),
        "finished": round(run.finished_at.timestamp() * 1000),
        "status": "" if run.status == "finished" else words[f"status_{run.status}"],
        "model": run.model,
        "pairs": words["pairs_of"].format(name=run.pairs, count=f"{run.train_pairs:,}"),
        "settings": words["settings"].format(
            r=lora.r, alpha=f"{lora.lora_alpha:g}", epochs=train.epochs
        ),
        "targets": _as_text(lora.target_modules, words),
        "cost": words["cost"].format(seconds=f"{run.seconds:.0f}", trainable=f"{run.trainable:,}"),
        "recall": _change(mean),
        "control": None if run.control is None else _change(run.control[1]),
        "control_name": "" if run.control is None else call_control(run.control[0], controls),
    }


def _change(verdict: Verdict) -> dict[str, Any]:
    numbers = {name: getattr(verdict, name) for name in ("before", "after", "low", "high")}
    gain = round(verdict.after - verdict.before, 4)
    return {**{k: round(v, 4) for k, v in numbers.items()}, "gain": gain, "kind": verdict.kind}


def comparison_value(
    runs: Sequence[RunSummary], words: Words, metric_words: Words, sides: Words
) -> dict[str, Any]:
    """Two or more runs side by side: numbers, the settings that differ, losses, maps."""
    names = [words["run"].format(number=run.number) for run in runs]
    side_names = [sides.get(name, name) for name in runs[0].side_names]
    shared = len({(run.model, run.config.pooling, run.held_out) for run in runs}) == 1
    return {
        "runs": names,
        "shared": shared,
        "note": "" if shared else words["not_shared"],
        "sides": side_names,
        "groups": _groups(runs, shared, metric_words, side_names),
        "settings": _settings(runs, words),
        "losses": [_loss(run) for run in runs],
        "maps": _maps(runs, shared, names, words),
        "words": {**words, "interval": metric_words["interval"]},
    }


def _groups(
    runs: Sequence[RunSummary], shared: bool, words: Words, names: Sequence[str]
) -> list[dict[str, Any]]:
    """Per direction the metrics' estimates: of the base where all share it, then of each run."""
    groups = []
    for direction, (query, answer) in DIRECTIONS.items():
        rows = []
        for metric in METRICS:
            moments = [getattr(run.comparison.after, direction)[metric] for run in runs]
            if shared:
                moments.insert(0, getattr(runs[0].comparison.before, direction)[metric])
            lower = metric == "median_rank"
            rows.append(
                {
                    "name": words[metric],
                    "note": words["lower" if lower else "higher"],
                    "whole": lower,
                    "cells": [_estimate(moment) for moment in moments],
                }
            )
        title = words["find"].format(query=names[query], answer=names[answer])
        groups.append({"title": title, "rows": rows})
    return groups


def _estimate(estimate: Estimate) -> dict[str, float]:
    return {name: round(getattr(estimate, name), 4) for name in ("value", "low", "high")}


def flatten(config: RunConfig) -> dict[str, Any]:
    """Every setting of a run by its own name, those of LoRA and of training among them."""
    whole = asdict(config)
    return {**whole, **whole.pop("lora"), **whole.pop("train")}


def _settings(runs: Sequence[RunSummary], words: Words) -> list[dict[str, Any]]:
    """The settings that are not the same in all of the runs."""
    flat = [flatten(run.config) for run in runs]
    return [
        {"name": words.get(f"set_{name}", name), "cells": [_as_text(f[name], words) for f in flat]}
        for name in flat[0]
        if name not in ("lora", "train") and any(f[name] != flat[0][name] for f in flat)
    ]


def _as_text(value: Any, words: Words) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return words["on" if value else "off"]
    if isinstance(value, tuple | list):
        return ", ".join(str(part) for part in value) or "–"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _loss(run: RunSummary) -> dict[str, list[float]]:
    """The running mean of the loss, as the training tab draws it, at fewer steps."""
    smooth = running_mean([step.loss for step in run.steps])
    points = list(zip([step.step for step in run.steps], smooth, strict=True))
    shown = decimate(points, DRAWN_STEPS)
    return {"x": [step for step, _ in shown], "y": [round(loss, 4) for _, loss in shown]}


def running_mean(values: Sequence[float]) -> list[float]:
    """An exponential mean, corrected for its start (Kingma & Ba 2015, section 3)."""
    mean = weight = 0.0
    found = []
    for value in values:
        mean = KEPT * mean + (1 - KEPT) * value
        weight = KEPT * weight + (1 - KEPT)
        found.append(mean / weight)
    return found


def _maps(
    runs: Sequence[RunSummary], shared: bool, names: Sequence[str], words: Words
) -> list[dict[str, Any]]:
    """PCA maps after each run; where all share one base, its map first and all turned onto it."""
    onto = runs[0].pca.before
    turned = [turn_onto(run.pca.after, run.pca.before, onto) if shared else run.pca.after
              for run in runs]  # fmt: skip
    maps = [_map(name, run, layout) for name, run, layout in zip(names, runs, turned, strict=True)]
    return [_map(words["base"], runs[0], onto), *maps] if shared else maps


def turn_onto(after: np.ndarray, before: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """(2N, 2) `after`, moved as `before` has to be to lie closest to `onto` (Schönemann 1966)."""
    centre, target = before.mean(axis=0), onto.mean(axis=0)
    u, _, vt = np.linalg.svd((before - centre).T @ (onto - target))
    return (after - centre) @ (u @ vt) + target


def _map(name: str, run: RunSummary, layout: np.ndarray) -> dict[str, Any]:
    pairs = len(layout) // 2
    rows = np.unique(np.linspace(0, pairs - 1, min(pairs, DRAWN_PAIRS)).round().astype(int))
    a, b = (np.round(layout[rows + side * pairs], 4).tolist() for side in (0, 1))
    return {"name": name, "a": a, "b": b, "a_is_image": run.kind == "image-text"}
