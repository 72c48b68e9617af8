"""`python -m lab compare DIR [DIR ...]`: finished runs side by side."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lab.cli.arguments import blame
from lab.cli.tables import print_table

if TYPE_CHECKING:
    from lab.runs import Run

MISSING = "-"  # a metric that the lab did not know yet when it wrote the run


def add_to(commands: argparse._SubParsersAction) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("compare", help="show finished runs side by side")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="as given to --out")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Print metrics, one column of before and after per run, then the settings that differ."""
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
    print_table(header, [*rows, _test_row(runs)])
    differing = _differing_settings(runs)
    if differing:
        print("\nWhat differs")
        print_table(["setting", *names], differing)


def _metrics() -> list[tuple[str, tuple[str, ...]]]:
    from lab.analysis.metrics import GEOMETRY, RETRIEVAL

    retrieval = [
        (f"{direction.replace('_', ' ')} {name}", (direction, name))
        for direction in ("a_to_b", "b_to_a")
        for name in RETRIEVAL
    ]
    return [*retrieval, *((name, (name,)) for name in GEOMETRY)]


def _metric_row(label: str, path: tuple[str, ...], runs: list[Run]) -> list[str]:
    row = [label]
    for run_ in runs:
        for moment in ("before", "after"):
            row.append(_find(run_, (moment, *path)))
    return row


def _test_row(runs: list[Run]) -> list[str]:
    """The paired test on recall@1, the mean of both directions; it is of after against before."""
    cells = (cell for run_ in runs for cell in ("", _find(run_, ("p_values", "mean"))))
    return ["recall@1 paired test p", *cells]


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
