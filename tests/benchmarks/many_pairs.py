"""100,000 text pairs against 1,000: memory above the model's own, and time a pair.

    PYTHONPATH=. python tests/benchmarks/many_pairs.py

tiny-bert's architecture as it is bundled, r = 8 on its query and value, batch 64, one epoch. The
texts are told scenes, numbered so that none repeats. One process a count; 1,000 pairs ten times,
so that both are long enough to time.
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

COUNTS = {1_000: 10, 100_000: 1}  # pairs -> epochs


def write_pairs(path: Path, count: int) -> None:
    """A CSV of so many pairs."""
    from lab.data import load_pairs

    told = load_pairs("captions-en-ko").pairs
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["en", "ko"])
        for number in range(count):
            pair = told[number % len(told)]
            writer.writerow([f"{pair.a} {number}", f"{pair.b} {number}"])


def measure(path: str, epochs: int) -> tuple[float, float]:
    """Bytes above what the loaded model held, at the most, and seconds a pair."""
    from lab.config import LoRAConfig, RunConfig, TrainConfig
    from lab.data import load_pairs
    from lab.encoders import load_encoder
    from lab.training.loop import finetune
    from lab.training.session import inject

    encoder = load_encoder("tiny-bert")
    lora = LoRAConfig(r=8, target_modules=("query", "value"))
    settings = TrainConfig(epochs=epochs, batch_size=64)
    adapted = inject(encoder, RunConfig("tiny-bert", path, lora, settings))
    process = psutil.Process()
    held = process.memory_info().rss
    pairs = load_pairs(path)
    most, began = 0, time.perf_counter()
    for step in finetune(adapted, pairs, settings):
        if step.step % 50 == 0 or step.step == step.steps:
            most = max(most, process.memory_info().rss)
    return most - held, (time.perf_counter() - began) / (len(pairs) * epochs)


def main() -> None:
    """Print the table."""
    print(describe_machine(), "\n\n| pairs | memory above the model | a pair | of 1,000 |")
    print("|---|---|---|---|")
    first = None
    with tempfile.TemporaryDirectory() as scratch:
        for count, epochs in COUNTS.items():
            path = Path(scratch) / f"{count}.csv"
            write_pairs(path, count)
            command = [sys.executable, __file__, str(path), str(epochs)]
            ran = subprocess.run(command, check=True, capture_output=True, text=True)
            above, seconds = map(float, ran.stdout.split()[-2:])
            first = first or seconds
            cells = f"{above / 1e6:,.0f} MB | {1e3 * seconds:.2f} ms | {seconds / first:.3f}"
            print(f"| {count:,} | {cells} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(*measure(sys.argv[1], int(sys.argv[2])))
    else:
        main()
