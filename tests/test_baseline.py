"""The control set of a run: which it is, that the run never saw it, and that the base knows it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lab.analysis.embeddings import compute_embeddings
from lab.analysis.recall import find_hits
from lab.baseline import Baseline, measure_baseline, measure_control
from lab.config import RunConfig
from lab.data import load_pairs
from lab.errors import DataError
from lab.experiment import adapt

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def config(config_of: dict[str, RunConfig]) -> RunConfig:
    return config_of["bert"]


@pytest.fixture(scope="module")
def baseline(one_thread: None, config: RunConfig) -> Baseline:
    return measure_baseline(config)


def choose(config: RunConfig, control: str) -> RunConfig:
    return dataclasses.replace(config, control=control)


def test_auto_is_the_bundled_set_of_the_pairs_kind(baseline: Baseline, config: RunConfig) -> None:
    control = measure_control(baseline, config)
    assert control.pairs.name == "captions-en"
    expected = find_hits(compute_embeddings(baseline.encoder, control.pairs))
    np.testing.assert_array_equal(control.before.sum, expected.sum)


def test_none_is_none(baseline: Baseline, config: RunConfig) -> None:
    assert measure_control(baseline, choose(config, "none")) is None


def test_pairs_that_the_run_has_seen_are_left_out(baseline: Baseline, config: RunConfig) -> None:
    seen, new = load_pairs(config.pairs), load_pairs("captions-en-ko").subset(range(10))
    mixed = dataclasses.replace(seen, pairs=(*seen.pairs[:5], *new.pairs))
    control = measure_control(baseline, choose(config, "mine"), pairs=mixed)
    assert control.pairs.pairs == new.pairs


def test_too_few_new_pairs_are_an_error_unless_nobody_asked_for_them(
    baseline: Baseline, config: RunConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match="share nothing"):
        measure_control(baseline, choose(config, config.pairs))
    monkeypatch.setattr(
        "lab.analysis.control_sets.load_control",
        lambda *_: (_ for _ in ()).throw(DataError("only 3 share nothing with the run's own")),
    )
    assert measure_control(baseline, config) is None
    with pytest.raises(DataError, match="only 3"):
        measure_control(baseline, choose(config, "captions-en"))


def test_another_kind_of_pairs_is_an_error(
    baseline: Baseline, config: RunConfig, config_of: dict[str, RunConfig]
) -> None:
    pictures = load_pairs(config_of["clip"].pairs)
    with pytest.raises(DataError, match="image-text pairs and the model takes text-text"):
        measure_control(baseline, choose(config, "pictures"), pairs=pictures)


def test_a_run_tells_what_became_of_its_control_set(baseline: Baseline, config: RunConfig) -> None:
    control = measure_control(baseline, config)
    outcome = adapt(baseline, config, control=control)
    after = find_hits(compute_embeddings(outcome.encoder, control.pairs))
    assert outcome.forgetting.before.mean.value == pytest.approx(control.before.sum.mean() / 2)
    assert outcome.forgetting.after.mean.value == pytest.approx(after.sum.mean() / 2)
    assert "on the English control set" in outcome.verdict()
    assert "control set" not in adapt(baseline, config).verdict()
