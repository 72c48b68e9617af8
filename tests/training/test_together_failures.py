"""One adapter that cannot go on, among others that can."""

from __future__ import annotations

import pytest
import torch
from joint_runs import assert_alike, make_configs, run_apart, run_together
from toy_encoder import ToyEncoder, adapter_of, base_encoder, equal, make_pairs

from lab.errors import TrainingError
from lab.training.loop import TrainStep
from lab.training.session import inject
from lab.training.together import train_together


def spoil_after(encoder: ToyEncoder, step: int, event: TrainStep) -> None:
    if event.step == step:
        encoder.module[2].lora_B.data.fill_(torch.nan)


def test_one_that_cannot_go_on_ends_alone() -> None:
    configs = make_configs()
    base, pairs = base_encoder(), make_pairs()
    _, expected = run_apart(base, pairs, configs)
    encoders = [inject(base, config) for config in configs]
    runs: list[list] = [[], [], []]
    adapters = []
    for k, event in train_together(encoders, pairs, [c.train for c in configs]):
        runs[k].append(event)
        if k == 1 and isinstance(event, TrainStep):
            adapters.append(adapter_of(encoders[1]))
            spoil_after(encoders[1], 4, event)
    *steps, error = runs[1]
    assert_alike(steps, expected[1][:4], 1e-4)
    assert isinstance(error, TrainingError)
    assert "the loss became nan after step 4 of 9" in str(error)
    # As alone: step 4's loss was that of step 3's adapter.
    assert equal(adapter_of(encoders[1]), adapters[2])
    for k in (0, 2):
        assert_alike(runs[k], expected[k], 1e-4)


def test_a_gradient_that_is_not_finite_is_not_taken_and_the_last_update_is_looked_at() -> None:
    configs = make_configs()
    base, pairs = base_encoder(), make_pairs()
    encoders = [inject(base, config) for config in configs]
    before = adapter_of(encoders[0])
    encoders[0].module[2].lora_B.register_hook(lambda gradient: gradient * torch.inf)
    runs: list[list] = [[], [], []]
    adapters = []
    for k, event in train_together(encoders, pairs, [c.train for c in configs]):
        runs[k].append(event)
        if k == 2 and isinstance(event, TrainStep):
            adapters.append(adapter_of(encoders[2]))
            spoil_after(encoders[2], 9, event)
    (only,) = runs[0]
    assert "the gradient became" in str(only)
    assert equal(adapter_of(encoders[0]), before)
    assert [type(event) for event in runs[1]] == [TrainStep] * 9
    assert "after step 9 of 9" in str(runs[2][-1])
    assert equal(adapter_of(encoders[2]), adapters[7])


def test_when_none_is_left_it_ends() -> None:
    configs = make_configs((2, 2))
    base = base_encoder()
    encoders = [inject(base, config) for config in configs]
    for encoder in encoders:
        encoder.module[2].lora_B.data.fill_(torch.nan)
    events = list(train_together(encoders, make_pairs(), [c.train for c in configs]))
    assert [(k, type(event)) for k, event in events] == [(0, TrainingError), (1, TrainingError)]


def test_full_memory_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def embed(self: object, inputs: object, side: str) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate")

    monkeypatch.setattr(ToyEncoder, "embed", embed)
    with pytest.raises(TrainingError, match="8 pairs for each of 3 adapters; train fewer"):
        run_together(base_encoder(), make_pairs(), make_configs())
