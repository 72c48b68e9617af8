"""A GPU's checks and figures: the lab's training loop against PEFT in the plain eager loop.

    PYTHONPATH=. python tests/benchmarks/gpu.py

Needs a CUDA device, torch >= 2.8, transformers >= 5 and peft; no network, for the weights are
random. First the checks: steps replayed from a graph are those of eager ones, in every family.
Then CLIP ViT-B/32, batch 64, r = 16 on q/k/v/out, bf16, AdamW, rounds of 20 steps in turn. PEFT's
batches lie on the device before the clock starts; the lab's loop is the whole one, with its plan,
its snapshots and its numbers read at every step. Exits with a sentence where there is no GPU.
"""

from __future__ import annotations

import dataclasses
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from peft import LoraConfig, get_peft_model
from PIL import Image

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.encoders import Encoder, load_encoder
from lab.lora import copy_sharing_parameters
from lab.training.losses import info_nce
from lab.training.session import inject
from lab.training.trainer import Trainer
from tests.benchmarks.image_cache import write_model
from tests.benchmarks.machine import describe_machine

BATCH, STEPS, ROUNDS, PICTURES = 64, 20, 7, 256
TARGETS = ("q_proj", "k_proj", "v_proj", "out_proj")
FAMILIES = {"tiny-clip": "shapes-ko", "tiny-bert": "captions-en-ko", "tiny-gpt2": "captions-en-ko"}


def train(
    encoder: Encoder, pairs: PairDataset, lora: LoRAConfig, config: TrainConfig, graphs: bool
) -> tuple[list[float], Trainer]:
    """Losses of a whole run from the same start, replayed or eager."""
    adapted = inject(encoder, RunConfig("m", "p", lora, config))
    trainer = Trainer(adapted, pairs, config)
    if not graphs:
        trainer.batch_steps.graphs = None
    return [trainer.step(batch).loss for batches in trainer.plan for batch in batches], trainer


def check_family(model: str, pairs: PairDataset) -> None:
    """Replayed steps are eager steps; the same seed is the same run; dropout is drawn anew."""
    encoder = load_encoder(model)
    layers = TARGETS if model == "tiny-clip" else ("query", "value", "c_attn")
    lora = LoRAConfig(r=8, target_modules=rf".*\.({'|'.join(layers)})")
    config = TrainConfig(epochs=2, batch_size=64, learning_rate=1e-3, precision="fp32")
    cpu, _ = train(encoder, pairs, lora, config, graphs=False)
    encoder.module.cuda()
    eager, _ = train(encoder, pairs, lora, config, graphs=False)
    replayed, trainer = train(encoder, pairs, lora, config, graphs=True)
    again, _ = train(encoder, pairs, lora, config, graphs=True)
    graphs = trainer.batch_steps.graphs
    furthest = max(abs(a - b) for a, b in zip(eager, replayed, strict=True))
    from_cpu = max(abs(a - b) for a, b in zip(cpu, eager, strict=True))
    print(
        f"{model}: {len(eager)} steps, {len(graphs._graphs)} graphs, capture {graphs.can_capture}; "
        f"losses replayed against eager within {furthest:.1e}, GPU against CPU {from_cpu:.1e}; "
        f"again equal: {replayed == again}; last {replayed[-1]:.4f}",
        flush=True,
    )
    dropped = dataclasses.replace(lora, lora_dropout=0.5)
    still = dataclasses.replace(config, learning_rate=1e-12, epochs=1)
    adapted = inject(encoder, RunConfig("m", "p", dropped, still))
    trainer = Trainer(adapted, pairs, still)
    with torch.no_grad():
        for name, parameter in adapted.module.named_parameters():
            if "lora_B" in name:
                parameter.normal_(std=0.1)
    seen = {trainer.step(trainer.plan[0][0]).loss for _ in range(12)}
    print(f"  the same batch 12 times under dropout: {len(seen)} different losses", flush=True)


