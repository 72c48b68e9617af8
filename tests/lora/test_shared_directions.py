"""Two adapters compared layer by layer, from their files."""

from __future__ import annotations

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter

from lab.errors import AdapterError
from lab.lora import LoRAConfig, apply_lora_to_model, find_lora_layers, save_adapter
from lab.lora.factors import Factors
from lab.lora.shared_directions import MATRICES, compare_adapters, compare_factors
from lab.lora.subspaces import subspace_similarity

WIDTH = 40


def _factors(seed: int, r: int = 4) -> Factors:
    generator = torch.Generator().manual_seed(seed)
    a, b = (torch.randn(r, WIDTH, generator=generator) for _ in range(2))
    return Factors(a, b.T, 1.0)


def _save(folder, name: str, r: int, seed: int, **settings):
    config = LoRAConfig(r=r, target_modules=FAMILIES[name].targets, **settings)
    model = apply_lora_to_model(build(name), config)
    torch.manual_seed(seed)
    draw_adapter(model, config)
    save_adapter(folder, model, config, name)
    return model


@pytest.mark.parametrize("name", ["clip", "gpt2"])
def test_each_layer_s_grids_are_those_of_its_matrices(tmp_path, name):
    models = [_save(tmp_path / str(r), name, r, seed=r) for r in (2, 5)]
    comparison = compare_adapters(tmp_path / "2", tmp_path / "5")
    assert [layer.path for layer in comparison.layers] == sorted(find_lora_layers(models[0]))
    assert comparison.left_out == 0
    for layer in comparison.layers:
        pair = [find_lora_layers(model)[layer.path] for model in models]
        matrices = {
            "A": [one.lora_A for one in pair],
            "B": [one.lora_B.T for one in pair],
            "update": [one.to_rows(one.delta_weight()) for one in pair],
        }
        for matrix in MATRICES:
            full = subspace_similarity(*(m.detach().double() for m in matrices[matrix]))
            ranks = torch.tensor(layer.grids[matrix].phi, dtype=torch.float64)
            torch.testing.assert_close(ranks, full[:2, :5], rtol=0, atol=1e-4)
            assert layer.grids[matrix].size in comparison.chances


def test_an_adapter_shares_everything_with_itself(tmp_path):
    _save(tmp_path, "bert", 4, seed=0)
    comparison = compare_adapters(tmp_path, tmp_path)
    for matrix in MATRICES:
        overlap = comparison.overlap(matrix)
        assert (overlap.count, overlap.above) == (4, overlap.layers)
        assert overlap.least == pytest.approx(1, abs=1e-4)


def test_random_adapters_share_what_chance_does():
    paths = [f"layers.{k}" for k in range(60)]
    one, other = ({p: _factors(s + k) for k, p in enumerate(paths)} for s in (0, 1000))
    comparison = compare_factors(one, other)
    assert len(comparison.chances) == 1  # one draw serves all layers of a size
    for matrix in MATRICES:
        overlap = comparison.overlap(matrix)
        assert overlap.mean == pytest.approx(overlap.chance, rel=0.15)
        assert overlap.chance == pytest.approx(4 / WIDTH)
        assert overlap.above <= 4  # one in a hundred is expected
        assert overlap.least < overlap.mean < overlap.most


def test_one_direction_planted_in_two_adapters_is_found():
    one, other = _factors(0), _factors(1)
    planted = 50 * torch.eye(WIDTH)[:1]
    one, other = (f._replace(a=torch.cat([planted, f.a])) for f in (one, other))
    overlap = compare_factors({"q": _square(one)}, {"q": _square(other)}).overlap("A", count=1)
    assert overlap.mean > 0.95
    assert overlap.above == 1


def _square(factors: Factors) -> Factors:
    """With as many columns of B as A has rows."""
    return factors._replace(b=torch.randn(WIDTH, len(factors.a)))


def test_an_untrained_adapter_has_no_directions_of_b():
    one, other = _factors(0), _factors(1)
    untrained = other._replace(b=torch.zeros_like(other.b))
    comparison = compare_factors({"q": one, "v": one}, {"q": other, "v": untrained})
    assert comparison.overlap("A").layers == 2
    assert comparison.overlap("B").layers == comparison.overlap("update").layers == 1
    assert compare_factors({"q": one}, {"q": untrained}).overlap("B") is None


def test_pissa_s_common_start_shows_in_a_and_not_in_the_update(tmp_path):
    """Every run of PiSSA starts at the same directions of W; its ΔW has them taken off again."""
    config = LoRAConfig(r=2, target_modules=("query",), init_lora_weights="pissa")
    for seed in (0, 1):
        model = apply_lora_to_model(build("bert"), config)
        torch.manual_seed(seed + 2)
        for layer in find_lora_layers(model).values():
            with torch.no_grad():
                layer.lora_A.add_(0.001 * torch.randn_like(layer.lora_A))
                layer.lora_B.add_(0.001 * torch.randn_like(layer.lora_B))
        save_adapter(tmp_path / str(seed), model, config, "bert")
    comparison = compare_adapters(tmp_path / "0", tmp_path / "1")
    assert comparison.overlap("A", count=2).least > 0.99
    assert comparison.overlap("update", count=2).most < 0.99


def test_two_ranks_of_one_seed_start_alike_in_the_layer_that_is_drawn_first():
    """So their A agree there without any training; a comparison of two ranks takes two seeds."""
    drawn = []
    for r in (2, 5):
        model = build("bert")
        torch.manual_seed(0)
        model = apply_lora_to_model(model, LoRAConfig(r=r, target_modules=("query", "value")))
        drawn.append([layer.lora_A for layer in find_lora_layers(model).values()])
    (first_of_two, *_), (first_of_five, *_) = drawn
    assert torch.equal(first_of_two, first_of_five[:2])
    assert not any(torch.equal(a, b[:2]) for a, b in list(zip(*drawn, strict=True))[1:])


def test_layers_that_one_of_them_lacks_are_counted():
    one, other = _factors(0), _factors(1)
    assert compare_factors({"q": one, "k": one}, {"q": other, "v": other}).left_out == 2


def test_adapters_of_different_models_are_refused():
    one = _factors(0)
    with pytest.raises(AdapterError, match="no layer in common"):
        compare_factors({"q": one}, {"v": one})
    wider = one._replace(a=torch.randn(4, WIDTH + 1))
    with pytest.raises(AdapterError, match=r"q is \(40, 40\) in one adapter and \(40, 41\)"):
        compare_factors({"q": one}, {"q": wider})
