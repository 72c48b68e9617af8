"""The amplification factor against its definition, on every kind of layer."""

from __future__ import annotations

import math

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter
from torch import nn

from lab.errors import AdapterError
from lab.lora import LoRAConfig, apply_lora_to_model, find_lora_layers, remove_lora, save_adapter
from lab.lora.amplification import amplification, base_weight, find_amplifications
from lab.lora.factors import Factors, read_factors


def _save(folder, name: str, **settings) -> nn.Module:
    config = LoRAConfig(r=3, target_modules=FAMILIES[name].targets, **settings)
    model = apply_lora_to_model(build(name), config)
    draw_adapter(model, config)
    save_adapter(folder, model, config, name)
    return model


@pytest.mark.parametrize("name", ["clip", "gpt2", "bert"])
@pytest.mark.parametrize("settings", [{}, {"init_lora_weights": "pissa"}], ids=str)
def test_it_is_the_papers_formula_on_every_layer(tmp_path, name, settings):
    model = _save(tmp_path, name, **settings)
    factors = read_factors(tmp_path)
    (found,) = find_amplifications(model, [factors])
    assert list(found) == list(factors)
    for path, layer in find_lora_layers(model).items():
        weight = layer.to_rows(layer.base_layer.weight).detach()
        update = layer.to_rows(layer.full_weight() - layer.base_layer.weight).detach()
        k = found[path].directions
        (u, _, vt), (own_u, _, own_vt) = map(torch.linalg.svd, (update, weight))
        along_update = (u[:, :k].T @ weight @ vt[:k].T).norm().item()
        along_weight = (own_u[:, :k].T @ weight @ own_vt[:k].T).norm().item()
        assert found[path].along_update == pytest.approx(along_update, rel=1e-3)
        assert found[path].along_weight == pytest.approx(along_weight, rel=1e-4)
        assert found[path].update_norm == pytest.approx(update.norm().item(), rel=1e-4)
        assert found[path].weight_norm == pytest.approx(weight.norm().item(), rel=1e-5)
        assert found[path].factor == pytest.approx(update.norm().item() / along_update, rel=1e-3)
    assert find_amplifications(remove_lora(model), [factors]) == (found,)


def test_an_update_along_w_s_own_directions_amplifies_them_and_one_across_what_w_lacks():
    weight = torch.diag(torch.tensor([4.0, 2.0, 1.0, 0.0]))
    top = torch.eye(4)[:2]
    own = amplification(weight, Factors(top, top.T, 3.0))
    assert own.along_update == pytest.approx(own.along_weight)
    assert own.along_weight == pytest.approx(math.hypot(4, 2))
    assert own.factor == pytest.approx(own.update_norm / math.hypot(4, 2))
    last = torch.eye(4)[3:]
    across = amplification(weight, Factors(last, last.T, 3.0))
    assert (across.along_update, across.factor) == (0, math.inf)


def test_an_untrained_update_amplifies_nothing():
    untrained = amplification(torch.randn(5, 6), Factors(torch.randn(2, 6), torch.zeros(5, 2), 1))
    assert (untrained.directions, untrained.update_norm, untrained.factor) == (0, 0, 0)


def test_random_directions_see_as_much_of_w_as_chance_gives_them():
    """E ‖UᵀWV‖² = k² ‖W‖² / (out · in) for random U and V."""
    weight = torch.randn(30, 20, generator=torch.Generator().manual_seed(0))
    factors = Factors(torch.randn(4, 20), torch.randn(30, 4), 1.0)
    drawn = [amplification(weight, factors, seed).along_random ** 2 for seed in range(300)]
    expected = 16 * weight.norm().item() ** 2 / 600
    assert sum(drawn) / len(drawn) == pytest.approx(expected, rel=0.1)


def test_the_weight_is_the_one_that_makes_outputs_of_inputs():
    model = build("gpt2")
    for path in ("h.0.attn.c_attn", "h.0.attn.c_proj"):  # the second is square
        layer, x = model.get_submodule(path), torch.randn(3, 16)
        torch.testing.assert_close(x @ base_weight(model, path).T + layer.bias, layer(x))


def test_an_adapter_of_another_model_is_refused(tmp_path):
    _save(tmp_path, "bert")
    factors = read_factors(tmp_path)
    with pytest.raises(AdapterError, match="no place for the adapter's"):
        find_amplifications(build("gpt2"), [factors])
    path, (a, b, scaling) = next(iter(factors.items()))
    with pytest.raises(AdapterError, match="has shape"):
        find_amplifications(build("bert"), [{path: Factors(a[:, 1:], b, scaling)}])
