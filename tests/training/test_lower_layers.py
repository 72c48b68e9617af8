"""Blocks below the lowest adapted one: run once for each item, with nothing else changed."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest
import torch
from torch import Tensor, nn

from lab.config import LoRAConfig, RunConfig
from lab.data import load_pairs
from lab.encoders import Encoder, load_encoder
from lab.lora import lora_state_dict
from lab.training import caches
from lab.training.embedder import Embedder
from lab.training.loop import finetune
from lab.training.lower_layers import LowerLayers, find_lower_layers
from lab.training.session import inject
from lab.training.tensor_store import TensorStore

FAMILIES = ("clip", "gpt2", "bert", "sentence")
UPPER = r".*\.1\..*(q_proj|c_attn|query).*"  # the tiny checkpoints have two blocks a stack


@pytest.fixture(autouse=True)
def _without_dropout(monkeypatch: pytest.MonkeyPatch) -> None:
    """The networks' own dropout would be drawn for lower blocks that run every time."""
    monkeypatch.setattr(nn.Dropout, "forward", lambda self, x: x)
    attention = nn.functional.scaled_dot_product_attention

    def without(*arguments: Tensor, dropout_p: float = 0.0, **options: object) -> Tensor:
        return attention(*arguments, **options)

    monkeypatch.setattr(nn.functional, "scaled_dot_product_attention", without)


def make_store(stack: str, count: int) -> TensorStore:
    return TensorStore()


def adapt(config: RunConfig, targets: str = UPPER, **lora: object) -> Encoder:
    settings = LoRAConfig(r=4, target_modules=targets, **lora)
    return inject(load_encoder(config.model), dataclasses.replace(config, lora=settings))


def losses(encoder: Encoder, config: RunConfig, **train: object) -> list[float]:
    settings = dataclasses.replace(config.train, epochs=3, learning_rate=0.02, **train)
    pairs = load_pairs(config.pairs)
    steps = finetune(encoder, pairs, settings, validation=pairs.subset(range(6)))
    return [x for step in steps for x in (step.loss, step.validation_loss) if x is not None]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("options", [{}, {"micro_batch_size": 3}])
@pytest.mark.parametrize("room", [0, 1 << 20])
def test_losses_are_those_of_running_every_block(
    family: str,
    options: dict,
    room: int,
    config_of: dict[str, RunConfig],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(caches, "HIDDEN_BYTES", room)
    config = config_of[family]
    skipping, running = adapt(config), adapt(config)
    assert find_lower_layers(skipping.module, make_store)
    given = losses(skipping, config, **options)
    monkeypatch.setattr("lab.training.embedder.find_lower_layers", lambda *_: [])
    assert given == pytest.approx(losses(running, config, **options), abs=1e-5)
    expected = lora_state_dict(running.module)
    for name, tensor in lora_state_dict(skipping.module).items():
        torch.testing.assert_close(tensor, expected[name], atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("family", FAMILIES)
def test_no_item_goes_through_the_lower_blocks_after_the_first_epoch(
    family: str, config_of: dict[str, RunConfig]
) -> None:
    config = config_of[family]
    encoder = adapt(config)
    runs: Counter[str] = Counter()
    for module in encoder.module.modules():
        if isinstance(module, nn.ModuleList):
            module[0].register_forward_hook(lambda *_: runs.update(["lower"]))
            module[1].register_forward_hook(lambda *_: runs.update(["upper"]))
    epochs = dataclasses.replace(config.train, epochs=3)
    seen = {s.epoch: dict(runs) for s in finetune(encoder, load_pairs(config.pairs), epochs)}
    assert seen[1]["lower"] == seen[2]["lower"] == seen[3]["lower"] > 0
    assert seen[1]["upper"] < seen[2]["upper"] < seen[3]["upper"]


@pytest.mark.parametrize("block", [r"0", r"\d"])
def test_stack_adapted_from_its_first_block_on_is_run_whole(
    block: str, config_of: dict[str, RunConfig]
) -> None:
    encoder = adapt(config_of["bert"], rf".*\.{block}\..*query")
    assert find_lower_layers(encoder.module, make_store) == []


def test_blocks_above_something_that_trains_are_run_every_time(
    config_of: dict[str, RunConfig],
) -> None:
    config = config_of["bert"]
    encoder = adapt(config, modules_to_save=("word_embeddings",))
    embed = Embedder(encoder, "fp32")
    embed(load_pairs(config.pairs), [0, 1], "a")
    assert embed._lower == {"a": None}


def test_network_that_does_more_than_its_stack_shows_is_run_whole() -> None:
    class Odd(nn.Module):
        """Adds what came in to what goes out of the first block: skipping it is not enough."""

        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])

        def forward(self, x: Tensor) -> Tensor:
            return self.layers[1](self.layers[0](x)) + self.layers[0](x).square()

    module, x = Odd(), torch.randn(3, 4)
    lower = LowerLayers(module.layers, 1, TensorStore())
    module.layers[0].requires_grad_(False)
    module.layers[0].forward = lambda x, first=[]: (first.append(1), x * len(first))[1]
    assert not lower.probe(lambda: module(x))
