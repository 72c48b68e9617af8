"""Attention in fp32 within a bf16 step on a CPU.

torch's attention kernel for CPUs takes two to eight times as long in bf16 as in fp32, forward and
backward together, for sequences of 16 to 50 tokens (tests/benchmarks/RESULTS.md); a conversion
there and back takes a tenth of that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.overrides import TorchFunctionMode


class AttentionInFp32(TorchFunctionMode):
    """Within it, scaled_dot_product_attention computes in fp32 and answers in its inputs' type."""

    def __torch_function__(
        self,
        function: Callable,
        types: Sequence[type],
        arguments: Sequence[Any] = (),
        options: Mapping[str, Any] | None = None,
    ) -> Any:
        """Called by torch in the place of every function of its own."""
        options = dict(options or {})
        if function is not F.scaled_dot_product_attention:
            return function(*arguments, **options)
        dtype = (arguments[0] if arguments else options["query"]).dtype
        with torch.autocast("cpu", enabled=False):
            wide = {name: _widen(value) for name, value in options.items()}
            return function(*map(_widen, arguments), **wide).to(dtype)


def _widen(value: Any) -> Any:
    is_float = isinstance(value, Tensor) and value.is_floating_point()
    return value.float() if is_float else value
