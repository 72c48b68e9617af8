"""What one point of a sweep came to, as plain values that go into JSON and come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from lab.sweep.plan import PlannedPoint

if TYPE_CHECKING:
    from lab.experiment import Outcome

Status = Literal["finished", "stopped", "stopped early", "failed"]


@dataclass(frozen=True)
class HeldOut:
    """The held-out pairs at one moment of a training; step 0 is the base.

    recall: recall@1, the mean of both directions. alignment, uniformity: Wang & Isola 2020, the
    latter the mean of the two sides'.
    """

    step: int
    epoch: int
    recall: float
    alignment: float
    uniformity: float


@dataclass(frozen=True)
class SweepPoint:
    """One adapter of a sweep.

    rank, alpha, scaling: of the update, scaling · BA. seed: of its first weights.
    parameters: that train. seconds: of its training alone; with others in one pass, their share.
    status: "stopped early" by the median rule, "stopped" by somebody; error: why it failed.
    metrics: the held-out pairs afterwards, as in a run's metrics.json, with recall@1 and uniformity
        in one number each beside them; empty when nothing came of the training.
    curve: the held-out pairs on the way, from the base on.
    """

    key: str
    rank: int
    alpha: float
    scaling: float
    seed: int
    learning_rate: float
    targets: tuple[str, ...] | str
    parameters: int
    steps: int
    epochs: int
    seconds: float
    status: Status
    error: str | None
    metrics: Mapping[str, Any]
    curve: tuple[HeldOut, ...]

    @property
    def is_measured(self) -> bool:
        """Whether anything came of the training."""
        return bool(self.metrics)

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> SweepPoint:
        """What `as_json` wrote. Raises TypeError or KeyError when something is missing."""
        targets = value["targets"]
        curve = tuple(HeldOut(**moment) for moment in value["curve"])
        frozen = targets if isinstance(targets, str) else tuple(targets)
        return SweepPoint(**{**value, "targets": frozen, "curve": curve})


def describe_point(
    planned: PlannedPoint, outcome: Outcome, curve: tuple[HeldOut, ...], was_hopeless: bool
) -> SweepPoint:
    """The point of a run that has ended.

    was_hopeless: whether it was the sweep that ended it early.
    """
    after = outcome.comparison.after.as_json(lambda estimate: estimate.value)
    last = outcome.steps[-1]
    return SweepPoint(
        **_what_was_asked(planned),
        parameters=outcome.trainable,
        steps=last.step,
        epochs=last.epoch,
        seconds=round(outcome.seconds["training"], 6),
        status="stopped early" if was_hopeless else outcome.status,
        error=outcome.error,
        metrics={
            "recall@1": (after["a_to_b"]["recall@1"] + after["b_to_a"]["recall@1"]) / 2,
            "uniformity": (after["uniformity_a"] + after["uniformity_b"]) / 2,
            **after,
        },
        curve=curve,
    )


def failed_point(planned: PlannedPoint, error: str) -> SweepPoint:
    """The point of a run that left nothing to measure."""
    nothing = {"parameters": 0, "steps": 0, "epochs": 0, "seconds": 0.0, "metrics": {}, "curve": ()}
    return SweepPoint(**_what_was_asked(planned), **nothing, status="failed", error=error)


def _what_was_asked(planned: PlannedPoint) -> dict[str, Any]:
    lora = planned.config.lora
    return {
        "key": planned.key,
        "rank": lora.r,
        "alpha": lora.lora_alpha,
        "scaling": lora.scaling,
        "seed": planned.seed,
        "learning_rate": planned.config.train.learning_rate,
        "targets": lora.target_modules,
    }
