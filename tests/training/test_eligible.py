"""Which adapters can train in one pass, and what is said of the others."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from joint_runs import make_configs
from torch import nn
from toy_encoder import ToyEncoder, base_encoder, make_pairs

from lab.config import LoRAConfig
from lab.encoders import load_encoder
from lab.errors import TrainingError
from lab.training.eligible import why_apart
from lab.training.session import inject
from lab.training.together import train_together


def test_who_must_train_apart() -> None:
    base, configs = base_encoder(), make_configs((2, 4))

    def reason(lora: dict | None = None, other: ToyEncoder = base, **train: object) -> str | None:
        one, two = configs
        two = dataclasses.replace(
            two,
            lora=dataclasses.replace(two.lora, **(lora or {})),
            train=dataclasses.replace(two.train, **train),
        )
        return why_apart([inject(base, one), inject(other, two)], [one.train, two.train])

    assert reason() is None
    assert reason(learning_rate=0.5) is None
    assert reason(batch_size=4) == "their batch_size differs"
    assert reason(seed=4) == "their seed differs"
    assert "same layers" in reason({"target_modules": ("0",)})
    assert "plain LoRA" in reason({"use_dora": True})
    assert "more of the model" in reason({"bias": "all"})
    assert "frozen base" in reason(other=base_encoder())
    assert "dropout" in reason({"lora_dropout": 0.1})
    assert "dropout" in reason({"lora_dropout": 0.1, "lora_dropout_on": "factors"})
    assert "max_seconds" in why_apart(
        [inject(base, configs[0])], [dataclasses.replace(configs[0].train, max_seconds=1.0)]
    )


def test_networks_that_draw_or_mix_rows_train_apart(checkpoints: dict[str, Path]) -> None:
    base = load_encoder(checkpoints["bert"])
    config = dataclasses.replace(
        make_configs((2,))[0], lora=LoRAConfig(r=2, target_modules=("query",))
    )
    assert "dropout" in why_apart([inject(base, config)], [config.train])
    module = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.Linear(8, 8))
    mixing = ToyEncoder(module.requires_grad_(False))
    config = make_configs((2,))[0]
    assert "batch norm" in why_apart([inject(mixing, config)], [config.train])
    with pytest.raises(TrainingError, match=r"together: .*batch norm.*; train them apart"):
        next(train_together([inject(mixing, config)], make_pairs(), [config.train]))
