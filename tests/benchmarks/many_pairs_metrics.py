"""All metrics of 50,000 held-out pairs at D = 512: seconds, and the most memory a process holds.

    PYTHONPATH=. python tests/benchmarks/many_pairs_metrics.py [RUNS]

Before and after, both directions, with bootstrap intervals and the paired tests, on random unit
rows; after, a pair's items lie close. Each run is a process of its own that imports, makes the
embeddings and compares; the seconds are of the comparison, the memory of the whole process.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time

import numpy as np

from tests.benchmarks.machine import describe_machine

PAIRS, WIDTH = 50_000, 512
RUNS = 3


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """(N, D) each row scaled to length 1, in place."""
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def measure() -> tuple[float, float]:
    """Seconds of one comparison, and the process's peak of resident bytes."""
    from lab.analysis.compare import compare
    from lab.analysis.embeddings import EmbeddingSet

    draw = np.random.default_rng(0)
    keys = tuple(map(str, range(PAIRS)))
    noise = (draw.standard_normal((PAIRS, WIDTH), dtype=np.float32) for _ in range(4))
    a, b, a_after, b_after = map(unit_rows, noise)
    b_after += 0.3 * a_after
    after = EmbeddingSet(a_after, unit_rows(b_after), keys, keys)
    began = time.perf_counter()
    compare(EmbeddingSet(a, b, keys, keys), after)
    seconds = time.perf_counter() - began
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(runs: int) -> None:
    """Print the medians."""
    print(describe_machine())
    command = [sys.executable, __file__, "measure"]
    seconds, peaks = [], []
    for _ in range(runs):
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
        took, peak = map(float, ran.stdout.split()[-2:])
        print(f"{took:.1f} s, {peak / 1e9:.2f} GB", flush=True)
        seconds.append(took)
        peaks.append(peak)
    least, most = min(seconds), max(seconds)
    print(f"\n{PAIRS:,} pairs, D = {WIDTH}: {statistics.median(seconds):.1f} s", end=" ")
    print(f"({least:.1f} to {most:.1f}), at most {max(peaks) / 1e9:.2f} GB")


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        print(*measure())
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else RUNS)
