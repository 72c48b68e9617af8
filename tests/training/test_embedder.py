"""Embeddings of batches: what is frozen is computed once, and nothing else changes."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor
from toy_encoder import adapted_encoder, make_pairs

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.encoders import Encoder, load_encoder
from lab.lora import lora_state_dict
from lab.training.embedder import Embedder
from lab.training.loop import finetune
from lab.training.session import inject

TEXT_TOWER = r"text_model\..*\.(q_proj|v_proj)"
VISION_TOWER = r"vision_model\..*\.(q_proj|v_proj)|visual_projection"
BOTH = r".*\.(q_proj|v_proj)"
TRAIN = TrainConfig(epochs=3, batch_size=8, learning_rate=0.02)


@pytest.fixture(scope="module")
def clip(checkpoints: dict[str, Path]) -> Encoder:
    return load_encoder(checkpoints["clip"])


@pytest.fixture(scope="module")
def pairs(image_pairs: Path) -> PairDataset:
    return load_pairs(str(image_pairs))


def adapt(clip: Encoder, targets: str, **lora: object) -> Encoder:
    config = LoRAConfig(r=4, target_modules=targets, **lora)
    return inject(clip, RunConfig("clip", "pairs", config, TRAIN))


def count_embedded(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Filled with how many items the encoder embeds, by side."""
    counts: Counter = Counter()
    embed = type(encoder).embed

    def counting(self: Encoder, inputs: Mapping[str, Tensor], side: str) -> Tensor:
        counts[side] += len(next(iter(inputs.values())))
        return embed(self, inputs, side)

    monkeypatch.setattr(type(encoder), "embed", counting)
    return counts


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow obvious way: embed every batch of either side."""
    monkeypatch.setattr(
        Embedder, "_look_up", lambda self, items, keys, side: self._embed_items(items, side)
    )


def losses(encoder: Encoder, pairs: PairDataset, config: TrainConfig = TRAIN) -> list[float]:
    held_out = pairs.subset(range(8))
    return [step.loss for step in finetune(encoder, pairs, config, validation=held_out)]


# The first batch is embedded twice: its embeddings tell that nothing on their side trains.
@pytest.mark.parametrize(
    ("targets", "once"), [(TEXT_TOWER, {"a"}), (VISION_TOWER, {"b"}), (BOTH, set())]
)
def test_tower_without_adapters_is_embedded_once(
    targets: str,
    once: set[str],
    clip: Encoder,
    pairs: PairDataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = count_embedded(clip, monkeypatch)
    losses(adapt(clip, targets), pairs)
    for side in "ab":
        all_epochs = 3 * (len(pairs) + 8) + 8  # those held aside too, and the last batch again
        assert counts[side] == (len(pairs) + 8 if side in once else all_epochs)


@pytest.mark.parametrize("targets", [TEXT_TOWER, VISION_TOWER])
@pytest.mark.parametrize("lora", [{}, {"lora_dropout": 0.3}, {"merge_weights": True}])
def test_losses_are_those_of_embedding_every_time(
    targets: str,
    lora: dict,
    clip: Encoder,
    pairs: PairDataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up, every_time = adapt(clip, targets, **lora), adapt(clip, targets, **lora)
    given = losses(looked_up, pairs)
    forget(monkeypatch)
    assert given == pytest.approx(losses(every_time, pairs), abs=1e-6)
    expected = lora_state_dict(every_time.module)
    for name, tensor in lora_state_dict(looked_up.module).items():
        torch.testing.assert_close(tensor, expected[name], atol=1e-5, rtol=1e-4)


def test_biases_that_train_in_both_towers_leave_none_frozen(
    clip: Encoder, pairs: PairDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = count_embedded(clip, monkeypatch)
    losses(adapt(clip, TEXT_TOWER, bias="all"), pairs)
    assert counts["a"] == counts["b"]


def test_frozen_side_is_embedded_in_eval_mode_and_leaves_the_module_training(
    clip: Encoder, pairs: PairDataset
) -> None:
    encoder = adapt(clip, TEXT_TOWER)
    encoder.module.train()
    encoder.module.vision_model.register_forward_hook(
        lambda module, inputs, output: modes.append(module.training)
    )
    modes: list[bool] = []
    embed = Embedder(encoder, "fp32")
    for _ in range(2):
        embed(pairs, [0, 1], "a")
    assert modes == [True, False]
    assert encoder.module.training


def test_sides_that_share_all_are_both_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = adapted_encoder()
    counts = count_embedded(encoder, monkeypatch)
    list(finetune(encoder, make_pairs(24), dataclasses.replace(TRAIN, epochs=2)))
    assert counts == {"a": 2 * 24 + 8, "b": 2 * 24 + 8}


@pytest.mark.parametrize("family", ["gpt2", "bert", "sentence", "clip"])
@pytest.mark.parametrize("micro", [None, 5])
def test_texts_of_large_networks_pad_less_and_embed_the_same(
    family: str,
    micro: int | None,
    config_of: dict[str, RunConfig],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = config_of[family]
    encoder, pairs = load_encoder(config.model), load_pairs(config.pairs)
    batch, sizes = list(range(12)), []
    whole = Embedder(encoder, "fp32", micro)(pairs, batch, "b")
    monkeypatch.setattr("lab.training.embedder.waits_for_products", lambda module: True)
    monkeypatch.setattr("lab.training.embedder.TEXT_CHUNK", 4)
    embed = type(encoder).embed

    def watch(self: Encoder, inputs: Mapping[str, Tensor], side: str) -> Tensor:
        sizes.append((len(inputs["input_ids"]), inputs["input_ids"].shape[1]))
        return embed(self, inputs, side)

    monkeypatch.setattr(type(encoder), "embed", watch)
    torch.testing.assert_close(Embedder(encoder, "fp32", micro)(pairs, batch, "b"), whole)
    rows, widths = zip(*sizes[-3:], strict=True)
    assert rows == (4, 4, 4)
    assert widths == tuple(sorted(widths, reverse=True))
