"""Where a run computes, and in which precision."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from lab.errors import ConfigError

DEVICE_TYPES = ("cpu", "cuda", "mps")


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


def autocast(device: torch.device, precision: str) -> AbstractContextManager:
    """The context a forward pass runs in: bf16 autocast, or nothing for fp32.

    precision "auto" takes bf16 on a CUDA device that has it, and fp32 everywhere else.
    """
    natively = device.type == "cuda" and torch.cuda.is_bf16_supported()
    if precision == "bf16" or (precision == "auto" and natively):
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return nullcontext()
