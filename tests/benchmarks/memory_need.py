"""What training takes of a CPU's memory, beside what lab.training.memory_need expects (Linux).

    PYTHONPATH=. python tests/benchmarks/memory_need.py

One epoch of each bundled model in a process of its own: with whole batches, then as if so many MB
were free. Printed: the pairs in the network at once, and how much the process grew at its highest.
"""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
import time
from pathlib import Path

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.encoders.registry import find_row
from lab.experiment import adapt, measure_baseline
from lab.memory import find_held
from lab.training import memory_need
from lab.training.memory_need import MORE, SPARED, fit_batch
from lab.training.session import inject
from tests.benchmarks.machine import describe_machine

MB = 1 << 20
CASES = [("tiny-clip", 1024), ("tiny-clip", 512), ("tiny-bert", 1024), ("tiny-gpt2", 512)]
FREE = (0, 2000, 1500, 1000)  # MB; 0: as much as there is


def train(model: str, batch: int, free: int) -> None:
    """Print what one run expects and takes."""
    row = find_row(model)
    if free:
        memory_need.find_free = lambda: free * MB
    lora = LoRAConfig(r=8, target_modules=row.defaults.targets)
    settings = TrainConfig(epochs=1, batch_size=batch, precision="fp32")
    config = RunConfig(model, row.pairs, lora=lora, train=settings, control="none")
    baseline = measure_baseline(config)
    if not free:
        tell_expected(inject(baseline.encoder, config), baseline.train, settings)
    before, most = find_held(), [0]

    def watch() -> None:
        while True:
            most[0] = max(most[0], find_held())
            time.sleep(0.002)

    threading.Thread(target=watch, daemon=True).start()
    began = time.perf_counter()
    outcome = adapt(baseline, config)
    seconds = time.perf_counter() - began
    size = outcome.steps[0].micro_batch_size or batch
    grown = (most[0] - before) / MB
    left = f"{free} MB free" if free else "all free"
    print(f"{model}, batches of {batch}, {left}: {size} at once, +{grown:.0f} MB, {seconds:.1f} s")


def tell_expected(encoder, pairs, settings: TrainConfig) -> None:
    """The least that must be free for a whole batch, found by asking."""
    low, high = 0, 64_000
    began = time.perf_counter()
    fit_batch(encoder, pairs, settings)
    seconds = time.perf_counter() - began
    while high - low > 1:
        middle = (low + high) // 2
        memory_need.find_free = lambda middle=middle: middle * MB
        fits = fit_batch(encoder, pairs, dataclasses.replace(settings)) is None
        low, high = (low, middle) if fits else (middle, high)
    memory_need.find_free = lambda: 1 << 60
    kept = (high - SPARED // MB) / MORE
    print(f"expected: {kept:.0f} MB kept, {kept * MORE:.0f} in all; asked in {seconds:.3f} s")


if __name__ == "__main__":
    if sys.argv[1:]:
        model, batch, free = sys.argv[1:]
        train(model, int(batch), int(free))
    else:
        print(describe_machine())
        for model, batch in CASES:
            for free in FREE:
                command = [sys.executable, Path(__file__), model, str(batch), str(free)]
                subprocess.run(command, check=True)
