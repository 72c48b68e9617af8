"""Contrastive pretraining: the loop that every bundled model is trained by.

Letters: B batch, D embedding.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from lab.training.losses import info_nce
from lab.training.schedule import warmup_cosine

Views = tuple[Tensor, Tensor, "Tensor | float"]  # two views (B, D), a further loss

MIN_TEMPERATURE = 0.01


def pretrain(
    module: nn.Module,
    views: Callable[[], Views],
    *,
    steps: int,
    learning_rate: float = 1e-3,
    temperature: float = 0.07,
) -> float:
    """Train `module` on batches drawn by `views`; -> the temperature it ended with.

    The temperature is learned, as CLIP's is; weights decay, but for embeddings and biases, so
    that tokens which are never seen keep their first values.
    """
    log_temperature = nn.Parameter(torch.tensor(math.log(temperature)))
    optimizer = torch.optim.AdamW(
        [
            {"params": list(_weights(module)), "weight_decay": 0.02},
            {"params": [*_others(module), log_temperature], "weight_decay": 0.0},
        ],
        lr=learning_rate,
        betas=(0.9, 0.98),
    )
    module.train()
    began = time.perf_counter()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate * warmup_cosine(step, steps, 0.05)
        a, b, further = views()
        contrast = info_nce(a, b, log_temperature.exp().clamp(min=MIN_TEMPERATURE))
        optimizer.zero_grad(set_to_none=True)
        (contrast + further).backward()
        nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimizer.step()
        if step % 100 == 0 or step == steps - 1:
            seconds = time.perf_counter() - began
            losses = f"contrast {contrast.item():.3f}  further {_item(further):.3f}"
            print(f"  step {step}/{steps}  {losses}  {seconds:.0f} s", flush=True)
    module.eval()
    return log_temperature.exp().item()


def _weights(module: nn.Module) -> Iterator[nn.Parameter]:
    return (p for name, p in module.named_parameters() if p.ndim > 1 and "embed" not in name)


def _others(module: nn.Module) -> Iterator[nn.Parameter]:
    return (p for name, p in module.named_parameters() if p.ndim <= 1 or "embed" in name)


@torch.no_grad()
def recall_at_1(a: Tensor, b: Tensor) -> float:
    """Share of rows of a (N, D) whose nearest row of b (N, D) is their own."""
    a, b = nn.functional.normalize(a, dim=-1), nn.functional.normalize(b, dim=-1)
    return float(((a @ b.T).argmax(1) == torch.arange(len(a))).float().mean())


def _item(value: Tensor | float) -> float:
    return value.item() if isinstance(value, Tensor) else value
