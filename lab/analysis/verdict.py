"""What a comparison comes to: a verdict as plain data, and the English sentence made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lab.analysis.metrics import Estimate

LEVEL = 0.05  # a p below it is no chance, as a 95% interval without 0 is none

Kind = Literal["rose", "fell", "same", "chance"]
Direction = Literal["a_to_b", "b_to_a", "mean"]


@dataclass(frozen=True)
class Verdict:
    """What became of recall@1.

    kind: "rose" and "fell" only where the interval and the paired test both say that it is more
        than chance; "same" where no pair's recall changed; "chance" otherwise.
    direction: which item was the query, or "mean": the mean of both.
    before, after: recall@1; low, high: 95% interval of after minus before; p: of the paired test.
    """

    kind: Kind
    direction: Direction
    before: float
    after: float
    low: float
    high: float
    p: float
    pairs: int


def judge(
    direction: Direction, before: float, after: float, gain: Estimate, p: float, pairs: int
) -> Verdict:
    """The verdict on a change of recall@1. gain: after minus before; p: of the paired test."""
    kind: Kind = "rose" if gain.value > 0 else "fell"
    if gain.low == gain.high == 0:
        kind = "same"
    elif p >= LEVEL or gain.low <= 0 <= gain.high:
        kind = "chance"
    return Verdict(kind, direction, before, after, gain.low, gain.high, p, pairs)


def in_english(
    verdicts: Mapping[Direction, Verdict],
    a_name: str,
    b_name: str,
    controls: Mapping[str, Verdict] | None = None,
) -> str:
    """One sentence on the mean of both directions.

    verdicts: by direction. Where one direction rose and the other fell, both are told.
    controls: name of a control set -> the verdict on it.
    """
    mean = verdicts["mean"]
    tasks = {"b_to_a": f"{a_name} by {b_name}", "a_to_b": f"{b_name} by {a_name}"}
    sentence = (
        f"Recall@1, the mean of {' and '.join(tasks.values())}, {_change(mean)} on {mean.pairs:,} "
        f"held-out pairs{_sureness(mean)}"
    )
    if {verdicts[direction].kind for direction in tasks} == {"rose", "fell"}:
        parts = (f"{task} it {_change(verdicts[d])}" for d, task in tasks.items())
        sentence += f"; {', '.join(parts)}"
    for name, control in (controls or {}).items():
        chance = ", within what chance would do" if control.kind == "chance" else ""
        sentence += f"; on the {name} control set it {_change(control)}{chance}"
    return sentence + "."


def _change(verdict: Verdict) -> str:
    if verdict.kind == "same":
        return f"stayed at {verdict.after:.2f}"
    verb = "went" if verdict.kind == "chance" else verdict.kind
    digits = _digits(verdict)
    return f"{verb} from {verdict.before:.{digits}f} to {verdict.after:.{digits}f}"


def _sureness(verdict: Verdict) -> str:
    if verdict.kind == "same":
        return ""
    digits = _digits(verdict)
    span = f" (95%: {verdict.low:+.{digits}f} to {verdict.high:+.{digits}f})"
    is_chance = verdict.kind == "chance"
    return f", which is within what chance would do{span}" if is_chance else span


def _digits(verdict: Verdict) -> int:
    """Two, or as many as it takes to tell a small change."""
    told = (d for d in (2, 3, 4) if round(verdict.before, d) != round(verdict.after, d))
    return next(told, 2)
