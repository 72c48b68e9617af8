"""The tables' values: what is said of a row, in both languages, and that it is plain JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from lab.analysis.compare import Comparison, compare
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.forgetting import compare_hits
from lab.analysis.geometry import even_uniformity
from lab.analysis.recall import Hits
from lab.charts.metric_values import (
    GEOMETRY,
    RETRIEVAL,
    balance_value,
    groups_value,
    metrics_value,
    say_p,
)
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.words import LANGUAGES, find_words

COUNT, WIDTH = 120, 32


def unit(x: np.ndarray) -> np.ndarray:
    return (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Partners found by chance before, and always after."""
    draw = np.random.default_rng(0)
    a, other = (draw.standard_normal((COUNT, WIDTH)) for _ in range(2))
    keys = tuple(map(str, range(COUNT)))
    before = EmbeddingSet(unit(a), unit(other), keys, keys)
    return compare(before, replace(before, b=unit(a + 0.1 * other)))


@pytest.fixture
def pairs() -> PairDataset:
    made = (Pair(f"a {i}", f"b {i}", i, {"size": "small" if i % 3 else ""}) for i in range(COUNT))
    return PairDataset("mine.csv", "text-text", tuple(made), side_names=("en", "ko"))


def rows_of(comparison: Comparison, language: str = "en") -> dict[str, list[dict]]:
    made = metrics_value(comparison, ("en", "ko"), find_words(language))
    json.dumps(made, allow_nan=False)
    return {group["title"]: group["rows"] for group in made["groups"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_is_there_with_its_meaning(comparison: Comparison, language: str) -> None:
    words = find_words(language)
    groups = list(rows_of(comparison, language).values())
    assert [len(rows) for rows in groups] == [len(RETRIEVAL), len(RETRIEVAL), len(GEOMETRY)]
    assert all(row["what"] in words["metric_notes"].values() for rows in groups for row in rows)
    names = [row["name"] for row in groups[0]]
    assert names == [words["metrics"][name] for name in RETRIEVAL]


def test_values_are_the_comparisons(comparison: Comparison) -> None:
    rows = rows_of(comparison)["Given the ko, find the en"]
    for name, row in zip(RETRIEVAL, rows, strict=True):
        for moment in ("before", "after"):
            estimate = getattr(comparison, moment).b_to_a[name]
            expected = {
                part: round(getattr(estimate, part), 4) for part in ("value", "low", "high")
            }
            assert row[moment] == expected


def test_a_gain_is_better_whichever_way_it_goes(comparison: Comparison) -> None:
    rows = rows_of(comparison)["Given the en, find the ko"]
    told = {row["name"]: (row["verdict"], row["went"]) for row in rows}
    assert told["Recall@1"] == ("better", "up")
    assert told["Mean rank"] == ("better", "down")
    assert [row["p"] for row in rows if "p" in row] == ["paired test: p <\u00a00.001"]


def test_geometry_has_the_marks_of_theory_and_the_gap_is_not_judged(comparison: Comparison) -> None:
    rows = rows_of(comparison)["Geometry on the unit sphere"]
    sphere = f"{even_uniformity(WIDTH):.2f}".replace("-", "−")
    assert all(sphere in row["marks"] for row in rows if row["name"].startswith("Uniformity"))
    (gap,) = (row for row in rows if row["name"].startswith("Gap"))
    assert gap["direction"] == "neither"
    assert gap["verdict"] in ("rose", "fell", "same")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_balance_sets_what_was_won_beside_what_it_cost(
    comparison: Comparison, language: str
) -> None:
    words = find_words(language)
    known, lost = np.ones(COUNT), np.arange(COUNT) % 2
    forgetting = compare_hits("captions-en", Hits(known, known), Hits(lost, lost))
    made = balance_value(comparison, forgetting, "mine.csv", words)
    json.dumps(made, allow_nan=False)
    new, control = made["rows"]
    assert (new["kind"], control["kind"]) == ("rose", "fell")
    assert (control["before"], control["after"]) == (1, 0.5)
    assert words["controls"]["captions-en"] in control["name"]
    assert "−0.50" in control["change"]
    assert made["note"] == words["balance"]["kept"]


def test_without_a_control_set_the_balance_says_so(comparison: Comparison) -> None:
    words = find_words()
    made = balance_value(comparison, None, "mine.csv", words)
    assert len(made["rows"]) == 1
    assert made["note"] == words["balance"]["no_control"]


def test_groups_hold_every_pair_once(comparison: Comparison, pairs: PairDataset) -> None:
    made = groups_value(pairs, comparison, find_words())
    json.dumps(made, allow_nan=False)
    (table,) = made["tables"]
    assert table["column"] == "size"
    for rows in table["ways"]:
        assert [(row["name"], row["note"]) for row in rows] == [
            ("small", "80 pairs"),
            ("(empty)", "40 pairs"),
        ]
        assert all(row["after"]["value"] == 1 for row in rows)


def test_pairs_without_a_grouping_column_have_no_groups(comparison: Comparison, pairs) -> None:
    plain = replace(pairs, pairs=tuple(replace(pair, extra={}) for pair in pairs.pairs))
    assert groups_value(plain, comparison, find_words()) is None


@pytest.mark.parametrize(
    ("p", "said"), [(0.5, "= 0.5"), (0.0123, "= 0.012"), (1e-52, "< 0.001"), (1.0, "= 1")]
)
def test_a_small_p_is_not_said_to_the_last_figure(p: float, said: str) -> None:
    assert say_p(p).replace("\u00a0", " ") == said
