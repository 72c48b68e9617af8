"""One training step of CLIP ViT-B/32 (random weights): the lab, PEFT, and the floor below both.

    PYTHONPATH=. python tests/benchmarks/layer_step.py [REPEATS] [RANK ...]

The floor is the frozen model's forward pass and the gradient of its embeddings' output, without any
adapter. Every round runs each contender once, so that what else the machine does falls on all of
them; shown are medians, and the lab's ratio to the others as the median of the rounds' ratios.
r on q/k/v/out, batch 16, texts of 16 tokens, AdamW left out (the same for both).
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

import torch
from peft import LoraConfig, get_peft_model
from torch import Tensor, nn
from transformers import CLIPConfig, CLIPModel

from lab.config import LoRAConfig
from lab.lora import apply_lora_to_model, copy_sharing_parameters
from lab.training.device import autocast
from lab.training.frozen_weights import kept_in_bf16
from lab.training.losses import info_nce
from tests.benchmarks.machine import describe_machine

TARGETS = ("q_proj", "k_proj", "v_proj", "out_proj")
BATCH, TOKENS = 16, 16
Step = Callable[[], None]


def build() -> nn.Module:
    """CLIP ViT-B/32 from its configuration, frozen; train mode changes nothing in it."""
    torch.manual_seed(0)
    return CLIPModel(CLIPConfig(projection_dim=512)).requires_grad_(False).train()


def draw_inputs() -> dict[str, Tensor]:
    """A batch as the model takes it."""
    ids = torch.randint(1, 49_000, (BATCH, TOKENS))
    ids[:, -1] = 49_407
    pixels = torch.randn(BATCH, 3, 224, 224)
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "pixel_values": pixels}


def make_step(
    model: nn.Module,
    inputs: dict[str, Tensor],
    context: Callable[[], AbstractContextManager] = nullcontext,
) -> Step:
    """Forward within a context, InfoNCE, backward."""

    def step() -> None:
        with context():
            output = model(**inputs)
        info_nce(output.image_embeds, output.text_embeds, 0.07).backward()
        for parameter in model.parameters():
            parameter.grad = None

    return step


def floor(base: nn.Module) -> nn.Module:
    """The frozen model with a gradient asked for behind its embeddings."""
    model = copy_sharing_parameters(base)
    for tower in (model.vision_model, model.text_model):
        tower.embeddings.register_forward_hook(lambda *a: a[2].detach().requires_grad_())
    return model


def adapt(base: nn.Module, r: int, dropout: float) -> nn.Module:
    """The lab's."""
    config = LoRAConfig(r=r, lora_alpha=2 * r, lora_dropout=dropout, target_modules=TARGETS)
    return apply_lora_to_model(copy_sharing_parameters(base), config).train()


def adapt_with_peft(base: nn.Module, r: int, dropout: float) -> nn.Module:
    """PEFT's."""
    config = LoraConfig(r=r, lora_alpha=2 * r, lora_dropout=dropout, target_modules=list(TARGETS))
    return get_peft_model(copy_sharing_parameters(base), config).train()


def saved_bytes(model: nn.Module, inputs: dict[str, Tensor]) -> int:
    """Bytes that the forward pass keeps for the backward one, parameters left out."""
    own = {p.untyped_storage().data_ptr() for p in model.parameters()}
    kept: dict[int, int] = {}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        output = model(**inputs)
        loss = info_nce(output.image_embeds, output.text_embeds, 0.07)
    total = sum(kept.values())
    del loss
    return total


def race(steps: dict[str, Step], repeats: int) -> dict[str, list[float]]:
    """Seconds of each contender in each round; the first round is thrown away."""
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for round_ in range(repeats + 1):
        for name, step in steps.items():
            began = time.perf_counter()
            step()
            if round_:
                seconds[name].append(time.perf_counter() - began)
    return seconds


def ratio(seconds: dict[str, list[float]], one: str, other: str) -> float:
    """Median over the rounds of one's time over the other's."""
    return statistics.median(a / b for a, b in zip(seconds[one], seconds[other], strict=True))


def race_in_fp32(
    base: nn.Module, inputs: dict[str, Tensor], repeats: int, ranks: list[int]
) -> None:
    """Print a line for each rank and dropout."""
    bare = make_step(floor(base), inputs)
    print("| r | dropout | floor | PEFT | lab | lab / floor | lab / PEFT | bytes, lab / PEFT |")
    print("|---|---|---|---|---|---|---|---|")
    for r in ranks:
        for dropout in (0.0, 0.05):
            ours, theirs = adapt(base, r, dropout), adapt_with_peft(base, r, dropout)
            steps = {
                "floor": bare,
                "PEFT": make_step(theirs, inputs),
                "lab": make_step(ours, inputs),
            }
            seconds = race(steps, repeats)
            medians = [f"{statistics.median(seconds[name]):.3f} s" for name in steps]
            ratios = [f"{ratio(seconds, 'lab', name):.3f}" for name in ("floor", "PEFT")]
            kept = saved_bytes(ours, inputs) / saved_bytes(theirs, inputs)
            print(
                f"| {r} | {dropout} | {' | '.join([*medians, *ratios])} | {kept:.2f} |", flush=True
            )


def race_in_bf16(base: nn.Module, inputs: dict[str, Tensor], repeats: int) -> None:
    """Print how each does in bf16; the lab's own training keeps frozen weights in it."""
    ours = adapt(base, 16, 0.0)
    plain = partial(torch.autocast, "cpu", torch.bfloat16)
    steps = {
        "PEFT, fp32": make_step(adapt_with_peft(base, 16, 0.0), inputs),
        "PEFT, bf16 autocast": make_step(adapt_with_peft(base, 16, 0.0), inputs, plain),
        "lab, bf16 autocast": make_step(adapt(base, 16, 0.0), inputs, plain),
        "lab, as it comes": make_step(ours, inputs, partial(autocast, torch.device("cpu"), "bf16")),
    }
    with kept_in_bf16(ours):
        seconds = race(steps, repeats)
    print("\n| r = 16, dropout 0 | median | of PEFT in fp32 |\n|---|---|---|")
    for name in steps:
        median = statistics.median(seconds[name])
        print(f"| {name} | {median:.3f} s | {ratio(seconds, name, 'PEFT, fp32'):.2f} |")


def race_products(repeats: int) -> None:
    """Print what bf16 makes of the network's products by themselves, weights in it already."""
    print("\n| rows x in x out | fp32 | bf16 | of fp32 |\n|---|---|---|---|")
    for rows, width, out in ((800, 768, 768), (800, 768, 3072), (800, 3072, 768), (256, 512, 512)):
        x, weight = torch.randn(rows, width), torch.randn(out, width)
        low, lower = x.bfloat16(), weight.bfloat16()
        steps = {
            "fp32": lambda x=x, weight=weight: nn.functional.linear(x, weight),
            "bf16": lambda low=low, lower=lower: nn.functional.linear(low, lower),
        }
        seconds = race(steps, 10 * repeats)
        one, other = (1e3 * statistics.median(seconds[name]) for name in steps)
        share = ratio(seconds, "bf16", "fp32")
        print(f"| {rows} x {width} x {out} | {one:.2f} ms | {other:.2f} ms | {share:.2f} |")


def main(repeats: int, ranks: list[int]) -> None:
    """Print the tables."""
    print(describe_machine(), f"{torch.get_num_threads()} threads\n")
    base, inputs = build(), draw_inputs()
    race_in_fp32(base, inputs, repeats, ranks)
    race_in_bf16(base, inputs, repeats)
    race_products(repeats)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(given[0] if given else 9, given[1:] or [4, 16, 128])
