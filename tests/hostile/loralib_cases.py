"""Checkpoints of loralib that make no update."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

from lab.lora.from_loralib import load_loralib
from tests.hostile.adapter_cases import bert
from tests.hostile.cases import READ, Outcome, add


def load_old(path: Path) -> Outcome:
    """Load a checkpoint of loralib."""
    config = load_loralib(path, bert(), 8)
    return Outcome(READ, f"r = {config.r}")


def loralib(folder: Path, tensors: dict[str, torch.Tensor]) -> Path:
    """A checkpoint of loralib of these tensors."""
    save_file(tensors, folder / "lora.safetensors")
    return folder / "lora.safetensors"


@add("Adapter", "a loralib checkpoint whose factors have no rows", load_old)
def no_rows(folder: Path) -> Path:
    path = "encoder.layer.0.attention.self.query"
    factors = {f"{path}.lora_A": torch.zeros(0, 16), f"{path}.lora_B": torch.zeros(16, 0)}
    return loralib(folder, factors)


@add("Adapter", "a loralib checkpoint whose factors are single numbers", load_old)
def scalars(folder: Path) -> Path:
    path = "encoder.layer.0.attention.self.query"
    return loralib(folder, {f"{path}.lora_A": torch.tensor(1.0), f"{path}.lora_B": torch.ones(1)})


@add("Adapter", "a loralib checkpoint whose factors do not fit each other", load_old)
def unfit(folder: Path) -> Path:
    path = "encoder.layer.0.attention.self.query"
    return loralib(
        folder, {f"{path}.lora_A": torch.zeros(3, 16), f"{path}.lora_B": torch.zeros(16, 5)}
    )


@add("Adapter", "a loralib checkpoint of a layer the model does not have", load_old)
def stranger(folder: Path) -> Path:
    return loralib(folder, {"x.lora_A": torch.zeros(2, 16), "x.lora_B": torch.zeros(16, 2)})


@add("Adapter", "a loralib checkpoint that is a pickle", load_old)
def loralib_pickle(folder: Path) -> Path:
    torch.save({"x.lora_A": torch.zeros(2, 16)}, folder / "lora.safetensors")
    return folder / "lora.safetensors"
