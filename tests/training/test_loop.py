"""The training loop: how it runs, stops, fails, and what it leaves behind."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from toy_encoder import ToyEncoder, adapted_encoder, adapter_of, equal, make_pairs

from lab.config import TrainConfig
from lab.training.loop import TrainStep, finetune
from lab.training.trainer import Trainer, plan_batches
from lab.training.update import MIN_TEMPERATURE

CONFIG = TrainConfig(epochs=3, batch_size=8, learning_rate=0.01)


def changed(**changes: object) -> TrainConfig:
    return dataclasses.replace(CONFIG, **changes)


def test_records_count_the_run() -> None:
    steps = list(finetune(adapted_encoder(), make_pairs(24), CONFIG))
    assert [step.step for step in steps] == list(range(1, 10))
    assert [step.epoch for step in steps] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert {step.steps for step in steps} == {9}
    assert steps[-1].seconds_left == 0
    seconds = [step.seconds for step in steps]
    assert seconds == sorted(seconds)
    assert all(0 < step.learning_rate <= CONFIG.learning_rate for step in steps)
    assert all(step.grad_norm > 0 and step.validation_loss is None for step in steps)


def test_loss_falls() -> None:
    steps = list(finetune(adapted_encoder(), make_pairs(24), changed(epochs=30)))
    assert sum(step.loss for step in steps[-3:]) < 0.5 * sum(step.loss for step in steps[:3])


def test_only_the_adapter_moves() -> None:
    encoder = adapted_encoder(bias="none")
    before = {name: tensor.clone() for name, tensor in encoder.module.state_dict().items()}
    list(finetune(encoder, make_pairs(), CONFIG))
    moved = {n for n, t in encoder.module.state_dict().items() if not torch.equal(t, before[n])}
    assert moved == set(adapter_of(encoder))


@pytest.mark.parametrize("by_length", [False, True])
@pytest.mark.parametrize("repeats", [1, 3])
def test_no_batch_of_a_whole_run_holds_anything_twice(repeats: int, by_length: bool) -> None:
    pairs = make_pairs(24, repeats)
    plan = plan_batches(pairs, batch_size=5, epochs=20, seed=0, group_by_length=by_length)
    for batches in plan:
        for batch in batches:
            keys = [key for i in batch for key in (pairs.a_keys[i], pairs.b_keys[i])]
            assert len(set(keys)) == len(keys)
            assert len(batch) > 1
    assert plan[0] != plan[1]


def stopped_by_consumer(pairs: int) -> tuple[Iterator[TrainStep], ToyEncoder]:
    encoder = adapted_encoder()
    run = finetune(encoder, make_pairs(pairs), CONFIG)
    for _ in range(2):
        next(run)
    return run, encoder


def test_closed_generator_keeps_what_was_learned_and_leaves_eval_mode() -> None:
    run, encoder = stopped_by_consumer(24)
    learned = adapter_of(encoder)
    assert encoder.module.training
    run.close()
    assert not encoder.module.training
    assert equal(adapter_of(encoder), learned)
    assert not equal(learned, adapter_of(adapted_encoder()))


def test_stop_ends_within_one_step_and_keeps_the_same_as_closing() -> None:
    encoder = adapted_encoder()
    seen: list[TrainStep] = []
    for step in finetune(encoder, make_pairs(24), CONFIG, should_stop=lambda: len(seen) >= 2):
        seen.append(step)
    assert len(seen) == 2
    assert not encoder.module.training
    run, closed = stopped_by_consumer(24)
    run.close()
    assert equal(adapter_of(encoder), adapter_of(closed))


def test_time_limit_ends_the_run_after_the_step_that_passes_it() -> None:
    assert len(list(finetune(adapted_encoder(), make_pairs(), changed(max_seconds=1e-9)))) == 1
    assert len(list(finetune(adapted_encoder(), make_pairs(), changed(max_seconds=1e9)))) == 9


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_same_seed_gives_the_same_adapter_whoever_draws_in_between(dropout: float) -> None:
    adapters = []
    for draws in (0, 3):
        encoder = adapted_encoder(dropout)
        for _ in finetune(encoder, make_pairs(), CONFIG):
            torch.rand(draws)
        torch.manual_seed(draws)
        adapters.append(adapter_of(encoder))
    assert equal(*adapters)


def test_other_seed_gives_another_adapter() -> None:
    adapters = []
    for seed in (0, 1):
        encoder = adapted_encoder()
        list(finetune(encoder, make_pairs(), changed(seed=seed)))
        adapters.append(adapter_of(encoder))
    assert not equal(*adapters)


def test_run_leaves_the_callers_random_numbers_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    list(finetune(adapted_encoder(0.3), make_pairs(), CONFIG))
    assert torch.equal(torch.rand(3), expected)


def test_interleaved_runs_do_not_disturb_each_other() -> None:
    alone, first, second = (adapted_encoder(0.3) for _ in range(3))
    list(finetune(alone, make_pairs(), CONFIG))
    runs = [finetune(first, make_pairs(), CONFIG), finetune(second, make_pairs(), CONFIG)]
    for _ in zip(*runs, strict=True):
        torch.rand(1)
    assert equal(adapter_of(first), adapter_of(alone))
    assert equal(adapter_of(second), adapter_of(alone))


def test_validation_is_deterministic_and_ends_every_epoch() -> None:
    encoder = adapted_encoder(0.3)
    steps = list(finetune(encoder, make_pairs(), CONFIG, validation=make_pairs(6)))
    assert [step.step for step in steps if step.validation_loss is not None] == [3, 6, 9]
    unwatched = adapted_encoder(0.3)
    list(finetune(unwatched, make_pairs(), CONFIG))
    assert equal(adapter_of(encoder), adapter_of(unwatched))


def worsening(monkeypatch: pytest.MonkeyPatch, losses: list[float]) -> None:
    given = iter(losses)
    monkeypatch.setattr("lab.training.trainer.Trainer.validation_loss", lambda _: next(given))


@pytest.mark.parametrize("merge_weights", [False, True])
def test_early_stop_puts_the_best_epoch_back(
    monkeypatch: pytest.MonkeyPatch, merge_weights: bool
) -> None:
    worsening(monkeypatch, [2.0, 1.0, 1.5, 1.6, 0.0])
    encoder = adapted_encoder(merge_weights=merge_weights)
    config = changed(epochs=5, validation_fraction=0.1, patience=2)
    after_epoch = {}
    for step in finetune(encoder, make_pairs(), config, validation=make_pairs(6)):
        if step.validation_loss is not None:
            after_epoch[step.epoch] = adapter_of(encoder)
    assert list(after_epoch) == [1, 2, 3, 4]
    assert equal(adapter_of(encoder), after_epoch[2])
    if merge_weights:  # what eval mode computes with is the best epoch's too
        layer = encoder.module[0]
        assert torch.equal(layer.weight, layer.base_layer.weight + layer.delta_weight())


def test_run_with_patience_keeps_the_best_epoch_also_when_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worsening(monkeypatch, [1.0, 2.0])
    encoder = adapted_encoder()
    config = changed(validation_fraction=0.1, patience=3)
    run = finetune(encoder, make_pairs(), config, validation=make_pairs(6))
    best = {}
    for step in run:
        if step.step == 3:
            best = adapter_of(encoder)
        if step.step == 7:
            break
    run.close()
    assert equal(adapter_of(encoder), best)


def test_gradient_is_clipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adam forgives any scale; the norm that reaches it does not lie."""
    norms = []
    encoder = adapted_encoder()
    parameters = [p for p in encoder.module.parameters() if p.requires_grad]
    step = torch.optim.AdamW.step

    def watch(self: torch.optim.AdamW) -> None:
        norms.append(torch.cat([p.grad.flatten() for p in parameters]).norm().item())
        step(self)

    monkeypatch.setattr(torch.optim.AdamW, "step", watch)
    config = changed(max_grad_norm=0.01)
    told = [step.grad_norm for step in finetune(encoder, make_pairs(), config)]
    assert all(norm == pytest.approx(0.01, rel=1e-3) for norm in norms)
    assert all(norm > 0.01 for norm in told)


