"""The names that trackers show: settings, values of a step, results.

Steps have the names that Hugging Face's Trainer gives them (`train/loss`, `train/learning_rate`,
`train/grad_norm`, `train/epoch`, `eval/loss`), so that runs of either stand in one chart. The
part before the slash is the section that all three tools sort charts into.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lab.config import RunConfig

if TYPE_CHECKING:
    from lab.training.loop import TrainStep

Scalar = str | int | float | bool | None
MEASURED = ("before", "after", "recall_gain", "p_values")  # of metrics.json
FORGOTTEN = ("before", "after", "change", "p_values")  # of its control set
ESTIMATE = {"value", "low", "high"}


def flat_config(config: RunConfig) -> dict[str, Scalar]:
    """Every setting under its own name, without a prefix: `r`, `learning_rate`, `target_modules`.

    So they are called in PEFT and in the Trainer, and one level is what all three tools group
    and filter by. Lists are joined by commas: `query,value`, or for patterns `query=4,value=8`.
    """
    return {
        field.name: _scalar(getattr(part, field.name))
        for part in (config, config.lora, config.train)
        for field in dataclasses.fields(part)
        if not dataclasses.is_dataclass(getattr(part, field.name))
    }


def _scalar(value: Any) -> Scalar:
    if not isinstance(value, tuple):
        return value
    parts = ("=".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in value)
    return ",".join(parts) or None


def step_values(step: TrainStep, epochs: int) -> dict[str, float]:
    """One step's values. `train/epoch` is the passes made over the training pairs, a fraction
    within an epoch; `train/seconds` those since training began."""
    values = {
        "train/loss": step.loss,
        "train/learning_rate": step.learning_rate,
        "train/grad_norm": step.grad_norm,
        "train/temperature": step.temperature,
        "train/epoch": step.step / step.steps * epochs,
        "train/seconds": step.seconds,
    }
    if step.validation_loss is not None:
        values["eval/loss"] = step.validation_loss
    return values


def final_values(metrics: Mapping[str, Any]) -> dict[str, float]:
    """metrics.json -> `after/a_to_b/recall@1` and its like; of estimates the value alone."""
    control = metrics.get("control") or {}
    kept = {name: metrics[name] for name in MEASURED if name in metrics}
    kept["control"] = {name: control[name] for name in FORGOTTEN if name in control}
    return dict(flatten(kept))


def flatten(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, float]]:
    """The numbers of a tree of mappings, each under its path joined by slashes."""
    for name, value in tree.items():
        if isinstance(value, Mapping) and value.keys() != ESTIMATE:
            yield from flatten(value, f"{path}{name}/")
        elif value is not None:
            yield path + name, value["value"] if isinstance(value, Mapping) else value


def as_file_name(name: str) -> str:
    """The name as one part of a path."""
    kept = "".join(c if c.isalnum() or c in "._-=+ " else "-" for c in name)
    return kept.strip(". ") or "run"


def artifact_name(run: str) -> str:
    """What a run's adapter is called among artifacts: ASCII letters, digits, dots and dashes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", f"{run}-adapter").lstrip("-.")[-128:]
