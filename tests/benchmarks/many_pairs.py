"""100,000 text pairs against 1,000: memory above the model's own, and time a pair.

    PYTHONPATH=. python tests/benchmarks/many_pairs.py

tiny-bert's architecture as it is bundled, r = 8 on its query and value, batch 64, one epoch. The
texts are told scenes, numbered so that none repeats. One process a count; of 1,000 pairs there are
twenty files, a run each, so that both counts are long enough to time and no text is known before.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.benchmarks.machine import describe_machine

COUNTS = {1_000: 20, 100_000: 1}  # pairs -> files


def write_pairs(path: Path, first: int, count: int) -> None:
    """A CSV of so many pairs, numbered from `first` on."""
    from lab.data import load_pairs

    told = load_pairs("captions-en-ko").pairs
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["en", "ko"])
        for number in range(first, first + count):
            pair = told[number % len(told)]
            writer.writerow([f"{pair.a} {number}", f"{pair.b} {number}"])


def measure(paths: list[str]) -> tuple[float, float]:
    """Bytes above what the loaded model held, at the most, and seconds a pair."""
    from lab.config import LoRAConfig, RunConfig, TrainConfig
    from lab.data import load_pairs
    from lab.encoders import load_encoder
    from lab.training.loop import finetune
    from lab.training.session import inject

    encoder = load_encoder("tiny-bert")
    lora = LoRAConfig(r=8, target_modules=("query", "value"))
    settings = TrainConfig(epochs=1, batch_size=64)
    process = psutil.Process()
    adapted = [inject(encoder, RunConfig("tiny-bert", path, lora, settings)) for path in paths]
    held, most, seconds, count = process.memory_info().rss, 0, 0.0, 0
    for module, path in zip(adapted, paths, strict=True):
        pairs = load_pairs(path)
        began = time.perf_counter()
        for step in finetune(module, pairs, settings):
            if step.step % 50 == 0 or step.step == step.steps:
                most = max(most, process.memory_info().rss)
        seconds += time.perf_counter() - began
        count += len(pairs)
    return most - held, seconds / count


def main() -> None:
    """Print the table."""
    print(describe_machine(), "\n\n| pairs | memory above the model | a pair | of 1,000 |")
    print("|---|---|---|---|")
    first = None
    with tempfile.TemporaryDirectory() as scratch:
        for count, files in COUNTS.items():
            paths = [Path(scratch) / f"{count}-{number}.csv" for number in range(files)]
            for number, path in enumerate(paths):
                write_pairs(path, number * count, count)
            command = [sys.executable, __file__, *map(str, paths)]
            ran = subprocess.run(command, check=True, capture_output=True, text=True)
            above, seconds = map(float, ran.stdout.split()[-2:])
            first = first or seconds
            cells = f"{above / 1e6:,.0f} MB | {1e3 * seconds:.2f} ms | {seconds / first:.3f}"
            print(f"| {count:,} | {cells} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(*measure(sys.argv[1:]))
    else:
        main()
