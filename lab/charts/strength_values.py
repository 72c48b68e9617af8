"""Recall over the strength of an update -> two curves, and the points' places at each strength."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.words import Words

if TYPE_CHECKING:
    from lab.analysis.strength import StrengthCurve, StrengthPoint
    from lab.data.dataset import PairDataset

MOST_PAIRS = 500  # on the map: all of its points move at each step of the slider


def strength_value(
    curve: StrengthCurve,
    places: Sequence[np.ndarray],
    pairs: PairDataset,
    control: str | None,
    words: Words,
) -> dict[str, Any]:
    """The curves, and what stands beside the slider.

    places: (2N, 2) on the axes of one map, at each of the curve's points; pairs: those N, their
    sides called by name; control: what the control set is called, or None for a run without.
    words: the place "strength".
    """
    a, b = pairs.side_names
    shown = sample(len(pairs), MOST_PAIRS)
    rows = np.concatenate([shown, shown + len(pairs)])
    note = words["sample"].format(shown=len(shown), pairs=len(pairs))
    return {
        "strengths": [point.strength for point in curve.points],
        "places": [np.round(layout[rows], 4).tolist() for layout in places],
        "a_is_image": pairs.kind == "image-text",
        "rows": _rows(curve.points, control, words, a=a, b=b),
        "summary": summarise(curve, words),
        "note": note if len(shown) < len(pairs) else "",
        "words": {**words, "a": a, "b": b},
    }


def sample(count: int, limit: int) -> np.ndarray:
    """Indices of at most `limit` of `count`, evenly."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(int))


def summarise(curve: StrengthCurve, words: Words) -> str:
    """Where the one of both sets that is found worse is found best; nothing without λ = 1."""
    if curve.points[-1].strength < 1:
        return ""
    base = curve.points[0]
    if all(point.new.mean <= base.new.mean for point in curve.points):
        return words["no_gain"]
    best = max(curve.points, key=_least)
    facts = {"strength": f"{best.strength:g}", "new": f"{best.new.mean:.2f}"}
    if best.control is None:
        return words["best_new"].format(**facts)
    return words["best_both"].format(control=f"{best.control.mean:.2f}", **facts)


def _least(point: StrengthPoint) -> float:
    return min(recall.mean for recall in (point.new, point.control) if recall is not None)


def _rows(
    points: Sequence[StrengthPoint], control: str | None, words: Words, **sides: str
) -> list[dict[str, Any]]:
    """name, mark of a row's line on the chart if it has one, and its recall at each strength."""
    new = [
        {
            "name": words[f"new_{way}"].format(**sides),
            "line": "new" if way == "mean" else None,
            "recall": [round(getattr(point.new, way), 4) for point in points],
        }
        for way in ("mean", "a_to_b", "b_to_a")
    ]
    if control is None:
        return new
    recall = [round(point.control.mean, 4) for point in points if point.control is not None]
    name = words["control"].format(name=control)
    return [*new, {"name": name, "line": "control", "recall": recall}]
