"""Recall over λ as values: rows, places and the sentence that names a strength."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lab.analysis.strength import Recall, StrengthCurve, StrengthPoint
from lab.charts.strength_values import MOST_PAIRS, strength_value
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.words import find_words

WORDS = find_words()["strength"]
NEW, CONTROL = (0.1, 0.4, 0.6), (0.9, 0.5, 0.2)


def pairs(count: int) -> PairDataset:
    texts = tuple(Pair(f"a {i}", f"b {i}", i) for i in range(count))
    return PairDataset("mine", "text-text", texts, side_names=("en", "ko"))


def recall(mean: float) -> Recall:
    return Recall(mean - 0.05, mean + 0.05, mean)


def curve(with_control: bool = True) -> StrengthCurve:
    return StrengthCurve(
        tuple(
            StrengthPoint(strength, recall(new), recall(old) if with_control else None)
            for strength, new, old in zip((0.0, 0.5, 1.0), NEW, CONTROL, strict=True)
        )
    )


def places(count: int) -> list[np.ndarray]:
    """Each point's own place, λ apart."""
    points = np.arange(2 * count, dtype=float)
    return [np.stack([points, points + strength], axis=1) for strength in (0, 0.5, 1)]


def test_rows_hold_the_recall_at_each_strength() -> None:
    value = strength_value(curve(), places(6), pairs(6), "English", WORDS)
    rows = {row["name"]: row for row in value["rows"]}
    assert value["strengths"] == [0, 0.5, 1]
    assert rows[WORDS["new_mean"]]["recall"] == list(NEW)
    assert rows["New pairs, ko by en"]["recall"] == pytest.approx([m - 0.05 for m in NEW])
    assert rows["English control set"] == {
        "name": "English control set",
        "line": "control",
        "recall": list(CONTROL),
    }
    assert json.loads(json.dumps(value)) == value


def test_the_sentence_names_where_neither_set_is_left_behind() -> None:
    value = strength_value(curve(), places(6), pairs(6), "English", WORDS)
    assert value["summary"] == WORDS["best_both"].format(strength="0.5", new="0.40", control="0.50")
    alone = strength_value(curve(with_control=False), places(6), pairs(6), None, WORDS)
    assert alone["summary"] == WORDS["best_new"].format(strength="1", new="0.60")
    assert [row["line"] for row in alone["rows"]] == ["new", None, None]


def test_the_sentence_waits_for_the_trained_model_and_praises_no_loss() -> None:
    begun = StrengthCurve(curve().points[:2])
    assert strength_value(begun, places(6)[:2], pairs(6), None, WORDS)["summary"] == ""
    falling = tuple(StrengthPoint(at, recall(1 - at / 2), None) for at in (0.0, 0.5, 1.0))
    value = strength_value(StrengthCurve(falling), places(6), pairs(6), None, WORDS)
    assert value["summary"] == WORDS["no_gain"]


def test_many_pairs_are_sampled_with_their_partners() -> None:
    count = 3 * MOST_PAIRS
    value = strength_value(curve(), places(count), pairs(count), None, WORDS)
    (first, *_), half = value["places"], MOST_PAIRS
    assert all(len(layout) == 2 * half for layout in value["places"])
    for a, b in zip(first[:half], first[half:], strict=True):
        assert b[0] - a[0] == count
    assert f"{MOST_PAIRS} of {count}" in value["note"]
    assert strength_value(curve(), places(6), pairs(6), None, WORDS)["note"] == ""
