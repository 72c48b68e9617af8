"""Spectra of the update, held to the singular values of the formed ΔW."""

from __future__ import annotations

import math

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter
from torch import nn

from lab.errors import TargetError
from lab.lora import LoRAConfig, apply_lora_to_model, find_lora_layers, find_target_modules
from lab.lora.kinds import adapt_layer
from lab.lora.spectrum import UpdateSpectrum, find_spectra, singular_values
from lab.lora.strength import update_strength

families = pytest.mark.parametrize("name", ["clip", "gpt2", "bert"])
METHODS = ({}, {"use_rslora": True}, {"init_lora_weights": "pissa"}, {"use_dora": True})
methods = pytest.mark.parametrize("method", METHODS, ids=str)


def _adapted(name: str, **settings: object) -> nn.Module:
    config = LoRAConfig(r=4, lora_alpha=6, target_modules=FAMILIES[name].targets, **settings)
    model = apply_lora_to_model(build(name), config)
    draw_adapter(model, config)
    return model


def _formed(layer: nn.Module) -> torch.Tensor:
    """ΔW (out, in) in fp64, by what the layer computes with and without it."""
    return layer.to_rows((layer.full_weight() - layer.base_layer.weight).detach().double())


@families
@methods
def test_the_values_are_those_of_the_formed_update(name: str, method: dict):
    model = _adapted(name, **method)
    layers = find_lora_layers(model)
    spectra = find_spectra(model)
    assert [spectrum.path for spectrum in spectra] == list(layers)
    for spectrum in spectra:
        layer = layers[spectrum.path]
        full = torch.linalg.svdvals(_formed(layer))
        kept = torch.tensor(spectrum.singular_values, dtype=torch.float64)
        torch.testing.assert_close(kept, full[: len(kept)], rtol=0, atol=1e-5)
        assert (full[len(kept) :] < 1e-5).all()
        assert spectrum.update_norm == pytest.approx(_formed(layer).norm().item(), rel=1e-5)
        weight = layer.base_layer.weight.norm().item()
        assert spectrum.weight_norm == pytest.approx(weight, rel=1e-5)
        assert spectrum.ratio == pytest.approx(spectrum.update_norm / weight, rel=1e-5)


@pytest.mark.parametrize("use_dora", [False, True])
@pytest.mark.parametrize("base", [nn.Embedding(30, 6), nn.Conv2d(3, 8, 3), nn.Linear(3, 2)])
def test_other_kinds_and_ranks_above_the_layer_s_own(base: nn.Module, use_dora: bool):
    config = LoRAConfig(r=5, target_modules=("0",), use_dora=use_dora)
    layer = adapt_layer(base.requires_grad_(False), "0", config)
    for tensor in (layer.lora_A, layer.lora_B):
        nn.init.normal_(tensor)
    values, full = singular_values(layer), torch.linalg.svdvals(_formed(layer))
    assert len(values) == (len(full) if use_dora else min(len(full), config.r))
    torch.testing.assert_close(values, full[: len(values)], rtol=0, atol=2e-5)
    assert (full[len(values) :] < 2e-5).all()


def test_an_untrained_update_is_nothing():
    model = apply_lora_to_model(build("bert"), LoRAConfig(target_modules=("query",)))
    for spectrum in find_spectra(model):
        assert set(spectrum.singular_values) == {0.0}
        assert spectrum.update_norm == spectrum.ratio == 0
        assert spectrum.effective_rank == spectrum.stable_rank == 0


@pytest.mark.parametrize("count", [1, 3, 8])
def test_as_many_equal_directions_count_as_many(count: int):
    spectrum = UpdateSpectrum("q", "Linear", 2.0, (0.5,) * count + (0.0,) * 4)
    assert spectrum.effective_rank == pytest.approx(count)
    assert spectrum.stable_rank == pytest.approx(count)


def test_ranks_are_those_of_their_definitions():
    values = torch.tensor([3.0, 2.0, 0.5], dtype=torch.float64)
    spectrum = UpdateSpectrum("q", "Linear", 1.0, tuple(values.tolist()))
    entropy = torch.distributions.Categorical(probs=values / values.sum()).entropy()
    assert spectrum.effective_rank == pytest.approx(entropy.exp().item())
    assert spectrum.stable_rank == pytest.approx((values.norm() ** 2 / 9).item())
    assert 1 < spectrum.stable_rank < spectrum.effective_rank < 3


def test_an_update_of_a_zero_weight_is_infinitely_large_beside_it():
    assert UpdateSpectrum("q", "Linear", 0.0, (1.0,)).ratio == math.inf
    assert UpdateSpectrum("q", "Linear", 0.0, (0.0,)).ratio == 0


@families
def test_stack_block_and_name_tell_every_layer_apart(name: str):
    spectra = find_spectra(_adapted(name))
    cells = {(s.stack, s.block, s.name) for s in spectra}
    assert len(cells) == len(spectra)
    groups = {group.name: group.layer_numbers for group in find_target_modules(build(name))}
    for spectrum in spectra:
        assert spectrum.block is None or spectrum.block in groups[spectrum.leaf]


@pytest.mark.parametrize(
    ("path", "stack", "block", "name", "leaf"),
    [
        ("towers.text.layers.3.attn.q_proj", "towers.text.layers", 3, "attn.q_proj", "q_proj"),
        ("h.11.attn.c_attn", "h", 11, "attn.c_attn", "c_attn"),
        ("0.auto.query", "", 0, "auto.query", "query"),
        ("text_projection", "", None, "text_projection", "text_projection"),
        ("pooler.dense", "", None, "pooler.dense", "dense"),
    ],
)
def test_a_path_says_where_in_the_model_it_is(path, stack, block, name, leaf):
    spectrum = UpdateSpectrum(path, "Linear", 1.0, (1.0,))
    assert (spectrum.stack, spectrum.block) == (stack, block)
    assert (spectrum.name, spectrum.leaf) == (name, leaf)


def test_a_scaled_update_has_scaled_values():
    model = _adapted("bert")
    full = find_spectra(model)
    with update_strength(model, 0.5):
        half = find_spectra(model)
    for one, other in zip(full, half, strict=True):
        assert other.singular_values == pytest.approx([v / 2 for v in one.singular_values])
        assert other.effective_rank == pytest.approx(one.effective_rank)


def test_a_model_without_lora_has_no_spectra():
    with pytest.raises(TargetError, match="carries no LoRA"):
        find_spectra(build("bert"))


@families
def test_a_layer_s_rank_and_what_a_lower_one_would_hold(name: str):
    model = _adapted(name)
    for path, spectrum in zip(find_lora_layers(model), find_spectra(model), strict=True):
        assert spectrum.r == 4
        update = _formed(find_lora_layers(model)[path])
        left, values, right = torch.linalg.svd(update, full_matrices=False)
        for rank in range(5):
            best = (left[:, :rank] * values[:rank]) @ right[:rank]
            held = (best.norm() / update.norm()) ** 2
            assert spectrum.share_of(rank) == pytest.approx(held.item(), abs=1e-5)
    assert UpdateSpectrum("q", "Linear", 1.0, (0.0, 0.0)).share_of(1) == 1
