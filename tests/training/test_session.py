"""A run over fresh LoRA layers: how it starts, and how it says that it ended."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from toy_encoder import ToyEncoder, adapter_of, base_encoder, equal, make_pairs

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.errors import TrainingError
from lab.training.loop import TrainStep
from lab.training.session import Training, inject, train

CONFIG = RunConfig(
    "toy",
    "toys",
    LoRAConfig(r=4, target_modules=("0", "2")),
    TrainConfig(epochs=3, batch_size=8, learning_rate=0.01),
)


def run(encoder: ToyEncoder, stop_after: int | None = None, **changes: object) -> Training:
    seen: list[TrainStep] = []
    config = dataclasses.replace(CONFIG.train, **changes)
    return train(encoder, make_pairs(), config, seen.append, lambda: len(seen) == stop_after)


def test_injected_encoder_answers_as_the_base_and_shares_its_weights() -> None:
    base = base_encoder()
    encoder = inject(base, CONFIG)
    x = torch.randn(3, 8)
    assert torch.equal(encoder.module(x), base.module(x))
    assert encoder.module[0].base_layer.weight.data_ptr() == base.module[0].weight.data_ptr()
    assert not any(parameter.requires_grad for parameter in base.module.parameters())


def test_first_weights_depend_on_the_seed_alone() -> None:
    base = base_encoder()
    one = adapter_of(inject(base, CONFIG))
    torch.rand(7)
    assert equal(adapter_of(inject(base, CONFIG)), one)
    other = dataclasses.replace(CONFIG, train=dataclasses.replace(CONFIG.train, seed=1))
    assert not equal(adapter_of(inject(base, other)), one)


def test_run_says_how_it_ended() -> None:
    base = base_encoder()
    whole = run(inject(base, CONFIG))
    assert (len(whole.steps), whole.error, whole.was_stopped) == (9, None, False)
    cut = run(inject(base, CONFIG), stop_after=2)
    assert (len(cut.steps), cut.error, cut.was_stopped) == (2, None, True)
    # Asked to stop at the last step, nothing was left to stop.
    assert not run(inject(base, CONFIG), stop_after=9).was_stopped


def test_validation_pairs_are_not_trained_on() -> None:
    steps = run(inject(base_encoder(), CONFIG), validation_fraction=0.5).steps
    assert steps[-1].steps == 3 * 2  # 12 of 24 pairs, in batches of 8 and 4
    assert steps[-1].validation_loss is not None


def test_error_before_the_first_step_is_raised_and_later_ones_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = inject(base_encoder(), CONFIG)
    count = 0

    def embed(self: ToyEncoder, inputs: dict, side: str) -> torch.Tensor:
        nonlocal count
        count += 1
        return self.module(inputs["x"]) * (torch.nan if count > 2 * sound else 1)

    monkeypatch.setattr(ToyEncoder, "embed", embed)
    sound = 3
    failed = run(encoder)
    assert len(failed.steps) == 3
    assert "the loss became nan after step 3" in failed.error
    sound = count = 0
    with pytest.raises(TrainingError):
        run(encoder)
