"""Adapters that are broken, of another model, or larger than they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    load_adapter,
    save_adapter,
)
from tests.hostile.cases import READ, Outcome, add
from tests.hostile.checkpoint_cases import edit, edit_header

CONFIG = LoRAConfig(r=2, target_modules=("query", "value"))
A = "base_model.model.encoder.layer.0.attention.self.query.lora_A.weight"
SETTINGS, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def bert(hidden_size: int = 16) -> torch.nn.Module:
    """A small random BERT."""
    from transformers import BertConfig, BertModel

    sizes = {"num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    with torch.random.fork_rng(devices=[]):
        return BertModel(BertConfig(vocab_size=30, hidden_size=hidden_size, **sizes))


def load(folder: Path) -> Outcome:
    """Load the adapter into its model, and see that the model is as before if it is refused."""
    base = bert()
    names = set(base.state_dict())
    try:
        config = load_adapter(folder, base)
    except Exception:
        assert set(base.state_dict()) == names
        raise
    return Outcome(READ, f"r = {config.r} on {', '.join(config.target_modules)}")


def adapter(what: str, hidden_size: int = 16) -> Callable[[Callable[[Path], Any]], Any]:
    """Adds an adapter's folder that the function under it spoils."""

    def register(spoil: Callable[[Path], Any]) -> Callable[[Path], Any]:
        def make(folder: Path) -> Path:
            model = bert(hidden_size)
            save_adapter(folder / "adapter", apply_lora_to_model(model, CONFIG), CONFIG, "base")
            spoil(folder / "adapter")
            return folder / "adapter"

        add("Adapter", what, load)(make)
        return spoil

    return register


def edit_tensors(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    """Changes the adapter's tensors."""
    tensors = load_file(folder / WEIGHTS)
    change(tensors)
    save_file(tensors, folder / WEIGHTS)


@adapter("of a wider model", hidden_size=32)
def wider(folder: Path) -> None:
    """Nothing is spoilt: it fits another model."""


@adapter("of a model with other layers")
def other_layers(folder: Path) -> None:
    edit(folder / SETTINGS, target_modules=["q_proj", "v_proj"])


@adapter("r = 10^9")
def huge_rank(folder: Path) -> None:
    edit(folder / SETTINGS, r=10**9)


@adapter("r = 10^9 for one layer (rank_pattern)")
def huge_pattern(folder: Path) -> None:
    edit(folder / SETTINGS, rank_pattern={"layer.0.attention.self.query": 10**9})


@adapter("r = true")
def rank_true(folder: Path) -> None:
    edit(folder / SETTINGS, r=True)


@adapter("lora_alpha = NaN")
def nan_alpha(folder: Path) -> None:
    edit(folder / SETTINGS, lora_alpha=float("nan"))


@adapter("lora_alpha that is a text")
def text_alpha(folder: Path) -> None:
    edit(folder / SETTINGS, lora_alpha="a lot")


@adapter("lora_alpha of 400 digits")
def huge_alpha(folder: Path) -> None:
    edit(folder / SETTINGS, lora_alpha=10**400)


@adapter("settings of the wrong kinds")
def wrong_kinds(folder: Path) -> None:
    edit(folder / SETTINGS, target_modules=[5, None], rank_pattern=[1], bias=["all"])


@adapter("target_modules that is a number")
def number_targets(folder: Path) -> None:
    edit(folder / SETTINGS, target_modules=5)


@adapter("target_modules that is no regular expression")
def bad_regex(folder: Path) -> None:
    edit(folder / SETTINGS, target_modules="(((")


@adapter("another method of PEFT")
def other_method(folder: Path) -> None:
    edit(folder / SETTINGS, peft_type="IA3")


@adapter("settings of 100,000 nested lists")
def deep(folder: Path) -> None:
    (folder / SETTINGS).write_text("[" * 100_000 + "]" * 100_000)


@adapter("settings of 9 MB")
def large(folder: Path) -> None:
    edit(folder / SETTINGS, padding=" " * (9 << 20))


@adapter("settings that are a list")
def settings_list(folder: Path) -> None:
    (folder / SETTINGS).write_text("[]")


@adapter("settings that are a directory")
def directory(folder: Path) -> None:
    (folder / SETTINGS).unlink()
    (folder / SETTINGS).mkdir()


@adapter("tensors that are a directory")
def tensor_directory(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    (folder / WEIGHTS).mkdir()


@adapter("a pickle named adapter_model.safetensors")
def pickle(folder: Path) -> None:
    (folder / WEIGHTS).unlink()
    torch.save({A: torch.zeros(2, 16)}, folder / WEIGHTS)


@adapter("only a pickle, adapter_model.bin")
def pickle_only(folder: Path) -> None:
    torch.save(load_file(folder / WEIGHTS), folder / "adapter_model.bin")
    (folder / WEIGHTS).unlink()


@adapter("a tensor missing")
def missing(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors.pop(A))


@adapter("a tensor of another shape")
def another_shape(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors.update({A: torch.zeros(2, 5)}))


@adapter("a tensor that belongs nowhere")
def stray(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors.update({"evil": torch.zeros(2)}))


@adapter("NaN in a tensor")
def nan(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors[A].fill_(float("nan")))


@adapter("a tensor in 8-bit floats")
def eight_bits(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors.update({A: tensors[A].to(torch.float8_e5m2)}))


@adapter("a tensor of bits")
def bits(folder: Path) -> None:
    edit_tensors(folder, lambda tensors: tensors.update({A: tensors[A].bool()}))


@adapter("a header whose tensors overlap")
def overlapping(folder: Path) -> None:
    def move(header: dict[str, Any]) -> None:
        names = [name for name in header if name != "__metadata__"]
        header[names[0]]["data_offsets"] = header[names[1]]["data_offsets"]

    edit_header(folder / WEIGHTS, move)


@adapter("tensors cut in half")
def half(folder: Path) -> None:
    data = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(data[: len(data) // 2])


@adapter("settings of 0 bytes")
def nothing(folder: Path) -> None:
    (folder / SETTINGS).write_bytes(b"")
