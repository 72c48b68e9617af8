"""A whole run, for every family: the base is untouched, the adapter is PEFT's, the end is told."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import peft
import pytest
import torch
from torch import nn

from lab.analysis.embeddings import EmbeddingSet, compute_embeddings
from lab.archive import describe_run, save_outcome
from lab.config import RunConfig
from lab.data import load_pairs
from lab.defaults import suggest
from lab.encoders import load_encoder
from lab.errors import LabError, ModelError, TrainingError
from lab.experiment import Baseline, Outcome, Progress, adapt, measure_baseline, run_experiment
from lab.training.loop import TrainStep
from lab.training.session import inject

pytestmark = pytest.mark.usefixtures("one_thread")

FAMILIES = ("clip", "gpt2", "bert", "sentence")


def fingerprint(module: nn.Module) -> str:
    """SHA-256 of all that the module holds."""
    digest = hashlib.sha256()
    for name, tensor in module.state_dict().items():
        digest.update(name.encode() + tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def same(one: EmbeddingSet, other: EmbeddingSet) -> bool:
    return np.array_equal(one.a, other.a) and np.array_equal(one.b, other.b)


def difference(one: EmbeddingSet, other: EmbeddingSet) -> float:
    return float(max(np.abs(one.a - other.a).max(), np.abs(one.b - other.b).max()))


@pytest.fixture(scope="module")
def baselines(one_thread: None, config_of: dict[str, RunConfig]) -> dict[str, Baseline]:
    return {family: measure_baseline(config) for family, config in config_of.items()}


@pytest.fixture
def bert(config_of: dict[str, RunConfig]) -> RunConfig:
    return config_of["bert"]


def with_train(config: RunConfig, **changes: object) -> RunConfig:
    return dataclasses.replace(config, train=dataclasses.replace(config.train, **changes))


@pytest.mark.parametrize("family", FAMILIES)
def test_untrained_adapter_changes_nothing(
    family: str, baselines: dict[str, Baseline], config_of: dict[str, RunConfig]
) -> None:
    baseline = baselines[family]
    encoder = inject(baseline.encoder, config_of[family])
    assert same(compute_embeddings(encoder, baseline.test), baseline.before)


# PEFT still reads what transformers has renamed.
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
@pytest.mark.parametrize("family", FAMILIES)
def test_run_leaves_the_base_alone_and_its_adapter_is_pefts(
    family: str,
    baselines: dict[str, Baseline],
    config_of: dict[str, RunConfig],
    tmp_path: Path,
) -> None:
    config, baseline = config_of[family], baselines[family]
    before = fingerprint(baseline.encoder.module)
    outcome = adapt(baseline, config)
    assert fingerprint(baseline.encoder.module) == before
    assert same(compute_embeddings(baseline.encoder, baseline.test), baseline.before)
    assert not same(outcome.after, baseline.before)
    assert (outcome.status, outcome.error) == ("finished", None)
    saved = save_outcome(outcome, tmp_path / "run", maps=[])
    assert saved.largest_difference <= 1e-6
    afresh = load_encoder(config.model)
    theirs = peft.PeftModel.from_pretrained(afresh.module, tmp_path / "run" / "adapter")
    encoder = afresh.with_module(theirs.base_model.model)
    assert difference(compute_embeddings(encoder, baseline.test), outcome.after) <= 1e-5


def test_same_seed_gives_the_same_adapter_bit_for_bit(bert: RunConfig) -> None:
    def outcome(draws: int, seed: int) -> Outcome:
        config = dataclasses.replace(
            with_train(bert, seed=seed), lora=dataclasses.replace(bert.lora, lora_dropout=0.2)
        )
        return run_experiment(config, report=lambda event: torch.rand(draws))

    one, other = outcome(0, 0), outcome(5, 0)
    assert fingerprint(one.encoder.module) == fingerprint(other.encoder.module)
    assert same(one.after, other.after)
    assert one.comparison.as_json() == other.comparison.as_json()
    assert fingerprint(outcome(0, 1).encoder.module) != fingerprint(one.encoder.module)


def test_runs_over_one_base_do_not_disturb_each_other(
    bert: RunConfig, baselines: dict[str, Baseline]
) -> None:
    baseline = baselines["bert"]
    first = adapt(baseline, bert)
    alone = fingerprint(first.encoder.module)
    wider = dataclasses.replace(bert, lora=dataclasses.replace(bert.lora, bias="all", r=2))
    second = adapt(baseline, wider)
    assert fingerprint(first.encoder.module) == alone
    assert not same(second.after, first.after)
    assert same(compute_embeddings(first.encoder, baseline.test), first.after)
    assert same(compute_embeddings(baseline.encoder, baseline.test), baseline.before)
    assert fingerprint(adapt(baseline, bert).encoder.module) == alone


def test_bf16_finds_as_many_as_fp32_and_is_recorded() -> None:
    pairs = load_pairs("captions-en-ko").subset(range(480))
    encoder = load_encoder("tiny-bert")
    config = suggest("tiny-bert", "captions-en-ko", encoder, pairs)
    config = with_train(config, epochs=3, batch_size=32)
    baseline = measure_baseline(config, encoder=encoder, dataset=pairs)
    fp32, bf16 = (
        adapt(baseline, with_train(config, precision=precision)) for precision in ("fp32", "bf16")
    )
    assert (fp32.precision, bf16.precision) == ("fp32", "bf16")
    assert describe_run(bf16, 0.0)["precision"] == "bf16"
    assert [step.loss for step in fp32.steps] != [step.loss for step in bf16.steps]
    assert {parameter.dtype for parameter in bf16.encoder.module.parameters()} == {torch.float32}
    for direction in ("a_to_b", "b_to_a"):
        expected = getattr(fp32.comparison.after, direction)["recall@10"]
        found = getattr(bf16.comparison.after, direction)["recall@10"]
        assert expected.low > 0.1  # something was learned
        assert expected.low <= found.value <= expected.high


def test_test_pairs_are_never_trained_on(baselines: dict[str, Baseline]) -> None:
    for baseline in baselines.values():
        train, test = baseline.train, baseline.test
        assert len(train) + len(test) == len(baseline.dataset)
        assert not {*train.a_keys, *train.b_keys} & {*test.a_keys, *test.b_keys}


def test_report_tells_every_stage_in_order(bert: RunConfig) -> None:
    told: list[Progress | TrainStep] = []
    outcome = run_experiment(bert, report=told.append)
    stages = [event.stage if isinstance(event, Progress) else "training" for event in told]
    order = ["pairs", "model", "baseline", "control", "training", "embedding", "comparing"]
    assert list(dict.fromkeys(stages)) == order
    assert [stages.index(stage) for stage in order] == sorted(map(stages.index, order))
    assert tuple(event for event in told if isinstance(event, TrainStep)) == outcome.steps
    shares = [e.fraction for e in told if isinstance(e, Progress) and e.fraction is not None]
    assert all(0 <= share <= 1 for share in shares)
    assert set(outcome.seconds) == {*order, "pair"}


def test_a_pair_is_timed_warm_and_in_silence(bert: RunConfig) -> None:
    told: list[Progress] = []
    baseline = measure_baseline(bert, report=told.append)
    assert 0 < baseline.seconds["pair"] <= baseline.seconds["baseline"]
    shares = [event.fraction for event in told if event.stage == "baseline"]
    assert shares.count(1.0) == 1


def test_stop_keeps_what_was_learned(bert: RunConfig, baselines: dict[str, Baseline]) -> None:
    seen: list[TrainStep] = []

    def report(event: Progress | TrainStep) -> None:
        if isinstance(event, TrainStep):
            seen.append(event)

    outcome = adapt(baselines["bert"], bert, report, lambda: len(seen) == 2)
    assert (outcome.status, len(outcome.steps)) == ("stopped", 2)
    assert not same(outcome.after, baselines["bert"].before)


def test_stop_asked_after_training_does_not_rewrite_its_end(
    bert: RunConfig, baselines: dict[str, Baseline]
) -> None:
    stages: list[str] = []

    def report(event: Progress | TrainStep) -> None:
        stages.append(event.stage if isinstance(event, Progress) else "training")

    limited = with_train(bert, max_seconds=1e-9)
    outcome = adapt(baselines["bert"], limited, report, lambda: "embedding" in stages)
    assert (outcome.status, len(outcome.steps)) == ("finished", 1)


def spoil_after(steps: int, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """From step `steps` + 1 on, what lab.training.update computes as `name` is not a number."""
    import lab.training.update as trainer

    compute: Callable = getattr(trainer, name)
    count = 0

    def spoiled(*arguments: object) -> torch.Tensor:
        nonlocal count
        count += 1
        return compute(*arguments) * (torch.nan if count > steps else 1)

    monkeypatch.setattr(trainer, name, spoiled)


def test_failed_run_keeps_its_last_good_adapter(
    bert: RunConfig, baselines: dict[str, Baseline], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spoil_after(2, monkeypatch, "info_nce")
    outcome = adapt(baselines["bert"], bert)
    assert (outcome.status, len(outcome.steps)) == ("failed", 2)
    assert "the loss became nan" in outcome.error
    assert save_outcome(outcome, tmp_path / "run", maps=[]).largest_difference <= 1e-6
    spoil_after(0, monkeypatch, "info_nce")
    with pytest.raises(TrainingError):
        adapt(baselines["bert"], bert)


def test_embeddings_that_are_not_finite_are_an_error(
    bert: RunConfig, baselines: dict[str, Baseline], monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline = baselines["bert"]

    def spoiled(*arguments: object, **options: object) -> EmbeddingSet:
        return dataclasses.replace(baseline.before, a=baseline.before.a * np.nan)

    monkeypatch.setattr("lab.analysis.embeddings.compute_embeddings", spoiled)
    with pytest.raises(TrainingError, match="not finite"):
        adapt(baseline, bert)
    with pytest.raises(ModelError, match="not finite"):
        measure_baseline(bert)


def test_model_and_pairs_of_different_kinds_are_refused(
    bert: RunConfig, config_of: dict[str, RunConfig]
) -> None:
    crossed = dataclasses.replace(bert, pairs=config_of["clip"].pairs)
    with pytest.raises(LabError, match=r"takes text-text pairs.*holds image-text"):
        measure_baseline(crossed)
