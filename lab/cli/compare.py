"""`python -m lab compare DIR [DIR ...]`: finished runs side by side."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.cli.arguments import blame
from lab.cli.tables import print_table

if TYPE_CHECKING:
    from lab.runs import Run

DIRECTIONS, MOMENTS = ("a_to_b", "b_to_a"), ("before", "after")
MISSING = "-"  # a metric that the lab did not know yet when it wrote the run


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("compare", help="show finished runs side by side")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="as given to --out")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print metrics, one column of before and after per run, what was won and what it cost, recall
    by group, and the settings that differ."""
    from lab.runs import read_run

    runs = []
    for folder in options.folders:
        with blame("DIR", folder):
            runs.append(read_run(folder))
    names = [str(run_.folder) for run_ in runs]
    header = ["metric"]
    for name in names:
        header += [f"{name} before", "after"]
    rows = [_metric_row(label, path, runs) for label, path in _metrics()]
    print_table(header, [*rows, *_control_rows(runs)])
    print("\nRecall@1, the mean of both directions: change, 95% interval, p of the paired test")
    print_table(["pairs", *names], _change_rows(runs))
    for run_, name in zip(runs, names, strict=True):
        _print_groups(run_, name)
    differing = _differing_settings(runs)
    if differing:
        print("\nWhat differs")
        print_table(["setting", *names], differing)


def _metrics() -> list[tuple[str, tuple[str, ...]]]:
    from lab.analysis.metrics import GEOMETRY, RETRIEVAL

    retrieval = [
        (f"{direction.replace('_', ' ')} {name}", (direction, name))
        for direction in DIRECTIONS
        for name in RETRIEVAL
    ]
    return [*retrieval, *((name, (name,)) for name in GEOMETRY)]


def _metric_row(label: str, path: tuple[str, ...], runs: list[Run]) -> list[str]:
    row = [label]
    for run_ in runs:
        for moment in MOMENTS:
            row.append(_find(run_, (moment, *path)))
    return row


def _control_rows(runs: list[Run]) -> list[list[str]]:
    """Recall@1 on each run's control set, where one was scored."""
    if not any("control" in run_.metrics for run_ in runs):
        return []
    cells = (_find(run_, ("control", m, "mean", "value")) for run_ in runs for m in MOMENTS)
    return [["control recall@1", *cells]]


def _change_rows(runs: list[Run]) -> list[list[str]]:
    """What was won on the held-out pairs, and what it cost on the control set."""
    held_out = [_change(run_.metrics) for run_ in runs]
    control = [_control_change(run_.metrics) for run_ in runs]
    return [["held out", *held_out], ["control set", *control]]


def _change(metrics: Mapping[str, Any]) -> str:
    if "mean" not in metrics.get("p_values", {}):
        return MISSING
    low, high = metrics["intervals"]["recall_gain"]["mean"]
    return _say_change(metrics["recall_gain"]["mean"], low, high, metrics["p_values"]["mean"])


def _control_change(metrics: Mapping[str, Any]) -> str:
    told = metrics.get("control")
    if told is None:
        return MISSING
    change = told["change"]["mean"]
    said = _say_change(change["value"], change["low"], change["high"], told["p_values"]["mean"])
    return f"{said} ({told['name']}, {told['count']} pairs)"


def _say_change(value: float, low: float, high: float, p: float) -> str:
    return f"{value:+.3f} ({low:+.3f} to {high:+.3f}), p = {p:.2g}"


def _print_groups(run_: Run, name: str) -> None:
    """Recall@1 of both directions by every column that grouped the run's pairs."""
    for column, table in run_.metrics.get("groups", {}).items():
        print(f"\nRecall@1 by {column}, {name}")
        ways = [f"{way.replace('_', ' ')} {m}" for way in DIRECTIONS for m in MOMENTS]
        rows = [
            [
                group["label"],
                str(group["pairs"]),
                *(f"{group[m][way]['value']:.3f}" for way in DIRECTIONS for m in MOMENTS),
            ]
            for group in table["groups"]
        ]
        print_table([column, "pairs", *ways], rows)


def _find(run_: Run, path: tuple[str, ...]) -> str:
    value = run_.metrics
    for key in path:
        if key not in value:
            return MISSING
        value = value[key]
    return f"{value:.3f}"


def _differing_settings(runs: list[Run]) -> list[list[str]]:
    flat = [_describe(run_) for run_ in runs]
    every = dict.fromkeys(name for f in flat for name in f)
    names = [name for name in every if len({str(f.get(name)) for f in flat}) > 1]
    return [[name, *[str(f.get(name)) for f in flat]] for name in names]


def _describe(run_: Run) -> dict[str, object]:
    """The settings, and what else numbers depend on: how it ended, and on what content."""
    record = run_.record
    data = str(record["data"]["sha256"])[:12]
    return {"status": record["status"], **_flatten(record["config"]), "pairs' sha256": data}


def _flatten(value: dict, prefix: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            flat |= _flatten(item, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = item
    return flat
