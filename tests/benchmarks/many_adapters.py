"""Resident memory of 20 adapters over one ViT-B/32, against one.

    PYTHONPATH=. python tests/benchmarks/many_adapters.py

Each count runs in a process of its own, which builds the base with random weights, adapts copies
that share it (the default r = 8, and 16, on q/k/v/out), and says how much memory it holds.
"""

from __future__ import annotations

import subprocess
import sys

import psutil
import torch

from tests.benchmarks.layer_step import adapt, build
from tests.benchmarks.machine import describe_machine

COUNTS, RANKS = (1, 20), (8, 16)


def measure(r: int, count: int) -> int:
    """Bytes resident with so many adapters, in this process."""
    base = build()
    adapters = [adapt(base, r, 0.0) for _ in range(count)]
    for adapter in adapters:
        with torch.no_grad():
            adapter.get_text_features(input_ids=torch.tensor([[1, 2, 49_407]]))
    return psutil.Process().memory_info().rss


def main() -> None:
    """Print the table, a process a row."""
    print(describe_machine(), "\n\n| r | adapters | resident | of one |\n|---|---|---|---|")
    for r in RANKS:
        first = None
        for count in COUNTS:
            command = [sys.executable, __file__, str(r), str(count)]
            size = int(subprocess.run(command, check=True, capture_output=True).stdout)
            first = first or size
            print(f"| {r} | {count} | {size / 1e6:,.0f} MB | {size / first:.3f} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(*map(int, sys.argv[1:])))
    else:
        main()
