"""Seven ranks, 4 to 256: one adapter alone, all one after another, all in one pass.

    PYTHONPATH=. python tests/benchmarks/rank_sweep.py [cpu | gpu]

Needs no network and nobody: the small CLIP is bundled, ViT-B/32 has random weights. On the CPU,
whole runs of the small CLIP one after another, each with caches of its own and with shared ones,
and together. On a CUDA device, steps of batch 64 as the trainers come, replayed from graphs, in
bf16 and fp32: first that the losses together are those alone, then what a step takes. Without an
argument, both; where there is no GPU it says so and leaves its table out.
"""

from __future__ import annotations

import dataclasses
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.encoders import Encoder, load_encoder
from lab.lora.grouped import grouped
from lab.training.caches import Caches
from lab.training.joint_trainer import JointTrainer
from lab.training.loop import finetune
from lab.training.session import inject
from lab.training.together import train_together
from lab.training.trainer import Trainer
from tests.benchmarks.gpu import write_pictures
from tests.benchmarks.image_cache import write_model
from tests.benchmarks.machine import describe_machine

RANKS = (4, 8, 16, 32, 64, 128, 256)
BATCH, STEPS, ROUNDS, WARM_UP = 64, 20, 5, 30
LEAVES = "(q_proj|k_proj|v_proj|out_proj)"
TOWERS = {"both towers": rf".*\.{LEAVES}", "text tower": rf"text_model\..*\.{LEAVES}"}


def make_configs(targets: str, **train: object) -> list[RunConfig]:
    """One a rank, alike in all else: alpha = 2r, so that each moves as far."""
    settings = TrainConfig(batch_size=BATCH, learning_rate=1e-4, **train)
    loras = [LoRAConfig(r=r, lora_alpha=2 * r, target_modules=targets) for r in RANKS]
    return [RunConfig("m", "p", lora, settings) for lora in loras]


def run_apart(
    base: Encoder, pairs: PairDataset, configs: Sequence[RunConfig], shares: bool = False
) -> list[list[float]]:
    """The losses of whole runs, one after another."""
    caches = Caches() if shares else None
    return [
        [s.loss for s in finetune(inject(base, c), pairs, c.train, caches=caches)] for c in configs
    ]


def run_together(
    base: Encoder, pairs: PairDataset, configs: Sequence[RunConfig]
) -> list[list[float]]:
    """The losses of whole runs, all in one pass."""
    losses: list[list[float]] = [[] for _ in configs]
    encoders = [inject(base, config) for config in configs]
    for k, step in train_together(encoders, pairs, [config.train for config in configs]):
        losses[k].append(step.loss)
    return losses


def furthest(one: list[list[float]], other: list[list[float]]) -> float:
    """The largest difference of two losses of one step."""
    return max(
        abs(a - b) for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)
    )


def clock(work: Callable[[], list[list[float]]]) -> tuple[float, list[list[float]]]:
    """Processor seconds, which others at work on the machine change little, and the losses."""
    began = time.process_time()
    losses = work()
    return time.process_time() - began, losses


def compare_on_cpu(towers: str) -> None:
    """A row for each way through the seven runs, in seconds."""
    base, pairs = load_encoder("tiny-clip"), load_pairs("shapes-ko")
    pairs = dataclasses.replace(pairs, pairs=pairs.pairs[: 4 * BATCH])
    configs = make_configs(TOWERS[towers], epochs=3, precision="fp32")
    first, _ = clock(lambda: run_apart(base, pairs, configs[:1]))
    apart, expected = clock(lambda: run_apart(base, pairs, configs))
    sharing, shared = clock(lambda: run_apart(base, pairs, configs, shares=True))
    together, found = clock(lambda: run_together(base, pairs, configs))
    for name, seconds, losses in (
        ("r = 4 alone", first, expected[:1]),
        ("apart", apart, expected),
        ("one after another, sharing caches", sharing, shared),
        ("together", together, found),
    ):
        off = furthest(losses, expected[: len(losses)])
        print(
            f"| {towers} | {name} | {seconds:.1f} s | {seconds / apart:.2f} | {off:.1e} |",
            flush=True,
        )