def write_pictures(folder: Path) -> PairDataset:
    """Random pictures of 224 x 224 pixels with the bundled captions."""
    random = np.random.default_rng(0)
    captions = load_pairs("captions-en-ko").a[:PICTURES]
    rows = ["image\ttext"]
    for number, caption in enumerate(captions):
        small = random.integers(0, 256, (7, 7, 3), dtype=np.uint8)
        Image.fromarray(small).resize((224, 224)).save(folder / f"{number}.png")
        rows.append(f"{number}.png\t{caption}")
    (folder / "metadata.tsv").write_text("\n".join(rows), encoding="utf-8")
    return load_pairs(str(folder))


def peft_steps(encoder: Encoder, pairs: PairDataset, plan: Sequence[list[int]]) -> Callable:
    """The plain loop: forward in bf16, InfoNCE, backward, AdamW."""
    config = LoraConfig(r=16, lora_alpha=32, target_modules=list(TARGETS))
    model = get_peft_model(copy_sharing_parameters(encoder.module), config).cuda().train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4)
    batches = []
    for batch in plan:
        a = encoder.preprocess([pairs.a[i] for i in batch], "a")
        b = encoder.preprocess([pairs.b[i] for i in batch], "b")
        batches.append({name: tensor.cuda() for name, tensor in {**a, **b}.items()})

    def step(number: int) -> None:
        with torch.autocast("cuda", torch.bfloat16):
            output = model(**batches[number % len(batches)])
        info_nce(output.image_embeds, output.text_embeds, 0.07).backward()
        optimizer.step()
        optimizer.zero_grad()

    return step


def lab_steps(encoder: Encoder, pairs: PairDataset, graphs: bool) -> Callable:
    """The lab's own loop, as a run comes."""
    config = TrainConfig(epochs=2_000, batch_size=BATCH, learning_rate=1e-4)
    lora = LoRAConfig(r=16, lora_alpha=32, target_modules=TARGETS)
    trainer = Trainer(inject(encoder, RunConfig("m", "p", lora, config)), pairs, config)
    if not graphs:
        trainer.batch_steps.graphs = None
    trainer.computing().__enter__()
    batches = [batch for batches in trainer.plan for batch in batches]
    return lambda number: trainer.step(batches[trainer.done])


def time_steps(step: Callable[[int], None]) -> float:
    """Pairs a second over one round."""
    torch.cuda.synchronize()
    began = time.perf_counter()
    for number in range(STEPS):
        step(number)
    torch.cuda.synchronize()
    return STEPS * BATCH / (time.perf_counter() - began)


def race(steps: dict[str, Callable[[int], None]]) -> None:
    """Print the table."""
    speeds: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        time_steps(step)
    for _ in range(ROUNDS):
        for name, step in steps.items():
            speeds[name].append(time_steps(step))
    print("\n| | a step | pairs/s | of PEFT |\n|---|---|---|---|")
    for name, found in speeds.items():
        times = statistics.median(a / b for a, b in zip(found, speeds["PEFT, eager"], strict=True))
        middle = statistics.median(found)
        print(f"| {name} | {1e3 * BATCH / middle:.1f} ms | {middle:,.0f} | {times:.2f}x |")


def main() -> None:
    """Checks, then the table."""
    if not torch.cuda.is_available():
        sys.exit("this benchmark needs a CUDA device, and torch sees none here")
    print(f"{torch.cuda.get_device_name()}; {describe_machine()}\n", flush=True)
    for model, name in FAMILIES.items():
        check_family(model, load_pairs(name))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_model(folder / "model")
        (folder / "pairs").mkdir()
        pairs = write_pictures(folder / "pairs")
        encoder = load_encoder(folder / "model")
        encoder.module.cuda()
        plan = [list(range(start, start + BATCH)) for start in range(0, PICTURES, BATCH)]
        race(
            {
                "PEFT, eager": peft_steps(encoder, pairs, plan),
                "lab, eager": lab_steps(encoder, pairs, graphs=False),
                "lab, as it comes": lab_steps(encoder, pairs, graphs=True),
            }
        )
    print(f"peak memory {torch.cuda.max_memory_allocated() / 1e9:.1f} GB")


if __name__ == "__main__":
    main()
