"""The learning rate over a run."""

from __future__ import annotations

import math


def warmup_cosine(step: int, steps: int, warmup_fraction: float) -> float:
    """The share of the peak learning rate that step 0 <= `step` < `steps` takes.

    A straight rise over the first `warmup_fraction` of the steps, then half a cosine down to
    zero (Loshchilov & Hutter 2017, without restarts). Never 0, so that no step is lost.
    """
    warmup = round(steps * warmup_fraction)
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))
