"""The default run of every family: seconds, and recall@1 before and after with its intervals.

    python tests/benchmarks/default_runs.py

Runs `python -m lab finetune --model NAME --out DIR` for the bundled models, one after another, on a
machine that should be quiet.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lab.encoders.registry import CATALOGUE
from lab.runs import read_run


def run(model: str, folder: Path) -> str:
    """One line of the table."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "lab", "finetune", "--model", model, "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    finished = read_run(folder)
    cells = [model, f"{seconds:.1f} s", f"{finished.record['seconds']['training']:.1f} s"]
    for direction in ("a_to_b", "b_to_a"):
        for moment in ("before", "after"):
            value = finished.metrics[moment][direction]["recall@1"]
            low, high = finished.metrics["intervals"][moment][direction]["recall@1"]
            cells.append(f"{value:.3f} ({low:.3f} to {high:.3f})")
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| model | whole command | training | a to b, before | after | b to a, before | after |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        for row in CATALOGUE:
            if row.bundled:
                print(run(row.name, Path(scratch) / row.name), flush=True)


if __name__ == "__main__":
    main()
