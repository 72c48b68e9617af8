"""How soon the maps of 2,000 pairs (4,000 points) are there, and what is said about them.

    PYTHONPATH=. python tests/benchmarks/maps.py [D]

Embeddings of D = 512 around 40 centres, half of the items moved towards another centre. A fresh
process a round, three rounds: each work for the first time in its process (cold; torch is loaded
already, as after training), then once more (warm). Medians, with the range; and seconds of
processor time, which others on the machine do not add to.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks.machine import describe_machine

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet

ROUNDS, PAIRS, CENTRES = 3, 2_000, 40
Seconds = dict[str, tuple[float, float]]  # what -> (on the wall, of the processors)


def make_moments(width: int) -> list[EmbeddingSet]:
    """Before and after."""
    from lab.analysis.embeddings import EmbeddingSet

    generator = np.random.default_rng(0)
    centres = 2 * generator.normal(size=(CENTRES, width))
    groups = np.arange(PAIRS) % CENTRES
    noise = generator.normal(size=(2, PAIRS, width))
    keys = tuple(map(str, range(PAIRS)))
    moments = []
    for share in (0, 0.5):
        moving = np.where(np.arange(PAIRS) % 2, share, 0)[:, None]
        middles = (1 - moving) * centres[groups] + moving * centres[(groups + 1) % CENTRES]
        sides = middles + noise
        sides /= np.linalg.norm(sides, axis=-1, keepdims=True)
        moments.append(EmbeddingSet(*sides.astype(np.float32), keys, keys))
    return moments


def measure(width: int) -> Seconds:
    """Every work twice, in this process."""
    from lab.analysis.clusters import cluster_items
    from lab.analysis.faithfulness import faithfulness
    from lab.analysis.neighbours import find_neighbours
    from lab.analysis.projection import noise_floor, project
    from lab.analysis.similarity import similarity_matrices
    from lab.config import ProjectionConfig

    first, second = make_moments(width)
    before, after = first.stacked(), second.stacked()
    pca, umap = (ProjectionConfig(method=method) for method in ("pca", "umap"))
    made: dict[str, Any] = {}
    works: dict[str, Callable[[], object]] = {
        "PCA maps": lambda: project(before, after, pca),
        "UMAP maps": lambda: project(before, after, umap),
        "noise floor": lambda: noise_floor(before, made["UMAP maps"], umap),
        "faithfulness, both maps": lambda: [
            faithfulness(before, made["UMAP maps"].before),
            faithfulness(after, made["UMAP maps"].after),
        ],
        "neighbours across": lambda: find_neighbours(first, second),
        "neighbours within": lambda: find_neighbours(first, second, among="within"),
        "clusters": lambda: cluster_items(second),
        "matrices by cluster": lambda: similarity_matrices(first, second, order="cluster"),
    }
    seconds: Seconds = {}
    for name, work in works.items():
        for state in ("cold", "warm"):
            wall, processors = time.perf_counter(), time.process_time()
            made[name] = work()
            spent = time.perf_counter() - wall, time.process_time() - processors
            seconds[f"{name}, {state}"] = spent
    return seconds


def main(width: str) -> None:
    """Print the table."""
    rounds: list[Seconds] = []
    for _ in range(ROUNDS):
        command = [sys.executable, __file__, width, "measure"]
        ran = subprocess.run(command, check=True, capture_output=True, text=True)
        rounds.append(json.loads(ran.stdout))
    print(f"{describe_machine()}; D = {width}\n\n| | median | range | processor time |")
    print("|---|---|---|---|")
    for name in rounds[0]:
        wall, processors = zip(*(seconds[name] for seconds in rounds), strict=True)
        span = f"{min(wall):.2f} to {max(wall):.2f} s"
        middle, spent = statistics.median(wall), statistics.median(processors)
        print(f"| {name} | {middle:.2f} s | {span} | {spent:.2f} s |")


if __name__ == "__main__":
    asked = sys.argv[1] if len(sys.argv) > 1 else "512"
    if sys.argv[-1] == "measure":
        print(json.dumps(measure(int(asked))))
    else:
        main(asked)
