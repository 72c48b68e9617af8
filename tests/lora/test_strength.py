"""W + λ·ΔW, held to a model whose every tensor lies on that line, and to PEFT."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, fingerprint, train
from peft import PeftModel
from peft_twin import difference
from torch import nn

from lab.errors import AdapterError, ConfigError, TargetError
from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    copy_sharing_parameters,
    find_lora_layers,
    load_adapter,
    lora_state_dict,
    merge_into_base,
    merge_lora,
)
from lab.lora.kinds import adapt_layer
from lab.lora.strength import at_strength, save_adapter_at_strength, update_strength

pytestmark = [
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:fan_in_fan_out is set to:UserWarning"),
]

SAVED = {"bert": ("1.intermediate",), "gpt2": ("ln_1", "ln_f"), "clip": ("visual_projection",)}
SETTINGS = {
    "lora": {},
    "rslora": {"use_rslora": True, "bias": "lora_only"},
    "pissa": {"init_lora_weights": "pissa"},
    "dora": {"use_dora": True},
    "merged": {"merge_weights": True},
    "merged dora": {"merge_weights": True, "use_dora": True, "bias": "all"},
    "biases": {"bias": "all"},
    "modules": {"modules_to_save": SAVED},
    "all of it": {"modules_to_save": SAVED, "use_dora": True, "bias": "all"},
}
families = pytest.mark.parametrize("name", SAVED)
kinds = pytest.mark.parametrize("kind", SETTINGS)
STRENGTHS = (0.0, 0.7, 1.0, 1.5)


def _config(name: str, kind: str, **more: object) -> LoRAConfig:
    settings = dict(SETTINGS[kind])
    if "modules_to_save" in settings:
        settings["modules_to_save"] = SAVED[name]
    targets = FAMILIES[name].targets
    return LoRAConfig(r=4, lora_alpha=6, target_modules=targets, **settings, **more)


def _trained(name: str, config: LoRAConfig) -> nn.Module:
    """An adapted model a few large steps from its base."""
    model = apply_lora_to_model(build(name), config)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.1)
    train(model.train(), FAMILIES[name].embed, steps=3, optimizer=optimizer)
    return model.eval()


def _on_the_line(name: str, model: nn.Module, strength: float) -> nn.Module:
    """The slow reference: a plain model with W + λ(W' - W) for each of its tensors."""
    base, ends = build(name), merge_into_base(model).state_dict()
    between = {
        path: start + strength * (ends[path] - start) for path, start in base.state_dict().items()
    }
    base.load_state_dict(between)
    return base


@families
@kinds
def test_every_tensor_lies_on_the_line_from_the_base(name: str, kind: str):
    embed = FAMILIES[name].embed
    model = _trained(name, _config(name, kind))
    assert difference(model, build(name), embed) > 0.01
    for strength in STRENGTHS:
        slow = _on_the_line(name, model, strength)
        assert difference(at_strength(model, strength), slow, embed) < 2e-5
        with update_strength(model, strength):
            assert difference(model, slow, embed) < 2e-5
    assert difference(at_strength(model, 0), build(name), embed) <= 1e-6
    assert difference(at_strength(model, 1), model, embed) == 0


@kinds
@pytest.mark.parametrize("name", ["gpt2"])
def test_the_module_is_put_back_as_it_was(name: str, kind: str):
    embed, config = FAMILIES[name].embed, _config(name, kind)
    base = build(name)
    model = apply_lora_to_model(copy_sharing_parameters(base), config).eval()
    draw_adapter(model, config)
    twin = at_strength(model, 1)
    parameters = {path: id(p) for path, p in model.named_parameters()}
    before, base_before = fingerprint(model), fingerprint(base)
    with update_strength(model, 0.3):
        assert difference(model, twin, embed) > 1e-4
    with pytest.raises(KeyError), update_strength(model, 0.3):
        raise KeyError
    assert difference(model, twin, embed) == 0
    assert {path: id(p) for path, p in model.named_parameters()} == parameters
    assert (fingerprint(model), fingerprint(base)) == (before, base_before)


def test_a_copy_leaves_the_module_as_it_is_and_shares_its_tensors():
    config = _config("bert", "biases")
    model = _trained("bert", config)
    before = fingerprint(model)
    copies = [at_strength(model, strength) for strength in STRENGTHS]
    assert fingerprint(model) == before
    for copy in copies:
        theirs = find_lora_layers(copy)
        for path, layer in find_lora_layers(model).items():
            assert theirs[path].base_layer.weight.data_ptr() == layer.base_layer.weight.data_ptr()
            assert theirs[path].lora_A.data_ptr() == layer.lora_A.data_ptr()


def test_threads_may_each_look_at_another_strength():
    embed, model = FAMILIES["bert"].embed, _trained("bert", _config("bert", "all of it"))
    expected = [difference(at_strength(model, s), model, embed) for s in STRENGTHS]
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda s: difference(at_strength(model, s), model, embed), STRENGTHS * 4)
    assert list(found) == expected * 4


