"""What the errors of a full memory have in common: each device and library says it differently."""

from __future__ import annotations

import torch

# The CPU's allocator raises a plain RuntimeError: on Linux and macOS, and on Windows; MPS's too.
SAID = ("can't allocate memory", "not enough memory", "MPS backend out of memory")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that there is no memory left, on a GPU or on the CPU."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in SAID)
