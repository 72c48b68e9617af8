"""Where a run computes, and in which precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Literal

import torch
from torch import nn

from lab.config import Precision
from lab.errors import ConfigError
from lab.training.attention import AttentionInFp32

ComputePrecision = Literal["fp32", "bf16"]
DEVICE_TYPES = ("cpu", "cuda", "mps")
PRODUCT_WEIGHTS = 10_000_000  # in matrices; see choose_precision


def find_device(name: str = "auto") -> torch.device:
    """The named device, or for "auto" the first there is of CUDA, MPS and CPU.

    Raises ConfigError for a device this machine does not have.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    if not _is_there(name):
        raise ConfigError(f"device = {name!r}: this machine has no such device; choose auto or cpu")
    return torch.device(name)


def _is_there(name: str) -> bool:
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError):
        return False
    return device.type in DEVICE_TYPES


def choose_precision(asked: Precision, module: nn.Module) -> ComputePrecision:
    """What a run of this module computes in, where it lies: "fp32" or "bf16".

    "auto" is bf16 where the device multiplies it natively, and on a CPU only for modules of
    10 million weights and more: a step of smaller ones waits for conversions. (Measured with
    AVX-512 bf16, in times of fp32: hidden size 128, 1.25; 256, 1.00; 384, 0.87; BERT-base,
    0.75.) Decided by what the machine and the module are, never by a clock: the same seed gives
    the same adapter.
    """
    if asked != "auto":
        return asked
    if next(module.parameters()).device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    return "bf16" if waits_for_products(module) and cpu_has_bf16() else "fp32"


def waits_for_products(module: nn.Module) -> bool:
    """Whether a step of the module is on a CPU, and large enough that products take its time.

    A smaller one's time goes into Python and into operations that no precision makes faster.
    """
    on_cpu = next(module.parameters()).device.type == "cpu"
    return on_cpu and count_matrix_weights(module) >= PRODUCT_WEIGHTS


def count_matrix_weights(module: nn.Module) -> int:
    """Weights that are multiplied with; an embedding's are looked up."""
    layers = (layer for layer in module.modules() if not isinstance(layer, nn.Embedding))
    weights = (weight for layer in layers for weight in layer.parameters(recurse=False))
    return sum(weight.numel() for weight in weights if weight.ndim > 1)


def cpu_has_bf16() -> bool:
    """Whether this CPU multiplies bf16 natively (AVX-512 bf16 or AMX).

    torch has no public question for it, and the private ones move: a missing one is a no.
    """
    questions = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, question, lambda: False)() for question in questions)


@contextmanager
def autocast(device: torch.device, precision: ComputePrecision) -> Iterator[None]:
    """The context a forward pass runs in: bf16 autocast, or nothing for fp32.

    Adapters, which are fp32, stay so: autocast converts what goes into a product, not what is
    trained.
    """
    if precision == "fp32":
        yield
        return
    attention = AttentionInFp32() if device.type == "cpu" else nullcontext()
    with torch.autocast(device.type, dtype=torch.bfloat16), attention:
        yield