def test_step_waits_for_the_device_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever makes Python wait for a tensor's value, where our own files ask for it."""
    waits: list[str] = []

    def watched(name: str) -> Callable:
        ask = getattr(torch.Tensor, name)

        def asking(self: torch.Tensor, *arguments: object) -> object:
            if Path(sys._getframe(1).f_code.co_filename).parent.name == "training":
                waits.append(name)
            return ask(self, *arguments)

        return asking

    trainer = Trainer(adapted_encoder(0.3), make_pairs(), changed(learn_temperature=True))
    for name in ("item", "tolist", "cpu", "numpy", "__bool__", "__float__", "__int__"):
        monkeypatch.setattr(torch.Tensor, name, watched(name))
    for batch in trainer.plan[0]:
        trainer.step(batch)
    assert waits == ["tolist"] * len(trainer.plan[0])


def test_temperature_is_fixed_unless_it_is_learned() -> None:
    fixed = [step.temperature for step in finetune(adapted_encoder(), make_pairs(), CONFIG)]
    assert fixed == pytest.approx([CONFIG.temperature] * 9)
    config = changed(learn_temperature=True)
    learned = [step.temperature for step in finetune(adapted_encoder(), make_pairs(), config)]
    assert len(set(learned)) == 9


def test_learned_temperature_has_a_floor_and_comes_back_from_it() -> None:
    pairs = make_pairs(24)
    config = changed(learn_temperature=True, temperature=0.0101, learning_rate=0.5, epochs=20)
    seen = [step.temperature for step in finetune(adapted_encoder(), pairs, config)]
    assert min(seen) >= MIN_TEMPERATURE * (1 - 1e-6)
    at_floor = next((i for i, t in enumerate(seen) if t < MIN_TEMPERATURE * 1.0001), None)
    assert at_floor is None or max(seen[at_floor:]) > MIN_TEMPERATURE * 1.01
