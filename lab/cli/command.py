"""A run's settings as the command that repeats it."""

from __future__ import annotations

import shlex

from lab.config import RunConfig, TrainConfig

# Settings that are not always given: option -> field of TrainConfig.
_RARE = {
    "--validation-fraction": "validation_fraction",
    "--patience": "patience",
    "--device": "device",
    "--precision": "precision",
}


def as_command(config: RunConfig, out: str = "my-run") -> str:
    """`python -m lab finetune ...` with every setting that matters, quoted for a shell."""
    lora, train = config.lora, config.train
    targets = lora.target_modules
    options: list[tuple[str, object]] = [
        ("--model", config.model),
        ("--pairs", config.pairs),
        ("--a-column", config.a_column),
        ("--b-column", config.b_column),
        ("--pooling", config.pooling),
        ("--targets", targets if isinstance(targets, str) else ",".join(targets)),
        ("--r", lora.r),
        ("--alpha", f"{lora.lora_alpha:g}"),
        ("--dropout", f"{lora.lora_dropout:g}" if lora.lora_dropout else None),
        ("--bias", lora.bias if lora.bias != "none" else None),
        ("--epochs", train.epochs),
        ("--batch-size", train.batch_size),
        ("--lr", f"{train.learning_rate:g}"),
        ("--temperature", f"{train.temperature:g}"),
        *((option, _unless_default(train, field)) for option, field in _RARE.items()),
        ("--seed", train.seed),
        ("--out", out),
    ]
    words = [f"{name} {shlex.quote(str(value))}" for name, value in options if value is not None]
    if train.learn_temperature:
        words.append("--learn-temperature")
    return "python -m lab finetune \\\n  " + " \\\n  ".join(words)


def _unless_default(train: TrainConfig, field: str) -> object:
    value = getattr(train, field)
    return None if value == getattr(TrainConfig(), field) else value
