"""A run's settings as the command that repeats it."""

from __future__ import annotations

import shlex

from lab.config import RunConfig, TrainConfig

# Settings that are not always given: option -> field of TrainConfig.
_RARE = {
    "--micro-batch-size": "micro_batch_size",
    "--validation-fraction": "validation_fraction",
    "--patience": "patience",
    "--max-seconds": "max_seconds",
    "--device": "device",
    "--precision": "precision",
}
_SWITCHES = {"--group-by-length": "group_by_length", "--learn-temperature": "learn_temperature"}


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
        ("--alpha", _number(lora.lora_alpha)),
        ("--dropout", _number(lora.lora_dropout) if lora.lora_dropout else None),
        ("--bias", lora.bias if lora.bias != "none" else None),
        ("--epochs", train.epochs),
        ("--batch-size", train.batch_size),
        ("--lr", _number(train.learning_rate)),
        ("--temperature", _number(train.temperature)),
        *(
            (option, _unless(getattr(train, field), getattr(TrainConfig, field)))
            for option, field in _RARE.items()
        ),
        ("--test-fraction", _unless(config.test_fraction, RunConfig.test_fraction)),
        ("--seed", train.seed),
        ("--out", out),
    ]
    words = [f"{name} {shlex.quote(str(value))}" for name, value in options if value is not None]
    words += [option for option, field in _SWITCHES.items() if getattr(train, field)]
    return "python -m lab finetune \\\n  " + " \\\n  ".join(words)


def _unless(value: object, default: object) -> object:
    return None if value == default else value


def _number(value: float) -> str:
    """The shortest text that is read back as the same number."""
    return repr(value).removesuffix(".0")
