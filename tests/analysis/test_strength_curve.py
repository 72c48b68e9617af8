"""Recall over the strength of an update, held to full matrices of plain weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lab.analysis.strength import STRENGTHS, EncoderAt, Recall, embed_at, strength_curve
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.lora import LoRAConfig, apply_lora_to_model, find_lora_layers
from lab.lora.strength import at_strength

WIDTH = 12


def vector(text: str) -> np.ndarray:
    """(WIDTH,) of its own for every word, summed over the text."""
    digests = [hashlib.sha256(word.encode()).digest() for word in text.split()]
    return sum(np.random.default_rng(list(digest)).standard_normal(WIDTH) for digest in digests)


@dataclass(frozen=True)
class WordEncoder:
    """One Linear layer over a text's vector; see lab.encoders.base.Encoder."""

    module: nn.Module
    name: str = "words"
    family: str = "bert"
    kind: str = "text-text"
    towers: Mapping[str, str] = field(default_factory=dict)
    dim: int = WIDTH
    pooling: str = "mean"
    frozen: str = ""  # the side that goes around the layer

    def preprocess(self, items: Sequence[str], side: str) -> dict[str, Tensor]:
        return {"x": torch.tensor(np.stack([vector(item) for item in items]), dtype=torch.float32)}

    def embed(self, inputs: Mapping[str, Tensor], side: str) -> Tensor:
        return inputs["x"] if side == self.frozen else self.module(inputs["x"])

    def with_module(self, module: nn.Module) -> WordEncoder:
        return replace(self, module=module)


def _pairs(name: str, count: int) -> PairDataset:
    """Texts that share one word of three with their partners."""
    texts = [(f"{name}{i} x{i} y", f"{name}{i} z{i} w") for i in range(count)]
    return PairDataset(name, "text-text", tuple(Pair(a, b, i) for i, (a, b) in enumerate(texts)))


@pytest.fixture
def encoder() -> WordEncoder:
    """An adapted encoder whose update is about as large as its weight."""
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(WIDTH, WIDTH, bias=False)).requires_grad_(False).eval()
    apply_lora_to_model(module, LoRAConfig(r=4, target_modules=("0",)))
    nn.init.normal_(module[0].lora_B, std=0.3)
    return WordEncoder(module)


@pytest.fixture
def encoder_at(encoder: WordEncoder) -> EncoderAt:
    return lambda strength: encoder.with_module(at_strength(encoder.module, strength))


def _slow(encoder: WordEncoder, pairs: PairDataset, strength: float) -> list[np.ndarray]:
    """Both sides (N, D), of length 1, by the one weight that it means."""
    (layer,) = find_lora_layers(encoder.module).values()
    weight = (layer.base_layer.weight + strength * layer.delta_weight()).detach().numpy()
    sides = [np.stack([vector(text) for text in side]) @ weight.T for side in (pairs.a, pairs.b)]
    return [side / np.linalg.norm(side, axis=1, keepdims=True) for side in sides]


def _slow_recall(encoder: WordEncoder, pairs: PairDataset, strength: float) -> list[float]:
    a, b = _slow(encoder, pairs, strength)
    truth = np.arange(len(a))
    there, back = ((s.argmax(axis=1) == truth).mean() for s in (a @ b.T, b @ a.T))
    return [there, back, (there + back) / 2]


def _values(recall: Recall) -> list[float]:
    return [recall.a_to_b, recall.b_to_a, recall.mean]


def test_every_point_is_that_of_the_full_matrix(encoder: WordEncoder, encoder_at: EncoderAt):
    new, control = _pairs("new", 40), _pairs("control", 25)
    curve = strength_curve(encoder_at, new, control)
    assert [point.strength for point in curve.points] == list(STRENGTHS)
    for point in curve.points:
        assert _values(point.new) == pytest.approx(_slow_recall(encoder, new, point.strength))
        assert point.control is not None
        there = _slow_recall(encoder, control, point.strength)
        assert _values(point.control) == pytest.approx(there)
    assert len({point.new for point in curve.points}) > 1
    assert json.loads(json.dumps(curve.as_json()))["points"][0]["strength"] == 0


def test_the_chosen_point_can_be_looked_at(encoder: WordEncoder, encoder_at: EncoderAt):
    pairs = _pairs("new", 40)
    seen: list[float] = []
    found = embed_at(encoder_at, pairs, 0.6, progress=seen.append)
    for side, slow in zip((found.a, found.b), _slow(encoder, pairs, 0.6), strict=True):
        np.testing.assert_allclose(side, slow, rtol=0, atol=1e-5)
    assert seen[-1] == 1


def _counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sides that batches are embedded of, as they are."""
    sides: list[str] = []
    embed = WordEncoder.embed

    def count(self: WordEncoder, inputs: Mapping[str, Tensor], side: str) -> Tensor:
        sides.append(side)
        return embed(self, inputs, side)

    monkeypatch.setattr(WordEncoder, "embed", count)
    return sides


@pytest.mark.parametrize("frozen", ["", "b"])
def test_what_is_known_and_what_cannot_change_is_not_embedded_again(
    encoder: WordEncoder, monkeypatch: pytest.MonkeyPatch, frozen: str
):
    encoder = replace(encoder, frozen=frozen)

    def encoder_at(strength: float) -> WordEncoder:
        return encoder.with_module(at_strength(encoder.module, strength))

    new, control = _pairs("new", 30), _pairs("control", 20)
    slow = strength_curve(encoder_at, new, control, (0, 0.5, 1))
    known = {strength: embed_at(encoder_at, new, strength) for strength in (0, 1)}
    sides, looked = _counting(monkeypatch), []
    curve = strength_curve(
        encoder_at,
        new,
        control,
        (0, 0.5, 1),
        known=known,
        look=lambda point, found: looked.append((point, found)),
    )
    assert curve == slow
    # One batch a side: at 0.5 the new pairs, at all three the control set's.
    assert sides.count("a") == 1 + 3
    assert sides.count("b") == (1 if frozen else 1 + 3)
    assert tuple(point for point, _ in looked) == curve.points
    at_half = embed_at(encoder_at, new, 0.5)
    np.testing.assert_array_equal(looked[1][1].stacked(), at_half.stacked())


def test_strengths_are_sorted_and_measured_once(encoder_at: EncoderAt):
    asked: list[float] = []

    def watched(strength: float) -> WordEncoder:
        asked.append(strength)
        return encoder_at(strength)

    curve = strength_curve(watched, _pairs("new", 10), strengths=(1, 0.5, 1, 0))
    assert asked == [point.strength for point in curve.points] == [0, 0.5, 1]
    assert all(point.control is None for point in curve.points)


@pytest.mark.parametrize("control", [None, _pairs("control", 10)])
def test_progress_rises_to_1(encoder_at: EncoderAt, control: PairDataset | None):
    shares: list[float] = []
    strength_curve(encoder_at, _pairs("new", 10), control, (0, 1, 1.5), progress=shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == pytest.approx(1)


def test_what_was_measured_before_a_stop_is_kept(encoder_at: EncoderAt):
    answers = iter([False, False, True])
    curve = strength_curve(encoder_at, _pairs("new", 10), should_stop=lambda: next(answers))
    assert [point.strength for point in curve.points] == list(STRENGTHS[:2])
