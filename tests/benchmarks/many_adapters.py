"""Resident memory of 20 adapters over one ViT-B/32, against one.

    PYTHONPATH=. python tests/benchmarks/many_adapters.py

Each count runs in a process of its own, which builds the base with random weights, adapts copies
that share it (r = 16 on q/k/v/out), and says how much memory it holds.
"""

from __future__ import annotations

import subprocess
import sys

import psutil
import torch

from tests.benchmarks.layer_step import adapt, build
from tests.benchmarks.machine import describe_machine

COUNTS = (1, 20)


def measure(count: int) -> int:
    """Bytes resident with so many adapters, in this process."""
    base = build()
    adapters = [adapt(base, 16, 0.0) for _ in range(count)]
    for adapter in adapters:
        with torch.no_grad():
            adapter.get_text_features(input_ids=torch.tensor([[1, 2, 49_407]]))
    return psutil.Process().memory_info().rss


def main() -> None:
    """Print the table, a process a row."""
    print(describe_machine(), "\n\n| adapters | resident | of one |\n|---|---|---|")
    sizes = []
    for count in COUNTS:
        command = [sys.executable, __file__, str(count)]
        sizes.append(int(subprocess.run(command, check=True, capture_output=True).stdout))
        print(f"| {count} | {sizes[-1] / 1e6:,.0f} MB | {sizes[-1] / sizes[0]:.3f} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(int(sys.argv[1])))
    else:
        main()
