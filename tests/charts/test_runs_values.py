"""Finished runs: the table's rows, and some of them side by side, held to plain references."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes

from lab.charts.runs_values import DRAWN_PAIRS, KEPT, comparison_value, running_mean, turn_onto
from lab.config import RunConfig
from lab.experiment import Outcome, run_experiment
from lab.ui.runs_view import view_comparison, view_runs
from lab.visits import kept_runs
from lab.visits.kept_runs import KeptRun, add_run, find_runs
from lab.visits.results import Files, Result
from lab.words import find_words

pytestmark = pytest.mark.usefixtures("one_thread")
TABLE = find_words()
FILES = Files(Path("a.zip"), Path("r.zip"), Path("report.html"), 0.0)


@pytest.fixture(scope="module")
def outcome(one_thread: None, config_of: dict[str, RunConfig]) -> Outcome:
    return run_experiment(config_of["bert"])


def result_of(outcome: Outcome, **lora: Any) -> Result:
    """The outcome, as of a run with other settings."""
    from lab.analysis.projection import project
    from lab.config import ProjectionConfig

    before, after = outcome.baseline.before.stacked(), outcome.after.stacked()
    config = dataclasses.replace(
        outcome.config, lora=dataclasses.replace(outcome.config.lora, **lora)
    )
    maps = project(before, after, ProjectionConfig(method="pca"))
    return Result(dataclasses.replace(outcome, config=config), (maps,), FILES)


@pytest.fixture(scope="module")
def runs(outcome: Outcome) -> tuple[KeptRun, ...]:
    kept: tuple[KeptRun, ...] = ()
    for r in (2, 4):
        kept = add_run(kept, result_of(outcome, r=r), {"r": r})
    return kept


def test_the_newest_are_kept_and_numbers_go_on(outcome: Outcome, runs: tuple[KeptRun, ...]) -> None:
    result = result_of(outcome)
    for _ in range(kept_runs.KEPT):
        runs = add_run(runs, result, {})
    assert [run.summary.number for run in runs] == list(range(3, 3 + kept_runs.KEPT))


def test_a_kept_run_holds_neither_model_nor_embeddings(runs: tuple[KeptRun, ...]) -> None:
    from lab.analysis.embeddings import EmbeddingSet

    held = {type(value) for value in vars(runs[0].summary).values()}
    assert EmbeddingSet not in held
    assert not {kind for kind in held if kind.__module__.startswith(("torch", "lab.encoders"))}


@pytest.mark.parametrize("numbers", [None, 1, "1", {"1": 2}, [[1]], ["1"], [True], [99], [1.0]])
def test_what_is_no_list_of_numbers_finds_no_run(runs: Any, numbers: Any) -> None:
    assert find_runs(runs, numbers) == []


def test_runs_are_found_once_each_oldest_first(runs: tuple[KeptRun, ...]) -> None:
    assert find_runs(runs, [2, 1, 2]) == list(runs)


def test_the_table_is_plain_and_newest_first(outcome: Outcome, runs: tuple[KeptRun, ...]) -> None:
    value = view_runs(runs, TABLE)
    assert value is not None
    json.dumps(value, allow_nan=False)
    assert [row["number"] for row in value["runs"]] == [2, 1]
    mean = outcome.comparison.verdicts()["mean"]
    recall = value["runs"][0]["recall"]
    assert recall["gain"] == pytest.approx(mean.after - mean.before, abs=1e-4)
    assert recall["kind"] == mean.kind
    assert view_runs((), TABLE) is None
    assert view_runs(runs[:1], TABLE)["note"] == TABLE["runs"]["one"]


def test_only_settings_that_differ_are_told(runs: tuple[KeptRun, ...]) -> None:
    value = view_comparison(runs, TABLE)
    assert value is not None
    json.dumps(value, allow_nan=False)
    assert value["settings"] == [{"name": TABLE["runs"]["set_r"], "cells": ["2", "4"]}]
    assert view_comparison([runs[0], runs[0]], TABLE)["settings"] == []
    assert view_comparison(runs[:1], TABLE) is None


def test_runs_on_one_base_share_a_column_before_others_do_not(runs: tuple[KeptRun, ...]) -> None:
    value = view_comparison(runs, TABLE)
    assert value["shared"]
    assert {len(row["cells"]) for group in value["groups"] for row in group["rows"]} == {3}
    assert [m["name"] for m in value["maps"]] == [TABLE["runs"]["base"], "Run 1", "Run 2"]
    other = dataclasses.replace(runs[1].summary, held_out="others")
    apart = comparison_value(
        [runs[0].summary, other], TABLE["runs"], TABLE["metrics"], TABLE["sides"]
    )
    assert not apart["shared"]
    assert apart["note"]
    assert len(apart["maps"]) == 2


def test_estimates_are_those_of_the_comparison(outcome: Outcome, runs: tuple[KeptRun, ...]) -> None:
    first = view_comparison(runs, TABLE)["groups"][0]["rows"][0]["cells"]
    moments = [outcome.comparison.before, outcome.comparison.after, outcome.comparison.after]
    for cell, metrics in zip(first, moments, strict=True):
        assert cell["value"] == pytest.approx(metrics.a_to_b["recall@1"].value, abs=1e-4)


def test_the_running_mean_is_a_weighted_mean_of_all_before() -> None:
    values = np.random.default_rng(0).normal(size=30)
    for n, mean in enumerate(running_mean(values.tolist()), start=1):
        weights = KEPT ** np.arange(n)[::-1]
        assert mean == pytest.approx((weights * values[:n]).sum() / weights.sum())


def test_a_map_is_turned_as_scipy_turns_its_base() -> None:
    draw = np.random.default_rng(0)
    before, onto, after = (draw.normal(size=(12, 2)) for _ in range(3))
    turn, _ = orthogonal_procrustes(before - before.mean(0), onto - onto.mean(0))
    expected = (after - before.mean(0)) @ turn + onto.mean(0)
    assert turn_onto(after, before, onto) == pytest.approx(expected)


def test_large_maps_are_drawn_from_an_even_sample(runs: tuple[KeptRun, ...]) -> None:
    pairs = 3 * DRAWN_PAIRS
    many = np.repeat(np.arange(pairs)[:, None], 2, axis=1).astype(float)
    layout = np.concatenate([many, many + pairs])
    pca = dataclasses.replace(runs[0].summary.pca, before=layout, after=layout)
    summary = dataclasses.replace(runs[0].summary, pca=pca)
    drawn = comparison_value([summary] * 2, TABLE["runs"], TABLE["metrics"], TABLE["sides"])
    for shown in drawn["maps"]:
        assert len(shown["a"]) == len(shown["b"]) == DRAWN_PAIRS
        assert [b[0] - a[0] for a, b in zip(shown["a"], shown["b"], strict=True)] == pytest.approx(
            [pairs] * DRAWN_PAIRS
        )
