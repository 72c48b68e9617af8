"""A sweep's points -> each metric against rank, the front, the plane, the curves on the way there.

What a point or a row is, the sweep knows; a chart needs the few fields named here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from lab.charts.lora_paper import paper_value
from lab.charts.values import decimate
from lab.words import Words

METRICS = ("recall@1", "alignment", "uniformity", "uniformity_across", "modality_gap")
HIGHER, LOWER = {"recall@1"}, {"alignment", "uniformity", "uniformity_across"}  # is better
MOMENTS = ("recall", "alignment", "uniformity")
CURVE_WORDS = (*MOMENTS, "loss", "step", "rank", "lower", "higher")
DRAWN_STEPS = 80  # of a loss curve: it is sent again while it grows, and there are many


class Moment(Protocol):
    """The held-out pairs at a moment of a training."""

    step: int
    recall: float
    alignment: float
    uniformity: float


class Point(Protocol):
    """One adapter: its rank and seed, and its curve."""

    key: str
    rank: int
    seed: int
    curve: Sequence[Moment]


class Over(Protocol):
    """A metric at one rank over seeds: the mean, its standard error if it has one, the values."""

    mean: float
    error: float | None
    values: Sequence[float]


class Row(Protocol):
    """All seeds of one rank."""

    rank: int
    parameters: int
    seconds: float
    metrics: Mapping[str, Over]


class Line(Protocol):
    """Rows that differ in rank alone."""

    rows: Sequence[Row]


Front = Collection[tuple[int, int]]  # (place of its line, rank) of each row on it


def ranks_value(
    lines: Sequence[Line],
    names: Sequence[str],
    front: Front,
    before: Mapping[str, float],
    marks: Mapping[str, Mapping[str, float]],
    ranks: Sequence[int],
    words: Words,
) -> dict[str, Any]:
    """All that is drawn of finished points.

    names: of the lines, where there are several. front: the rows that none beats. before: the base
    by metric; marks: metric -> "collapse" and "sphere", what theory says. ranks: all that the sweep
    tries, so that a rank keeps its colour. words: the place "ranks".
    """
    return {
        "ranks": list(ranks),
        "names": list(names),
        "panels": [_panel(metric, lines, before, words) for metric in METRICS],
        "rows": [_row(k, row, front) for k, line in enumerate(lines) for row in line.rows],
        "base": [_round(before["alignment"]), _round(before["uniformity"])],
        "marks": {
            case: [_round(marks["alignment"][case]), _round(marks["uniformity_across"][case])]
            for case in ("collapse", "sphere")
        },
        "paper": paper_value(words),
        "words": dict(words),
    }


def _panel(
    metric: str, lines: Sequence[Line], before: Mapping[str, float], words: Words
) -> dict[str, Any]:
    return {
        "metric": metric,
        "title": words[f"metric_{metric}"],
        "note": words["higher"] if metric in HIGHER else words["lower"] if metric in LOWER else "",
        "base": _round(before[metric]),
        "lines": [[_over(row.rank, row.metrics[metric]) for row in line.rows] for line in lines],
    }


def _over(rank: int, over: Over) -> dict[str, Any]:
    return {
        "rank": rank,
        "mean": _round(over.mean),
        "error": None if over.error is None else _round(over.error),
        "values": [_round(value) for value in over.values],
    }


def _row(line: int, row: Row, front: Front) -> dict[str, Any]:
    recall = row.metrics["recall@1"]
    return {
        "line": line,
        "rank": row.rank,
        "parameters": row.parameters,
        "seconds": round(row.seconds, 1),
        "seeds": len(recall.values),
        "recall": _round(recall.mean),
        "error": None if recall.error is None else _round(recall.error),
        "alignment": _round(row.metrics["alignment"].mean),
        "uniformity": _round(row.metrics["uniformity"].mean),
        "on_front": (line, row.rank) in front,
    }


def curves_value(
    points: Sequence[Point],
    losses: Mapping[str, Sequence[tuple[int, float]]],
    ranks: Sequence[int],
    words: Words,
) -> dict[str, Any]:
    """How each point came along: its held-out pairs from the base on, and its training loss.

    losses: key -> (step, running mean of the loss). ranks: as in `ranks_value`.
    """
    return {
        "ranks": list(ranks),
        "curves": [_curve(point, losses.get(point.key, ()), words) for point in points],
        "words": {name: words[name] for name in CURVE_WORDS},
    }


def _curve(point: Point, losses: Sequence[tuple[int, float]], words: Words) -> dict[str, Any]:
    shown = decimate(losses, DRAWN_STEPS)
    moments = point.curve
    return {
        "name": words["adapter"].format(rank=point.rank, seed=point.seed),
        "rank": point.rank,
        "steps": [moment.step for moment in moments],
        **{name: [_round(getattr(moment, name)) for moment in moments] for name in MOMENTS},
        "loss_steps": [step for step, _ in shown],
        "loss": [_round(loss) for _, loss in shown],
    }


def _round(value: float) -> float:
    return round(value, 4)