def test_a_strength_of_a_strength_is_their_product():
    model = _trained("bert", _config("bert", "dora"))
    twice = at_strength(at_strength(model, 0.5), 0.5)
    assert difference(twice, at_strength(model, 0.25), FAMILIES["bert"].embed) < 1e-5


@pytest.mark.parametrize("use_dora", [False, True])
@pytest.mark.parametrize(
    ("base", "x"),
    [
        (nn.Embedding(9, 5), torch.arange(9)),
        (nn.Conv2d(3, 8, 3, stride=2, padding=1), torch.ones(1, 3, 7, 7)),
    ],
)
def test_embeddings_and_convolutions(base: nn.Module, x: torch.Tensor, use_dora: bool):
    layer = adapt_layer(
        base.requires_grad_(False), "0", LoRAConfig(r=2, target_modules=("0",), use_dora=use_dora)
    )
    for name in layer.file_names():
        nn.init.normal_(getattr(layer, name), std=0.3)
    model = nn.Sequential(layer)
    y, trained = base(x), layer(x)
    for strength in STRENGTHS:
        torch.testing.assert_close(
            at_strength(model, strength)(x), y + strength * (trained - y), rtol=0, atol=2e-5
        )


@families
@kinds
@pytest.mark.parametrize("strength", [0.4, 1.5])
def test_peft_reads_what_is_saved_at_a_strength(name: str, kind: str, strength: float, tmp_path):
    embed, config = FAMILIES[name].embed, _config(name, kind)
    model = _trained(name, config)
    scaled = at_strength(model, strength)
    save_adapter_at_strength(tmp_path, model, config, "tiny", strength)
    assert difference(PeftModel.from_pretrained(build(name), tmp_path), scaled, embed) < 1e-5
    again = build(name)
    load_adapter(tmp_path, again)
    assert difference(again, scaled, embed) < 1e-5


def test_plain_lora_is_saved_with_its_own_factors_and_a_scaled_alpha(tmp_path):
    config = _config("bert", "lora", alpha_pattern={"query": 3}, rank_pattern={"query": 2})
    model = _trained("bert", config)
    save_adapter_at_strength(tmp_path, model, config, "tiny", 0.5)
    again = build("bert")
    read = load_adapter(tmp_path, again)
    assert (read.lora_alpha, read.alpha_pattern) == (3, (("query", 1.5),))
    ours = lora_state_dict(model)
    assert all(torch.equal(ours[path], tensor) for path, tensor in lora_state_dict(again).items())


@pytest.mark.parametrize("strength", [-0.5, float("inf"), float("nan")])
@pytest.mark.parametrize("use", [at_strength, lambda *a: update_strength(*a).__enter__()])
def test_a_strength_is_a_number_from_0(use: Callable, strength: float):
    model = apply_lora_to_model(build("bert"), _config("bert", "lora"))
    with pytest.raises(ConfigError, match="choose a number from 0"):
        use(model, strength)


def test_a_model_without_lora_has_nothing_to_scale():
    with pytest.raises(TargetError, match="carries no LoRA"):
        at_strength(build("bert"), 0.5)


def test_the_base_is_not_saved_as_an_adapter(tmp_path):
    config = _config("bert", "lora")
    model = apply_lora_to_model(build("bert"), config)
    with pytest.raises(AdapterError, match="its own base"):
        save_adapter_at_strength(tmp_path / "none", model, config, "tiny", 0)
    assert not (tmp_path / "none").exists()


def test_running_statistics_are_refused_before_anything_is_changed():
    base = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4))
    model = apply_lora_to_model(base, LoRAConfig(target_modules=("0",), modules_to_save=("1",)))
    scaling = model[0].scaling
    with pytest.raises(TargetError, match=r"keeps running statistics \(running_mean\)"):
        update_strength(model, 0.5).__enter__()
    assert model[0].scaling == scaling
    with update_strength(model, 1):
        pass


def test_a_row_of_dora_that_would_lose_its_length_is_refused():
    layer = adapt_layer(nn.Linear(3, 3), "0", LoRAConfig(target_modules=("0",), use_dora=True))
    with torch.no_grad():
        layer.lora_magnitude_vector[1] = -layer.lora_magnitude_vector[1]
    model = nn.Sequential(layer)
    at_strength(model, 0.4)
    with pytest.raises(TargetError, match="a row of 0 would lose its length"):
        at_strength(model, 0.5)  # halfway from W to -W


def test_a_merged_layer_computes_with_the_scaled_weight_until_it_is_put_back():
    model, embed = _trained("bert", _config("bert", "lora")), FAMILIES["bert"].embed
    slow = _on_the_line("bert", model, 0.5)
    merge_lora(model)
    expected = {path: layer.merged_weight for path, layer in find_lora_layers(model).items()}
    with update_strength(model, 0.5):
        assert difference(model, slow, embed) < 1e-5
    for path, layer in find_lora_layers(model).items():
        assert torch.equal(layer.merged_weight, expected[path])
