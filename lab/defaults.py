"""Settings that suit a model and its pairs, for a visitor who has chosen nothing yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.config import LoRAConfig, RunConfig, TrainConfig

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder

FEWEST_PAIRS, MOST_PAIRS = 1_000, 2_000  # what the catalogue's epochs are meant for
MAX_EPOCHS_FACTOR = 3


def suggest(model: str, pairs: str, encoder: Encoder, dataset: PairDataset) -> RunConfig:
    """The run that a first click on *Fine-tune* starts.

    The catalogue's settings of the model (or of its family, for a folder), with the epochs
    scaled so that few pairs get more passes and many get fewer, and a batch that leaves each
    epoch a handful of steps.
    """
    from lab.encoders.registry import find_defaults

    defaults = find_defaults(model, encoder)
    return RunConfig(
        model=model,
        pairs=pairs,
        lora=LoRAConfig(r=defaults.r, lora_alpha=defaults.alpha, target_modules=defaults.targets),
        train=TrainConfig(
            epochs=suit_epochs(defaults.epochs, len(dataset)),
            batch_size=suit_batch_size(defaults.batch_size, len(dataset)),
            learning_rate=defaults.learning_rate,
            temperature=defaults.temperature,
        ),
    )


def suit_epochs(epochs: int, pairs: int) -> int:
    """The catalogue's epochs for 1,000 to 2,000 pairs; outside, about as many pairs are seen."""
    meant = min(max(pairs, FEWEST_PAIRS), MOST_PAIRS)
    scaled = round(epochs * meant / max(1, pairs))
    return max(1, min(scaled, epochs * MAX_EPOCHS_FACTOR))


def suit_batch_size(batch_size: int, pairs: int) -> int:
    """At most a quarter of the pairs, so that an epoch has several steps; at least 2."""
    return max(2, min(batch_size, pairs // 4))
