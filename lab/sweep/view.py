"""What a sweep shows, in the words of a language: its sentences, its charts, what was left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.charts.runs_values import running_mean
from lab.charts.sweep_values import curves_value, ranks_value
from lab.sweep.point import SweepPoint
from lab.sweep.summary import Series, answer, answer_for, group_points, pareto_front, say_answer
from lab.words import Words
from lab.words.translate import translate

Losses = Mapping[str, Sequence[tuple[int, float]]]
Settings = Mapping[str, Any]  # see lab.sweep.run.describe_sweep


def view_ranks(
    settings: Settings, points: Sequence[SweepPoint], table: Mapping[str, Words]
) -> dict[str, Any] | None:
    """The charts of the points that ran to their end; None while there is none."""
    lines, words = group_points(points), table["ranks"]
    if not lines:
        return None
    front = {(lines.index(line), row.rank) for line, row in pareto_front(lines)}
    names = name_lines(lines, words)
    before = describe_before(settings["before"])
    return {
        **ranks_value(lines, names, front, before, settings["marks"], planned(settings), words),
        "said": say_sweep(points, words),
        "left_out": say_left_out(points, table),
    }


def view_curves(
    settings: Settings, points: Sequence[SweepPoint], losses: Losses, words: Words
) -> dict[str, Any] | None:
    """The points' curves, those that ended early among them; None while there is none."""
    shown = [point for point in points if point.curve]
    return curves_value(shown, losses, planned(settings), words) if shown else None


def planned(settings: Settings) -> list[int]:
    """The ranks that the sweep tries, small to large."""
    return list(settings["config"]["ranks"])


def describe_before(metrics: Mapping[str, Any]) -> dict[str, float]:
    """The base's metrics under the names that a point's have."""
    recalls = [metrics[way]["recall@1"] for way in ("a_to_b", "b_to_a")]
    return {
        "recall@1": sum(recalls) / 2,
        "uniformity": (metrics["uniformity_a"] + metrics["uniformity_b"]) / 2,
        **{name: metrics[name] for name in ("alignment", "uniformity_across", "modality_gap")},
    }


def say_sweep(points: Sequence[SweepPoint], words: Words) -> list[str]:
    """Which rank is enough; where rates or targets differ too, in each line, the best one first."""
    told, lines = answer(points), group_points(points)
    if told is None:
        return []
    if len(lines) == 1:
        return [say_answer(told, words)]
    best = [told.series, *(line for line in lines if line != told.series)]
    return [
        words["in_line"].format(line=name, said=say_answer(answer_for(line), words))
        for name, line in zip(name_lines(best, words), best, strict=True)
    ]


def name_lines(lines: Sequence[Series], words: Words) -> list[str]:
    """By what tells them apart: the learning rate, the targets, or both."""
    rates, targets = (
        {getattr(line, name) for line in lines} for name in ("learning_rate", "targets")
    )
    return [
        ", ".join(
            [words["line_rate"].format(rate=f"{line.learning_rate:g}")] * (len(rates) > 1)
            + [_as_text(line.targets)] * (len(targets) > 1)
        )
        for line in lines
    ]


def _as_text(targets: tuple[str, ...] | str) -> str:
    return targets if isinstance(targets, str) else ", ".join(targets)


def say_left_out(points: Sequence[SweepPoint], table: Mapping[str, Words]) -> list[str]:
    """The points whose numbers are in no mean, and why."""
    words = table["ranks"]
    return [
        words[f"left_{point.status.replace(' ', '_')}"].format(
            point=words["adapter"].format(rank=point.rank, seed=point.seed),
            epoch=point.epochs,
            error=translate(point.error or "", table),
        )
        for point in points
        if point.status != "finished"
    ]


def read_losses(folder: Path, points: Sequence[SweepPoint]) -> dict[str, list[tuple[int, float]]]:
    """key -> (step, running mean of the training loss), of the points whose run is on disk."""
    files = {point.key: folder / "points" / point.key / "steps.jsonl" for point in points}
    return {key: smooth_losses(_read_steps(file)) for key, file in files.items() if file.is_file()}


def smooth_losses(steps: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """(step, loss) -> (step, running mean of the loss)."""
    means = running_mean([loss for _, loss in steps])
    return [(step, mean) for (step, _), mean in zip(steps, means, strict=True)]


def _read_steps(file: Path) -> list[tuple[int, float]]:
    records = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [(record["step"], record["loss"]) for record in records]
