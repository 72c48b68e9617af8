"""Training steps of CLIP ViT-B/32 on a GPU in bf16: the lab's loop against PEFT in the plain loop.

    PYTHONPATH=. python tests/benchmarks/gpu.py

Needs a CUDA device, torch, transformers and peft, and no network: the weights are random. Batch 64,
r = 16 on q/k/v/out, AdamW. Rounds of 20 steps in turn; the device is waited for before and after
each. Exits with a sentence where there is no GPU.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from lab.training.losses import info_nce
from tests.benchmarks.layer_step import adapt, adapt_with_peft, build
from tests.benchmarks.machine import describe_machine

BATCH, TOKENS, STEPS, ROUNDS = 64, 16, 20, 7


def draw_inputs() -> dict[str, Tensor]:
    """A batch on the device."""
    ids = torch.randint(1, 49_000, (BATCH, TOKENS))
    ids[:, -1] = 49_407
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    inputs["pixel_values"] = torch.randn(BATCH, 3, 224, 224)
    return {name: tensor.cuda() for name, tensor in inputs.items()}


def make_step(model: nn.Module, inputs: dict[str, Tensor]) -> Callable[[], None]:
    """Forward in bf16, InfoNCE, backward, AdamW."""
    adapter = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(adapter, lr=1e-4)

    def step() -> None:
        with torch.autocast("cuda", torch.bfloat16):
            output = model(**inputs)
        info_nce(output.image_embeds, output.text_embeds, 0.07).backward()
        optimizer.step()
        optimizer.zero_grad()

    return step


def time_steps(step: Callable[[], None]) -> float:
    """Pairs a second over one round."""
    torch.cuda.synchronize()
    began = time.perf_counter()
    for _ in range(STEPS):
        step()
    torch.cuda.synchronize()
    return STEPS * BATCH / (time.perf_counter() - began)


def main() -> None:
    """Print the table."""
    if not torch.cuda.is_available():
        sys.exit("this benchmark needs a CUDA device, and torch sees none here")
    print(f"{torch.cuda.get_device_name()}; {describe_machine()}\n")
    base, inputs = build().cuda(), draw_inputs()
    models = {"PEFT": adapt_with_peft(base, 16, 0.0), "lab": adapt(base, 16, 0.0)}
    steps = {name: make_step(model.cuda(), inputs) for name, model in models.items()}
    speeds: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():
        time_steps(step)
    for _ in range(ROUNDS):
        for name, step in steps.items():
            speeds[name].append(time_steps(step))
    print("| | pairs/s | of PEFT |\n|---|---|---|")
    for name, found in speeds.items():
        times = statistics.median(a / b for a, b in zip(found, speeds["PEFT"], strict=True))
        print(f"| {name} | {statistics.median(found):,.0f} | {times:.2f}x |")


if __name__ == "__main__":
    main()
