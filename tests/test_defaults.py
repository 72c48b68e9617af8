"""Settings for a visitor who has chosen nothing yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.data import load_pairs
from lab.defaults import MAX_EPOCHS_FACTOR, suggest, suit_batch_size, suit_epochs
from lab.encoders import load_encoder
from lab.encoders.registry import find_row
from lab.lora import match_target_modules

COUNTS = [8, 20, 100, 500, 999, 1_000, 1_001, 1_500, 2_000, 2_001, 5_000, 100_000]


@pytest.mark.parametrize("epochs", [1, 5, 20])
def test_few_pairs_get_more_passes_and_many_get_fewer(epochs: int) -> None:
    suited = [suit_epochs(epochs, pairs) for pairs in COUNTS]
    assert suited == sorted(suited, reverse=True)
    assert all(1 <= count <= epochs * MAX_EPOCHS_FACTOR for count in suited)
    assert suit_epochs(epochs, 1_000) == suit_epochs(epochs, 2_000) == epochs
    steps = [count * pairs for count, pairs in zip(suited, COUNTS, strict=True)]
    assert steps == sorted(steps) or epochs == 1 or max(COUNTS) > 2_000 * epochs


@pytest.mark.parametrize("pairs", COUNTS)
def test_an_epoch_has_several_steps(pairs: int) -> None:
    size = suit_batch_size(64, pairs)
    assert 2 <= size <= 64
    assert pairs // size >= 4


@pytest.mark.parametrize("family", ["clip", "gpt2", "bert", "sentence"])
def test_suggestion_fits_the_model_and_the_pairs(
    family: str, checkpoints: dict[str, Path], pairs_of: dict[str, Path]
) -> None:
    model, pairs = str(checkpoints[family]), str(pairs_of[family])
    encoder, dataset = load_encoder(model), load_pairs(pairs)
    config = suggest(model, pairs, encoder, dataset)
    assert (config.model, config.pairs) == (model, pairs)
    assert match_target_modules(encoder.module, config.lora.target_modules)
    assert config.train.batch_size < len(dataset)


def test_catalogues_settings_are_taken(checkpoints: dict[str, Path], text_pairs: Path) -> None:
    encoder, dataset = load_encoder(checkpoints["bert"]), load_pairs(str(text_pairs))
    config = suggest("tiny-bert", "p", encoder, dataset)
    defaults = find_row("tiny-bert").defaults
    assert config.lora.target_modules == defaults.targets
    assert (config.lora.r, config.lora.lora_alpha) == (defaults.r, defaults.alpha)
    assert config.train.learning_rate == defaults.learning_rate
    assert config.train.temperature == defaults.temperature
