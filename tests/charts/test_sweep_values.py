"""What a sweep's charts are given is what its points say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from lab.charts.lora_paper import GPT2_RANKS, paper_value
from lab.charts.sweep_values import DRAWN_STEPS, METRICS, curves_value, ranks_value
from lab.words import find_words

WORDS = find_words()["ranks"]
MARKS = {name: {"collapse": 0.0, "sphere": end} for name, end in
         (("alignment", 2.0), ("uniformity_across", -3.9))}  # fmt: skip


@dataclass
class Over:
    mean: float
    error: float | None
    values: tuple[float, ...]


@dataclass
class Row:
    rank: int
    parameters: int
    metrics: dict[str, Over]
    seconds: float = 1.26


@dataclass
class Line:
    rows: list[Row] = field(default_factory=list)


@dataclass
class Moment:
    step: int
    recall: float
    alignment: float = 1.0
    uniformity: float = -2.0


@dataclass
class Point:
    rank: int
    seed: int
    curve: list[Moment]

    @property
    def key(self) -> str:
        return f"r{self.rank}-{self.seed}"


def row(rank: int, recall: float, error: float | None = 0.01) -> Row:
    values = (recall,) if error is None else (recall - error, recall + error)
    return Row(rank, 100 * rank, {name: Over(recall, error, values) for name in METRICS})


def value(*lines: Line, front: set[tuple[int, int]] = frozenset()) -> dict:
    before = dict.fromkeys(METRICS, 0.123456)
    names = [""] * len(lines)
    return ranks_value(lines, names, front, before, MARKS, [4, 8], WORDS)


def test_each_metric_has_a_panel_with_the_base_and_every_seed() -> None:
    panels = value(Line([row(4, 0.5), row(8, 0.7)]))["panels"]
    assert [panel["metric"] for panel in panels] == list(METRICS)
    first = panels[0]
    assert (first["base"], first["note"]) == (0.1235, WORDS["higher"])
    assert first["lines"] == [
        [
            {"rank": 4, "mean": 0.5, "error": 0.01, "values": [0.49, 0.51]},
            {"rank": 8, "mean": 0.7, "error": 0.01, "values": [0.69, 0.71]},
        ]
    ]
    assert {panel["note"] for panel in panels[1:]} == {WORDS["lower"], ""}


def test_one_seed_has_no_error() -> None:
    told = value(Line([row(4, 0.5, None)]))
    assert told["rows"][0]["error"] is None
    assert told["panels"][0]["lines"][0][0]["error"] is None


def test_rows_know_their_line_and_whether_they_are_on_the_front() -> None:
    told = value(Line([row(4, 0.5)]), Line([row(4, 0.6), row(8, 0.4)]), front={(1, 4)})
    places = [(r["line"], r["rank"], r["on_front"]) for r in told["rows"]]
    assert places == [(0, 4, False), (1, 4, True), (1, 8, False)]
    assert told["rows"][0]["seconds"] == 1.3


def test_marks_are_places_on_the_plane() -> None:
    told = value(Line([row(4, 0.5)]))
    assert told["marks"] == {"collapse": [0.0, 0.0], "sphere": [2.0, -3.9]}
    assert json.loads(json.dumps(told)) == told


def test_curves_are_named_and_their_losses_thinned() -> None:
    points = [Point(4, 0, [Moment(0, 0.1), Moment(8, 0.4)]), Point(8, 1, [Moment(0, 0.1)])]
    losses = {"r4-0": [(step, 1 / step) for step in range(1, 1001)]}
    told = curves_value(points, losses, [4, 8], WORDS)
    first, second = told["curves"]
    assert (first["name"], first["rank"]) == ("r = 4 (seed 0)", 4)
    assert (first["steps"], first["recall"]) == ([0, 8], [0.1, 0.4])
    assert len(first["loss"]) <= DRAWN_STEPS
    assert first["loss_steps"][-1] == 1000
    assert second["loss"] == []


def test_the_papers_columns_are_its_own() -> None:
    told = paper_value(WORDS)
    assert told["ranks"] == [2**k for k in range(11)]
    best = {column["title"]: column["values"] for column in told["columns"]}
    assert min(best["Validation loss"]) == pytest.approx(1.16)
    assert told["ranks"][best["BLEU"].index(max(best["BLEU"]))] == 4
    assert len(GPT2_RANKS) == len(told["ranks"])