def time_steps(step: Callable[[], object]) -> float:
    """Seconds a step: the median round, after the steps in which graphs are captured."""
    for _ in range(WARM_UP):
        step()
    rounds = []
    for _ in range(ROUNDS):
        torch.cuda.synchronize()
        began = time.perf_counter()
        for _ in range(STEPS):
            step()
        torch.cuda.synchronize()
        rounds.append((time.perf_counter() - began) / STEPS)
    return statistics.median(rounds)


def time_alone(base: Encoder, pairs: PairDataset, config: RunConfig) -> float:
    """Seconds a step of one adapter."""
    _free_memory()
    trainer = Trainer(inject(base, config), pairs, config.train)
    batches = (batch for batches in trainer.plan for batch in batches)
    with trainer.computing():
        return time_steps(lambda: trainer.step(next(batches)))


def time_together(
    base: Encoder, pairs: PairDataset, configs: Sequence[RunConfig]
) -> tuple[float, bool]:
    """Seconds a step of all, and whether it was replayed from a graph."""
    _free_memory()
    encoders = [inject(base, config) for config in configs]
    with grouped([encoder.module for encoder in encoders]) as module:
        trainer = JointTrainer(module, encoders, pairs, [config.train for config in configs])
        batches = (batch for batches in trainer.plan for batch in batches)
        with trainer.computing():
            seconds = time_steps(lambda: trainer.step(next(batches)))
        return seconds, trainer.batch_steps.graphs.can_capture


def _free_memory() -> None:
    """Trainers before this one are gone, and their graphs with them."""
    gc.collect()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()


def compare_on_gpu(name: str, base: Encoder, pairs: PairDataset, precision: str) -> None:
    """A line of checks and a row of times for one model in one precision."""
    few = make_configs(TOWERS["both towers"], epochs=3, precision=precision)
    off = furthest(run_together(base, pairs, few), run_apart(base, pairs, few))
    configs = make_configs(TOWERS["both towers"], epochs=500, precision=precision)
    alone = [time_alone(base, pairs, config) for config in configs]
    together, is_graphed = time_together(base, pairs, configs)
    one, memory = statistics.mean(alone), torch.cuda.max_memory_allocated() / 1e9
    print(
        f"| {name} | {precision} | {1e3 * alone[0]:.1f} to {1e3 * alone[-1]:.1f} ms "
        f"| {1e3 * sum(alone):.1f} ms | {1e3 * together:.1f} ms | {together / one:.2f} "
        f"| {sum(alone) / together:.2f}x | {off:.1e} | {is_graphed} | {memory:.1f} GB |",
        flush=True,
    )


def main(where: str) -> None:
    """Print the tables."""
    print(describe_machine())
    if where != "gpu":
        print(f"{torch.get_num_threads()} threads; tiny-clip, 256 pairs, 3 epochs, fp32\n")
        columns = ("adapters", "seven ranks", "processor time", "of apart", "losses off by")
        print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
        for towers in TOWERS:
            compare_on_cpu(towers)
    if where == "cpu":
        return
    if not torch.cuda.is_available():
        print("\nno CUDA device here: the table of steps on a GPU is left out")
        return
    print(f"\n{torch.cuda.get_device_name()}; batch {BATCH}, ranks {RANKS}, both towers\n")
    columns = ("model", "precision", "one alone, r = 4 to 256", "one after another", "together")
    columns += ("of one alone", "faster", "losses off by", "graph", "peak memory")
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_model(folder / "model")
        (folder / "pairs").mkdir()
        pairs = write_pictures(folder / "pairs")
        for name, model in (("tiny-clip", "tiny-clip"), ("ViT-B/32", folder / "model")):
            base = load_encoder(model)
            base.module.cuda()
            for precision in ("bf16", "fp32"):
                compare_on_gpu(name, base, pairs, precision)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
