"""What a run forgets, from the command line: the control set, and how runs' numbers compare."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from command_line import Lab

from lab.runs import read_run


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """Pairs that share nothing with those of the runs."""
    file = tmp_path / "known.csv"
    rows = [f"first text {i},second text {i}" for i in range(12)]
    file.write_text("\n".join(["en,ko", *rows]) + "\n", encoding="utf-8")
    return file


def test_every_run_scores_a_control_set_that_it_never_saw(
    lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    answer = lab(*arguments["bert"])
    assert "on the English control set it" in answer.out
    run = read_run(tmp_path / "run")
    assert run.config.control == "auto"
    assert run.record["control"]["name"] == run.metrics["control"]["name"] == "captions-en"
    assert run.record["control"]["pairs"] == run.metrics["control"]["count"]
    assert run.record["seconds"]["control"] > 0


def test_the_control_set_may_be_ones_own(
    lab: Lab, arguments: dict[str, list], tmp_path: Path, known: Path
) -> None:
    answer = lab(*arguments["bert"], "--control", known)
    assert "on the known.csv control set it" in answer.out
    run = read_run(tmp_path / "run")
    assert run.config.control == str(known)
    assert run.metrics["control"]["count"] == 12


def test_a_run_may_have_none(lab: Lab, arguments: dict[str, list], tmp_path: Path) -> None:
    answer = lab(*arguments["bert"], "--control", "none")
    assert "control set" not in answer.out
    run = read_run(tmp_path / "run")
    assert run.record["control"] is None
    assert "control" not in run.metrics


@pytest.mark.parametrize("which", ["missing.csv", "its own pairs", "of pictures"])
def test_a_control_set_that_cannot_be_is_said_before_training(
    which: str, lab: Lab, arguments: dict[str, list], pairs_of: dict[str, Path], tmp_path: Path
) -> None:
    control = {"its own pairs": pairs_of["bert"], "of pictures": pairs_of["clip"]}.get(which, which)
    answer = lab(*arguments["bert"], "--control", control)
    assert answer.code != 0
    assert f"--control {control}" in answer.complaint
    assert "Training" not in answer.err
    assert not (tmp_path / "run").exists()


def test_compare_shows_what_was_won_what_it_cost_and_every_group(
    lab: Lab, arguments: dict[str, list], tmp_path: Path, known: Path
) -> None:
    grouped = tmp_path / "grouped.csv"
    words = itertools.product(("red", "blue", "green", "sand"), ("one", "two", "six"), range(4))
    rows = [f"a {colour} {size} {i},{colour} {size} {i} b,{size}" for colour, size, i in words]
    grouped.write_text("\n".join(["en,ko,size", *rows]) + "\n", encoding="utf-8")
    options = [grouped if value == arguments["bert"][4] else value for value in arguments["bert"]]
    assert lab(*options, "--control", known).code == 0
    answer = lab("compare", tmp_path / "run")
    metrics = json.loads((tmp_path / "run" / "metrics.json").read_text())
    lines = answer.out.splitlines()

    def cells(label: str) -> list[str]:
        return next(line for line in lines if line.startswith(label)).removeprefix(label).split()

    means = [metrics["control"][m]["mean"]["value"] for m in ("before", "after")]
    assert cells("control recall@1") == [f"{mean:.3f}" for mean in means]
    assert cells("held out")[0] == f"{metrics['recall_gain']['mean']:+.3f}"
    assert cells("control set")[0] == f"{metrics['control']['change']['mean']['value']:+.3f}"
    assert cells("control set")[-3:] == ["(known.csv,", "12", "pairs)"]
    for group in metrics["groups"]["size"]["groups"]:
        shares = [
            group[m][way]["value"] for way in ("a_to_b", "b_to_a") for m in ("before", "after")
        ]
        assert cells(group["label"]) == [str(group["pairs"]), *(f"{s:.3f}" for s in shares)]
