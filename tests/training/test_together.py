"""Adapters trained in one pass: each ends as it would alone."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
from joint_runs import (
    assert_alike,
    assert_ends_as_alone,
    make_configs,
    run_apart,
    run_together,
    without_dropout,
)
from toy_encoder import base_encoder, make_pairs

from lab.config import LoRAConfig
from lab.data import load_pairs
from lab.encoders import load_encoder
from lab.lora import load_adapter, save_adapter
from lab.training.caches import Caches
from lab.training.loop import finetune
from lab.training.session import inject
from lab.training.together import train_together


def test_each_ends_as_it_would_alone() -> None:
    assert_ends_as_alone(base_encoder(), make_pairs(), make_configs())


@pytest.mark.parametrize(
    "changes",
    [
        {"micro_batch_size": 3},
        {"learn_temperature": True, "temperature": 0.2},
        {"loraplus_ratio": 8.0, "weight_decay": 0.3},
        {"max_grad_norm": 0.01},
        {"group_by_length": True},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_each_setting_means_what_it_means_alone(changes: dict) -> None:
    assert_ends_as_alone(base_encoder(), make_pairs(), make_configs(**changes))


def test_settings_that_no_other_reads_may_differ() -> None:
    configs = make_configs((2, 2, 4))
    own = (
        {"learning_rate": 0.003, "learn_temperature": True},
        {"loraplus_ratio": 4.0, "warmup_fraction": 0.5},
        {"temperature": 0.5, "weight_decay": 0.2, "max_grad_norm": 0.1},
    )
    configs = [
        dataclasses.replace(config, train=dataclasses.replace(config.train, **changes))
        for config, changes in zip(configs, own, strict=True)
    ]
    configs[0] = dataclasses.replace(
        configs[0], lora=dataclasses.replace(configs[0].lora, rank_pattern={"0": 5}, lora_alpha=3)
    )
    assert_ends_as_alone(base_encoder(), make_pairs(), configs)


def test_ranks_may_come_in_any_order() -> None:
    assert_ends_as_alone(base_encoder(), make_pairs(), make_configs((40, 2, 70, 4)))


def test_validation_loss_is_each_ones_own() -> None:
    validation = dataclasses.replace(make_pairs(), pairs=make_pairs(33).pairs[24:])
    assert_ends_as_alone(base_encoder(), make_pairs(), make_configs(), validation=validation)


LAYERS = {
    "clip": r".*\.(q_proj|fc1)",
    "bert": r".*\.(query|dense)",
    "gpt2": r".*\.c_attn",
    "sentence": r".*\.value",
}


@pytest.mark.parametrize("family", LAYERS)
def test_every_family(family: str, checkpoints: dict[str, Path], pairs_of: dict[str, Path]) -> None:
    base = without_dropout(load_encoder(checkpoints[family]))
    configs = [
        dataclasses.replace(
            config, lora=dataclasses.replace(config.lora, target_modules=LAYERS[family])
        )
        for config in make_configs((2, 4, 8), epochs=1, learning_rate=3e-3)
    ]
    assert_ends_as_alone(base, load_pairs(str(pairs_of[family])), configs)


@pytest.mark.parametrize(
    "targets",
    [
        r"text_model\..*\.(q_proj|v_proj)",  # the other side is embedded once
        r".*layers\.3\.self_attn\.(q_proj|v_proj)",  # blocks below are run once
    ],
)
def test_the_bundled_clip(targets: str) -> None:
    pairs = load_pairs("shapes-ko")
    pairs = dataclasses.replace(pairs, pairs=pairs.pairs[:16])
    configs = [
        dataclasses.replace(config, lora=dataclasses.replace(config.lora, target_modules=targets))
        for config in make_configs((2, 4, 8), epochs=2)
    ]
    assert_ends_as_alone(load_encoder("tiny-clip"), pairs, configs)


def test_bf16_differs_by_its_rounding() -> None:
    configs = make_configs(precision="bf16")
    base = base_encoder()
    weights = [p.clone() for p in base.module.parameters()]
    _, expected = run_apart(base, make_pairs(), configs)
    _, found = run_together(base, make_pairs(), configs)
    for mine, theirs in zip(found, expected, strict=True):
        assert_alike(mine, theirs, 2**-5)  # eps of bf16 is 2 ** -8; it adds up over nine steps
    assert all(map(torch.equal, base.module.parameters(), weights))
    assert all(p.dtype == torch.float32 for p in base.module.parameters())


def test_events_come_step_by_step_and_the_encoders_are_up_to_date() -> None:
    configs = make_configs()
    base = base_encoder()
    encoders = [inject(base, config) for config in configs]
    alone = [inject(base, config) for config in configs]
    runs = [finetune(e, make_pairs(), c.train) for e, c in zip(alone, configs, strict=True)]
    x = torch.randn(5, 8)
    seen = []
    for k, event in train_together(encoders, make_pairs(), [c.train for c in configs]):
        expected = next(runs[k])
        assert_alike([event], [expected], 1e-4)
        # As a measurement between steps does.
        answer = encoders[k].module.eval()(x)
        torch.testing.assert_close(answer, alone[k].module(x), rtol=1e-3, atol=1e-4)
        seen.append((event.step, k))
    assert seen == [(step, k) for step in range(1, 10) for k in range(3)]


def test_merged_layers_are_never_those_of_an_earlier_step() -> None:
    configs = make_configs((2, 4))
    configs = [
        dataclasses.replace(c, lora=dataclasses.replace(c.lora, merge_weights=True))
        for c in configs
    ]
    assert_ends_as_alone(base_encoder(), make_pairs(), configs)
    encoders, _ = run_together(base_encoder(), make_pairs(), configs)
    layer = encoders[0].module[2]
    assert torch.equal(layer.merged_weight, layer.full_weight())


def test_caches_are_shared_with_other_runs() -> None:
    pairs = load_pairs("shapes-ko")
    pairs = dataclasses.replace(pairs, pairs=pairs.pairs[:8])
    base, caches = load_encoder("tiny-clip"), Caches()
    lora = LoRAConfig(r=2, target_modules=r"text_model\..*\.q_proj")
    configs = [dataclasses.replace(c, lora=lora) for c in make_configs((2, 2), epochs=1)]
    run_together(base, pairs, configs, caches=caches)
    assert set(caches.embedded("a", "fp32")) == set(pairs.a_keys)


def test_stops_when_asked_and_when_closed() -> None:
    configs = make_configs()
    _, runs = run_together(base_encoder(), make_pairs(), configs, should_stop=lambda: True)
    assert [len(run) for run in runs] == [1, 1, 1]
    base = base_encoder()
    encoders = [inject(base, config) for config in configs]
    events = train_together(encoders, make_pairs(), [c.train for c in configs])
    next(events)
    events.close()
    for encoder in encoders:
        assert not encoder.module.training
        assert encoder.module[0].lora_B.is_contiguous()


def test_each_is_saved_by_itself(tmp_path: Path) -> None:
    base, configs = base_encoder(), make_configs()
    encoders, _ = run_together(base, make_pairs(), configs)
    x = torch.randn(3, 8)
    for k, (encoder, config) in enumerate(zip(encoders, configs, strict=True)):
        save_adapter(tmp_path / str(k), encoder.module, config.lora, "toy")
        loaded = base_encoder()
        load_adapter(tmp_path / str(k), loaded.module)
        torch.testing.assert_close(loaded.module(x), encoder.module(x))
